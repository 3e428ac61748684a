package io.ballast.testbed.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ballast.openstack.CloudCredentials;
import io.ballast.openstack.CloudCredentials.Domain;
import io.ballast.openstack.CloudSettings;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One user's token, and HTTP without anything between the test and the wire. Only for certificates that the system trusts. */
final class Session {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private static final Duration MARGIN = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final String token;
    private final String projectId;
    private final Instant renewAt;
    private final Map<OpenStackService, String> endpoints;

    private Session(String token, String projectId, Instant renewAt, Map<OpenStackService, String> endpoints) {
        this.token = token;
        this.projectId = projectId;
        this.renewAt = renewAt;
        this.endpoints = endpoints;
    }

    static Session open(CloudSettings settings) {
        var keystone = settings.authUrl().toString().replaceAll("/v3$", "");
        var request = ModelRequest.of(OpenStackService.KEYSTONE, "POST", "/v3/auth/tokens")
                .withBody(authentication(settings.credentials()));
        var reply = new Session("", "", Instant.MAX, Map.of(OpenStackService.KEYSTONE, keystone)).sendBare(request);
        if (reply.status() != 201) {
            throw new IllegalStateException("no token: " + reply.status() + " " + reply.json());
        }
        var body = reply.json().path("token");
        var endpoints = new HashMap<>(Map.of(OpenStackService.KEYSTONE, keystone));
        for (var entry : body.path("catalog")) {
            service(entry.path("type").asText())
                    .ifPresent(
                            service -> endpoint(entry, settings).ifPresent(url -> endpoints.putIfAbsent(service, url)));
        }
        var ends = Instant.parse(body.path("expires_at").asText());
        var renewAt = ends.minus(MARGIN);
        return new Session(
                reply.headers().getOrDefault("X-Subject-Token", ""),
                body.at("/project/id").asText(),
                renewAt,
                endpoints);
    }

    private static Optional<OpenStackService> service(String type) {
        return Arrays.stream(OpenStackService.values())
                .filter(each -> each.catalogType().equals(type))
                .findFirst();
    }

    private static Optional<String> endpoint(JsonNode entry, CloudSettings settings) {
        for (var each : entry.path("endpoints")) {
            var region = settings.region();
            if (each.path("interface").asText().equals(settings.face().name().toLowerCase(Locale.ROOT))
                    && (region == null || each.path("region_id").asText().equals(region))) {
                return Optional.of(
                        each.path("url").asText().replaceAll("/+$", "").replaceAll("/v[0-9.]+$", ""));
            }
        }
        return Optional.empty();
    }

    /** The body of a request for a token. */
    static JsonNode authentication(CloudCredentials credentials) {
        var nodes = JsonNodeFactory.instance;
        var auth = nodes.objectNode();
        var identity = auth.putObject("identity");
        switch (credentials) {
            case CloudCredentials.Password(var user, var password, var userDomain, var project, var projectDomain) -> {
                identity.putArray("methods").add("password");
                named(identity.putObject("password"), "user", user, userDomain);
                identity.withObject("/password/user").put("password", password.reveal());
                named(auth.putObject("scope"), "project", project, projectDomain);
            }
            case CloudCredentials.ApplicationCredential(var id, var name, var user, var domain, var secret) -> {
                identity.putArray("methods").add("application_credential");
                var given = identity.putObject("application_credential").put("secret", secret.reveal());
                if (id != null) {
                    given.put("id", id);
                } else {
                    given.put("name", name);
                    named(given, "user", String.valueOf(user), domain);
                }
            }
        }
        return nodes.objectNode().set("auth", auth);
    }

    private static void named(ObjectNode holder, String kind, String text, @Nullable Domain domain) {
        var node = holder.putObject(kind).put(domain == null ? "id" : "name", text);
        if (domain != null) {
            node.putObject("domain").put(domain.isId() ? "id" : "name", domain.text());
        }
    }

    String token() {
        return token;
    }

    String projectId() {
        return projectId;
    }

    boolean isEnding() {
        return Instant.now().isAfter(renewAt);
    }

    String endpoint(OpenStackService service) {
        var url = endpoints.get(service);
        if (url == null) {
            throw new IllegalStateException("the catalogue has no " + service.catalogType());
        }
        return url;
    }

    ModelReply send(ModelRequest request) {
        return sendBare(request.withToken(token));
    }

    /** Sends what is given, and nothing else. */
    ModelReply sendBare(ModelRequest request) {
        var body = request.body() == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(request.body().toString());
        var builder = HttpRequest.newBuilder(URI.create(endpoint(request.service()) + request.path() + query(request)))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .method(request.method(), body);
        if (request.body() != null) {
            builder.header("Content-Type", "application/json");
        }
        request.headers().forEach(builder::header);
        try {
            return reply(HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.path() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String query(ModelRequest request) {
        var text = new StringBuilder();
        request.query()
                .forEach((name, values) -> values.forEach(value -> text.append(text.isEmpty() ? '?' : '&')
                        .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8))));
        return text.toString();
    }

    private static ModelReply reply(HttpResponse<String> response) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
        return new ModelReply(response.statusCode(), json(response.body()), headers, Duration.ZERO, false);
    }

    /** A body that is no JSON is a text. */
    private static @Nullable JsonNode json(String body) {
        try {
            return body.isEmpty() ? null : MAPPER.readTree(body);
        } catch (JsonProcessingException _) {
            return TextNode.valueOf(body);
        }
    }
}
