package io.ballast.openstack;

import io.ballast.openstack.RestRequest.Api;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openstack4j.api.OSClient.OSClientV3;
import org.openstack4j.api.client.CloudProvider;
import org.openstack4j.api.exceptions.AuthenticationException;
import org.openstack4j.api.exceptions.ResponseException;
import org.openstack4j.api.types.Facing;
import org.openstack4j.core.transport.Config;
import org.openstack4j.model.identity.v3.Token;
import org.openstack4j.openstack.internal.OSAuthenticator;

/**
 * The token of one cloud and the catalogue that came with it. However many threads ask, one of them fetches: before the
 * token ends, and when a service refused it. A failure is shared for a second, and after each further one for twice as long, up
 * to 15 s and a part that differs between processes: a Keystone in need is neither flooded nor asked by all at once.
 */
final class Tokens {
    private static final Duration FAILURE_KEPT = Duration.ofSeconds(1);
    private static final Duration FAILURE_KEPT_MAX = Duration.ofSeconds(15);
    private static final int DOUBLINGS_MAX = 10;

    /** At most half as long again. */
    private static final double JITTER = 0.5;

    private static final double NANOS_PER_MILLI = 1_000_000;
    private static final Map<Api, Set<String>> TYPES = Map.of(
            Api.NETWORK, Set.of("network"),
            Api.LOAD_BALANCER, Set.of("load-balancer", "octavia"));

    private final CloudSettings settings;
    private final Config config;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Session session;
    private @Nullable Refused lastFailure;
    private Instant failedUntil = Instant.MIN;
    private int failures;

    Tokens(CloudSettings settings, Config config, InstantSource clock) {
        this.settings = settings;
        this.config = config;
        this.clock = clock;
    }

    /** What asking for a token gave. */
    sealed interface Answer {}

    /**
     * A token and where it may be used.
     *
     * @param token the token, a secret
     * @param refreshAt when a new one is fetched
     * @param urls catalogue URLs without version and trailing slash
     */
    record Session(String token, Instant refreshAt, Map<Api, String> urls) implements Answer {
        @Override
        public String toString() {
            return "Session[***, refreshAt=" + refreshAt + ", urls=" + urls + "]";
        }
    }

    /**
     * No token.
     *
     * @param status HTTP status of Keystone's answer; 0 when there was none
     */
    record Refused(int status, String reason) implements Answer {}

    /** The current token; fetched when there is none or it ends soon. */
    Answer current() {
        var now = session;
        return now != null && clock.instant().isBefore(now.refreshAt()) ? now : fetch(now);
    }

    /** Another token than this one, which a service refused. */
    Answer after(Session refused) {
        return fetch(refused);
    }

    private Answer fetch(@Nullable Session old) {
        fetching.lock();
        try {
            var now = session;
            if (now != null && !now.equals(old) && clock.instant().isBefore(now.refreshAt())) {
                return now; // somebody else fetched it meanwhile
            }
            var failure = lastFailure;
            if (failure != null && clock.instant().isBefore(failedUntil)) {
                return failure;
            }
            var answer = authenticate();
            switch (answer) {
                case Session fresh -> {
                    session = fresh;
                    lastFailure = null;
                    failures = 0;
                }
                case Refused refused -> {
                    session = null;
                    lastFailure = refused;
                    failures++;
                    failedUntil = clock.instant().plus(kept(failures, clock.instant()));
                }
            }
            return answer;
        } finally {
            fetching.unlock();
        }
    }

    /**
     * How long a failure is shared.
     *
     * @param failures so many in a row
     * @param now what is below its millisecond differs between processes, and from failure to failure
     */
    static Duration kept(int failures, Instant now) {
        var doubled = FAILURE_KEPT.multipliedBy(1L << Math.min(DOUBLINGS_MAX, failures - 1));
        var kept = doubled.compareTo(FAILURE_KEPT_MAX) > 0 ? FAILURE_KEPT_MAX : doubled;
        double part = Duration.between(now.truncatedTo(ChronoUnit.MILLIS), now).toNanos() / NANOS_PER_MILLI;
        return kept.plusMillis(Math.round(kept.toMillis() * JITTER * part));
    }

    private Answer authenticate() {
        try {
            var client = (OSClientV3) OSAuthenticator.invoke(
                    Identities.of(settings.credentials()),
                    settings.authUrl().toString(),
                    Facing.value(settings.face().name().toLowerCase(Locale.ROOT)),
                    config,
                    CloudProvider.UNKNOWN);
            return session(client.getToken());
        } catch (AuthenticationException e) {
            return new Refused(401, "Keystone %s refused the credentials".formatted(settings.authUrl()));
        } catch (ResponseException e) {
            return new Refused(
                    e.getStatus(), "Keystone %s gave no token: %s".formatted(settings.authUrl(), e.getMessage()));
        } catch (RuntimeException e) {
            return new Refused(0, "Keystone %s gave no usable answer: %s".formatted(settings.authUrl(), e));
        }
    }

    private Session session(Token token) {
        var now = clock.instant();
        var life = Duration.between(now, token.getExpires().toInstant());
        var margin =
                life.dividedBy(10).compareTo(Duration.ofMinutes(5)) < 0 ? life.dividedBy(10) : Duration.ofMinutes(5);
        return new Session(token.getId(), token.getExpires().toInstant().minus(margin), urls(token));
    }

    private Map<Api, String> urls(Token token) {
        var urls = new EnumMap<Api, String>(Api.class);
        for (var service : token.getCatalog()) {
            for (var endpoint : service.getEndpoints()) {
                for (var api : Api.values()) {
                    if (TYPES.getOrDefault(api, Set.of()).contains(service.getType())
                            && endpoint.getIface()
                                    == Facing.value(settings.face().name())
                            && isInRegion(endpoint.getRegion(), endpoint.getRegionId())) {
                        urls.putIfAbsent(api, withoutVersion(String.valueOf(endpoint.getUrl())));
                    }
                }
            }
        }
        return urls;
    }

    private boolean isInRegion(@Nullable String name, @Nullable String id) {
        var wanted = settings.region();
        return wanted == null || wanted.equals(name) || wanted.equals(id);
    }

    private static String withoutVersion(String url) {
        return url.replaceAll("/+$", "").replaceAll("/v[0-9.]+$", "").replaceAll("/+$", "");
    }
}
