package io.ballast.testbed.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ballast.openstack.CloudCredentials;
import io.ballast.openstack.CloudSettings;
import io.ballast.openstack.CloudsYaml;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keystone as the user of OS_CLOUD meets it: tokens, and application credentials of its own. */
final class RealIdentity {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param secret as Keystone tells it once */
    record Credential(String id, String secret) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final CloudSettings settings;
    private final String token;
    private final JsonNode described;

    /** With a token of its own. */
    RealIdentity() {
        settings = CloudsYaml.find(new HashMap<>(System.getenv()), Path.of("")).orElseThrow();
        var answer = send("POST", "/auth/tokens", null, authentication());
        token = answer.headers().firstValue("X-Subject-Token").orElseThrow();
        described = body(answer).path("token");
    }

    /** How long a token lives here. */
    Duration tokenLifetime() {
        return Duration.between(time("issued_at"), time("expires_at"));
    }

    Credential makeCredential(String name) {
        var answer = send(
                "POST",
                credentials(),
                token,
                JSON.valueToTree(Map.of("application_credential", Map.of("name", name, "unrestricted", false))));
        var made = body(answer).path("application_credential");
        return new Credential(made.path("id").asText(), made.path("secret").asText());
    }

    /** Its tokens end with it. */
    void delete(Credential credential) {
        send("DELETE", credentials() + "/" + credential.id(), token, null);
    }

    /** A clouds.yaml with this one cloud. */
    String cloudsYaml(Credential credential) {
        return """
                clouds:
                  %s:
                    auth_type: v3applicationcredential
                    auth:
                      auth_url: %s
                      application_credential_id: %s
                      application_credential_secret: %s
                """.formatted(settings.cloud(), settings.authUrl(), credential.id(), credential.secret());
    }

    private String credentials() {
        return "/users/" + described.at("/user/id").asText() + "/application_credentials";
    }

    private OffsetDateTime time(String field) {
        return OffsetDateTime.parse(described.path(field).asText());
    }

    private JsonNode authentication() {
        if (!(settings.credentials() instanceof CloudCredentials.Password password)) {
            throw new IllegalStateException(
                    "OS_CLOUD must name a user by password: only one can make application credentials");
        }
        var user = Map.of(
                "name", password.user(),
                "password", password.password().reveal(),
                "domain", domain(password.userDomain()));
        var scope = Map.of("project", Map.of("name", password.project(), "domain", domain(password.projectDomain())));
        return JSON.valueToTree(Map.of(
                "auth",
                Map.of(
                        "identity",
                        Map.of("methods", new String[] {"password"}, "password", Map.of("user", user)),
                        "scope",
                        scope)));
    }

    private static Map<String, String> domain(CloudCredentials.@Nullable Domain domain) {
        if (domain == null) {
            throw new IllegalStateException("OS_CLOUD must name user and project by name, with a domain");
        }
        return Map.of(domain.isId() ? "id" : "name", domain.text());
    }

    private HttpResponse<String> send(String method, String path, @Nullable String with, @Nullable JsonNode body) {
        var request = HttpRequest.newBuilder(URI.create(settings.authUrl() + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
                .header("Content-Type", "application/json");
        if (with != null) {
            request.header("X-Auth-Token", with);
        }
        try {
            var answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new AssertionError("%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
            }
            return answer;
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static JsonNode body(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }
}
