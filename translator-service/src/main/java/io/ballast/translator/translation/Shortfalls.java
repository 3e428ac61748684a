package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.SessionAffinity;
import java.util.List;
import java.util.Objects;

/** What was asked for and the provider lacks: refused when it concerns security, told otherwise. */
record Shortfalls(
        ServiceBody service,
        ServiceOptions options,
        String providerName,
        ProviderCapabilities provider,
        Findings findings) {
    /** What Kubernetes writes where a Service sets none. */
    private static final int AFFINITY_SECONDS_DEFAULT = 10_800;

    void tell(List<DesiredLoadBalancerBody> bodies) {
        security(bodies);
        for (var port : service.ports()) {
            boolean able = Capability.of(port.protocol()).map(provider::can).orElse(true); // told elsewhere
            needed(!able, "cannot serve port %d, which is %s: remove it".formatted(port.port(), port.protocol()));
        }
        affinity();
        lacking(!options.timeouts().isDefault(), Capability.LISTENER_TIMEOUTS, "Timeouts");
        lacking(options.connectionLimit() != null, Capability.CONNECTION_LIMIT, "ConnectionLimit");
        lacking(options.placement().flavor() != null, Capability.FLAVOR, "Flavor");
        lacking(options.placement().availabilityZone() != null, Capability.AVAILABILITY_ZONE, "AvailabilityZone");
        var algorithm = options.algorithm();
        if (algorithm != null && !provider.algorithms().contains(algorithm)) {
            findings.unsupported("Algorithm");
        }
    }

    private void security(List<DesiredLoadBalancerBody> bodies) {
        boolean restricted = bodies.stream()
                .flatMap(body -> body.listeners().stream())
                .map(DesiredListener::allowedCidrs)
                .anyMatch(Objects::nonNull);
        needed(restricted, Capability.ALLOWED_CIDRS, "cannot restrict sources: remove loadBalancerSourceRanges");
        var front = options.front();
        needed(
                front.tlsContainer() != null,
                Capability.TERMINATED_TLS,
                "cannot terminate TLS: remove " + Annotation.TLS_CONTAINER.ourName());
        needed(
                front.forwardedFor(),
                Capability.FORWARDED_FOR,
                "cannot insert X-Forwarded-For, and clients could forge it: remove "
                        + Annotation.X_FORWARDED_FOR.ourName());
        needed(
                front.proxy() == Front.Proxy.V1,
                Capability.PROXY_V1,
                "does not speak PROXY protocol, and clients could forge it: remove "
                        + Annotation.PROXY_PROTOCOL.ourName());
        needed(
                front.proxy() == Front.Proxy.V2,
                Capability.PROXY_V2,
                "does not speak PROXY protocol, and clients could forge it: remove "
                        + Annotation.PROXY_PROTOCOL.ourName());
    }

    private void needed(boolean asked, Capability capability, String sentence) {
        needed(asked && !provider.can(capability), sentence);
    }

    private void needed(boolean lacking, String sentence) {
        if (lacking) {
            findings.refuse(
                    DesiredReason.FEATURE_UNSUPPORTED,
                    "Provider %s %s, or use another provider."
                            .formatted(providerName.isEmpty() ? "of the cloud's default" : providerName, sentence));
        }
    }

    private void lacking(boolean asked, Capability capability, String word) {
        if (asked && !provider.can(capability)) {
            findings.unsupported(word);
        }
    }

    /** haproxy's stick tables keep a client until they are full; only LVS, behind UDP and SCTP, has a time. */
    private void affinity() {
        if (service.sessionAffinity() != SessionAffinity.CLIENT_IP) {
            return;
        }
        lacking(true, Capability.SESSION_PERSISTENCE, "SessionAffinity");
        var seconds = service.sessionAffinityTimeoutSeconds();
        boolean anyTcp = service.ports().stream().anyMatch(port -> port.protocol() == PortProtocol.TCP);
        if (anyTcp
                && seconds != null
                && seconds != AFFINITY_SECONDS_DEFAULT
                && provider.can(Capability.SESSION_PERSISTENCE)) {
            findings.unsupported("SessionAffinityTimeout");
        }
    }
}
