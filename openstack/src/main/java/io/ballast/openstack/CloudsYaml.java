package io.ballast.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.openstack.CloudCredentials.Domain;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads {@code clouds.yaml} and lays {@code secure.yaml} over it, as openstacksdk does: the file that OS_CLIENT_CONFIG_FILE
 * names, else the first of the working directory, {@code ~/.config/openstack} and {@code /etc/openstack} that has one; the
 * cloud that OS_CLOUD names, else the only one. Anchors, aliases and merge keys mean what they mean there. Errors: {@link IllegalArgumentException} naming file, cloud and key.
 * Source: openstacksdk, configuration.
 */
public final class CloudsYaml {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> PASSWORD = Set.of("password", "v3password");

    private final Path file;
    private final String cloud;
    private final JsonNode entry;

    private CloudsYaml(Path file, String cloud, JsonNode entry) {
        this.file = file;
        this.cloud = cloud;
        this.entry = entry;
    }

    /**
     * The cloud that this environment speaks of.
     *
     * @param environment environment variables
     * @param workingDirectory where the search begins
     * @return empty when there is no file at all
     */
    public static Optional<CloudSettings> find(Map<String, String> environment, Path workingDirectory) {
        var directories = Stream.of(
                        workingDirectory,
                        Path.of(environment.getOrDefault("HOME", "/"), ".config", "openstack"),
                        Path.of("/etc/openstack"))
                .toList();
        var named = environment.get("OS_CLIENT_CONFIG_FILE");
        var clouds = named == null ? first(directories, "clouds") : Optional.of(Path.of(named));
        if (clouds.isEmpty()) {
            return Optional.empty();
        }
        var secureNamed = environment.get("OS_CLIENT_SECURE_FILE");
        var beside = new ArrayList<Path>();
        beside.add(Path.of(clouds.get().toAbsolutePath().toString()).resolveSibling("."));
        beside.addAll(directories);
        var secure = secureNamed == null ? first(beside, "secure") : Optional.of(Path.of(secureNamed));
        return Optional.of(read(clouds.get(), secure.orElse(null), environment.get("OS_CLOUD")));
    }

    /**
     * One cloud of one file.
     *
     * @param secure file with the secrets; null for none
     * @param cloud its name; null when the file has only one
     */
    public static CloudSettings read(Path clouds, @Nullable Path secure, @Nullable String cloud) {
        var all = parse(clouds).path("clouds");
        var names = new ArrayList<String>();
        all.fieldNames().forEachRemaining(names::add);
        if (cloud == null && names.size() != 1) {
            throw new IllegalArgumentException(
                    "%s has %d clouds %s: OS_CLOUD must name one".formatted(clouds, names.size(), names));
        }
        var name = cloud == null ? names.getFirst() : cloud;
        if (!(all.path(name) instanceof ObjectNode entry)) {
            throw new IllegalArgumentException("%s has no cloud '%s', only %s".formatted(clouds, name, names));
        }
        if (secure != null && parse(secure).path("clouds").path(name) instanceof ObjectNode secrets) {
            overlay(entry, secrets);
        }
        return new CloudsYaml(clouds, name, entry).settings();
    }

    private CloudSettings settings() {
        return new CloudSettings(
                cloud,
                authUrl(),
                credentials(),
                optional(entry, "region_name"),
                face(),
                entry.path("verify").asBoolean(true),
                cacert(),
                CloudSettings.DEFAULT_CONNECT_TIMEOUT,
                CloudSettings.DEFAULT_READ_TIMEOUT,
                CloudSettings.DEFAULT_QUERY_TIMEOUT);
    }

    private @Nullable Path cacert() {
        var cacert = optional(entry, "cacert");
        return cacert == null ? null : Path.of(cacert);
    }

    private CloudSettings.Face face() {
        var text = optional(entry, "interface");
        if (text == null) {
            return CloudSettings.Face.PUBLIC;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "public", "publicurl" -> CloudSettings.Face.PUBLIC;
            case "internal", "internalurl" -> CloudSettings.Face.INTERNAL;
            case "admin", "adminurl" -> CloudSettings.Face.ADMIN;
            default -> throw wrong("interface", "'%s' is not public, internal or admin".formatted(text));
        };
    }

    private URI authUrl() {
        var text = required("auth_url").replaceAll("/+$", "");
        if (text.endsWith("/v2.0")) {
            throw wrong("auth.auth_url", "'%s' is Keystone v2.0; v3 is needed".formatted(text));
        }
        if (!text.startsWith("http://") && !text.startsWith("https://")) {
            throw wrong("auth.auth_url", "'%s' is neither http:// nor https://".formatted(text));
        }
        try {
            return URI.create(text.endsWith("/v3") ? text : text + "/v3");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    wrong("auth.auth_url", "'%s' is no URL".formatted(text)).getMessage(), e);
        }
    }

    private CloudCredentials credentials() {
        var type = optional(entry, "auth_type");
        if (type == null || PASSWORD.contains(type)) {
            return password();
        }
        if (type.equals("v3applicationcredential")) {
            return applicationCredential();
        }
        throw wrong("auth_type", "'%s' is not supported, only password and v3applicationcredential".formatted(type));
    }

    private CloudCredentials password() {
        var user = auth("user_id");
        var project = firstOf("project_id", "tenant_id");
        var projectName = firstOf("project_name", "tenant_name");
        if (project == null && projectName == null) {
            throw wrong("auth.project_name", "is missing (or auth.project_id)");
        }
        return new CloudCredentials.Password(
                user == null ? required("username") : user,
                new Secret(required("password")),
                user == null ? domain("user_domain") : null,
                project == null && projectName != null ? projectName : String.valueOf(project),
                project == null ? domain("project_domain") : null);
    }

    private CloudCredentials applicationCredential() {
        var secret = new Secret(required("application_credential_secret"));
        var id = auth("application_credential_id");
        if (id != null) {
            return new CloudCredentials.ApplicationCredential(id, null, null, null, secret);
        }
        var user = auth("user_id");
        return new CloudCredentials.ApplicationCredential(
                null,
                required("application_credential_name"),
                user == null ? required("username") : user,
                user == null ? domain("user_domain") : null,
                secret);
    }

    private Domain domain(String prefix) {
        var id = firstOf(prefix + "_id", "domain_id");
        if (id != null) {
            return new Domain(id, true);
        }
        var name = firstOf(prefix + "_name", "domain_name");
        return name == null ? new Domain("default", true) : new Domain(name, false);
    }

    /** A value of the auth block; some writers put its keys one level up, where openstacksdk reads them too. */
    private @Nullable String auth(String name) {
        var inside = optional(entry.path("auth"), name);
        return inside == null ? optional(entry, name) : inside;
    }

    private @Nullable String firstOf(String one, String other) {
        var value = auth(one);
        return value == null ? auth(other) : value;
    }

    private String required(String name) {
        var value = auth(name);
        if (value == null || value.isEmpty()) {
            throw wrong("auth." + name, "is missing");
        }
        return value;
    }

    private IllegalArgumentException wrong(String key, String what) {
        return new IllegalArgumentException("%s, cloud '%s': %s %s".formatted(file, cloud, key, what));
    }

    private static @Nullable String optional(JsonNode node, String name) {
        var value = node.path(name);
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    private static void overlay(ObjectNode base, ObjectNode over) {
        over.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode deeper
                    && base.path(field.getKey()) instanceof ObjectNode inner) {
                overlay(inner, deeper);
            } else {
                base.set(field.getKey(), field.getValue());
            }
        });
    }

    private static Optional<Path> first(List<Path> directories, String name) {
        return directories.stream()
                .flatMap(directory -> Stream.of(directory.resolve(name + ".yaml"), directory.resolve(name + ".yml")))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** By SnakeYAML itself: Jackson reads neither aliases nor merge keys into a tree. */
    private static JsonNode parse(Path file) {
        try (var reader = Files.newBufferedReader(file)) {
            var loaded = new Yaml(new SafeConstructor(new LoaderOptions())).<@Nullable Object>load(reader);
            return loaded == null ? MAPPER.createObjectNode() : MAPPER.valueToTree(loaded);
        } catch (IOException | YAMLException e) {
            throw new IllegalArgumentException("%s cannot be read: %s".formatted(file, firstLine(e)), e);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
