package io.ballast.openstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestReply.Unanswered;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.openstack4j.core.transport.Config;

/**
 * A cloud over HTTP. openstack4j authenticates and reads the catalogue; the request itself goes straight through the same
 * HTTP client, because openstack4j's service layer turns 404 into null and drops request ids and Retry-After.
 */
final class Openstack4jRest implements Rest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEXT_MAX = 2_000;

    private final CloudSettings settings;
    private final HttpClient client;
    private final Tokens tokens;
    private final InstantSource clock;

    /** How long the answer to a change may take before the service is asked for a sign of life, and how long that may take. */
    private final Duration patience;

    Openstack4jRest(CloudSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.patience = settings.queryTimeout().dividedBy(2);
        var config = Config.newConfig()
                .withConnectionTimeout(Math.toIntExact(settings.connectTimeout().toMillis()))
                .withReadTimeout(Math.toIntExact(settings.queryTimeout().toMillis()));
        var trust = Trust.of(settings);
        if (trust != null) {
            config.withSSLContext(trust);
        }
        client = JdkConnector.clientFor(config);
        tokens = new Tokens(settings, config, clock);
    }

    @Override
    public RestReply send(RestRequest request) {
        var began = clock.instant();
        return switch (tokens.current()) {
            case Tokens.Refused refused -> unauthenticated(refused);
            case Tokens.Session session -> {
                var reply = send(request, session);
                yield reply instanceof Answered answered
                                && answered.status() == 401
                                && mayRepeat(request, began, clock.instant(), settings.queryTimeout())
                        ? again(request, session)
                        : reply;
            }
        };
    }

    /** Whether a refused request may be sent once more: a change only soon, so that whoever waits for its end knows when. */
    static boolean mayRepeat(RestRequest request, Instant began, Instant now, Duration soon) {
        return !request.method().isMutating() || now.isBefore(began.plus(soon));
    }

    /** Once more with another token: a service that answers 401 has done nothing. */
    private RestReply again(RestRequest request, Tokens.Session stale) {
        return switch (tokens.after(stale)) {
            case Tokens.Refused refused -> unauthenticated(refused);
            case Tokens.Session fresh -> send(request, fresh);
        };
    }

    private static RestReply unauthenticated(Tokens.Refused refused) {
        return refused.status() == 0
                ? new Unanswered(refused.reason(), false)
                : new Answered(refused.status(), TextNode.valueOf(refused.reason()), null, null);
    }

    private RestReply send(RestRequest request, Tokens.Session session) {
        var base = session.urls().get(request.api());
        if (base == null) {
            return new Unanswered(
                    "the catalogue of cloud '%s' has no %s URL of %s%s"
                            .formatted(
                                    settings.cloud(),
                                    settings.face(),
                                    request.api(),
                                    settings.region() == null ? "" : " in region " + settings.region()),
                    false,
                    false);
        }
        var http = build(request, base, session.token());
        var pending = client.sendAsync(http, BodyHandlers.ofByteArray());
        var left = settings.connectTimeout().plus(timeoutOf(request));
        try {
            while (request.method().isMutating() && left.compareTo(patience) > 0) {
                var answer = within(patience, pending);
                if (answer.isPresent()) {
                    return answered(answer.get());
                }
                if (!isAlive(base) && !pending.isDone()) {
                    pending.cancel(true);
                    return new Unanswered("%s does not answer at all".formatted(base), true);
                }
                left = left.minus(patience);
            }
            var answer = within(left, pending);
            if (answer.isPresent()) {
                return answered(answer.get());
            }
            pending.cancel(true);
            return new Unanswered(
                    "%s did not answer within %d s"
                            .formatted(base, timeoutOf(request).toSeconds()),
                    true);
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            return new Unanswered("interrupted", true);
        } catch (ExecutionException e) {
            return failed(http.uri(), e.getCause());
        }
    }

    private static Optional<HttpResponse<byte[]>> within(Duration time, CompletableFuture<HttpResponse<byte[]>> pending)
            throws InterruptedException, ExecutionException {
        try {
            return Optional.of(pending.get(time.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        }
    }

    /**
     * Whether the service answers anything: its list of versions, which needs neither token nor database. A change may take
     * minutes, and a service that hangs looks the same; this tells them apart.
     */
    private boolean isAlive(String base) throws InterruptedException {
        try {
            var versions = HttpRequest.newBuilder(URI.create(base + "/"))
                    .timeout(patience)
                    .build();
            return client.send(versions, BodyHandlers.discarding()).statusCode() > 0;
        } catch (IOException _) {
            return false;
        }
    }

    private Duration timeoutOf(RestRequest request) {
        return request.method().isMutating() ? settings.readTimeout() : settings.queryTimeout();
    }

    private HttpRequest build(RestRequest request, String base, String token) {
        var body = request.body();
        var builder = HttpRequest.newBuilder(URI.create(base + request.path() + queryOf(request)))
                .method(
                        request.method().name(),
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
                .header("Accept", "application/json")
                .header("X-Auth-Token", token)
                .timeout(timeoutOf(request));
        if (request.revision() != null) {
            builder.header("If-Match", "revision_number=" + request.revision());
        }
        return (body == null ? builder : builder.header("Content-Type", "application/json")).build();
    }

    private static String queryOf(RestRequest request) {
        var text = request.query().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> encode(entry.getKey()) + "=" + encode(value)))
                .collect(Collectors.joining("&"));
        return text.isEmpty() ? "" : "?" + text;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static RestReply failed(URI uri, @Nullable Throwable cause) {
        var wasSent = !(cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof SSLHandshakeException);
        var detail = cause instanceof IOException ? ConnectionWords.of(cause) : "" + cause;
        return new Unanswered("%s://%s: %s".formatted(uri.getScheme(), uri.getAuthority(), detail), wasSent);
    }

    private Answered answered(HttpResponse<byte[]> response) {
        return new Answered(
                response.statusCode(),
                bodyOf(response.body()),
                response.headers().firstValue("X-Openstack-Request-Id").orElse(null),
                response.headers()
                        .firstValue("Retry-After")
                        .map(this::retryAfter)
                        .orElse(null));
    }

    private static JsonNode bodyOf(byte[] bytes) {
        if (bytes.length == 0) {
            return MissingNode.getInstance();
        }
        var text = new String(bytes, StandardCharsets.UTF_8);
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text.substring(0, Math.min(TEXT_MAX, text.length())));
        }
    }

    /** Seconds or an HTTP date; what is neither counts as absent. */
    private @Nullable Duration retryAfter(String value) {
        if (value.matches("[0-9]{1,6}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            var until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            var left = Duration.between(clock.instant(), until);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException _) {
            return null;
        }
    }
}
