package io.ballast.translator.translation;

import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.schemas.contract.LbAlgorithm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the Services of one cluster are served.
 *
 * @param manage which Services get a load balancer; a Service may say otherwise
 * @param namespaces namespaces whose Services are served, by their labels
 * @param members what members are; a Service may say otherwise
 * @param memberSubnets how load balancers reach members
 * @param provider Octavia provider; "" for the cloud's default
 * @param algorithm load balancing algorithm; null for the provider's usual one
 * @param pools whether ports share pools
 * @param timeouts timeouts where a Service names none
 * @param podRanges ranges of pod addresses
 * @param nodeRanges ranges of node addresses
 * @param extraMemberRanges further ranges members may lie in. No range at all: everything but loopback, link-local and multicast
 * @param serviceRanges ranges of VIPs, in which no member lies
 * @param servesClassless whether Services of type LoadBalancer without a class are ours
 * @param localTraffic how externalTrafficPolicy Local is kept with node members
 * @param kubernetesApi how default/kubernetes is served
 * @param dualStack how a Service of both families is served
 * @param membersMax most members of one load balancer over all its pools, at least 1
 * @param options what is set about the options of Services
 */
public record ClusterSettings(
        Manage manage,
        LabelSelector namespaces,
        MemberKind members,
        MemberSubnets memberSubnets,
        String provider,
        @Nullable LbAlgorithm algorithm,
        PoolSharing pools,
        ListenerTimeouts timeouts,
        List<CidrRange> podRanges,
        List<CidrRange> nodeRanges,
        List<CidrRange> extraMemberRanges,
        List<CidrRange> serviceRanges,
        boolean servesClassless,
        LocalTraffic localTraffic,
        KubernetesApiSettings kubernetesApi,
        DualStack dualStack,
        int membersMax,
        OptionSettings options) {
    /** Members of one load balancer unless configured otherwise: about 200 kB of the 2 MB a record may have. */
    public static final int MEMBERS_MAX_DEFAULT = 2_000;

    /** What holds when configuration says nothing. */
    public static final ClusterSettings DEFAULT = new ClusterSettings(
            Manage.ALL,
            LabelSelector.ALL,
            MemberKind.PODS,
            new MemberSubnets.Layer3(),
            "",
            null,
            PoolSharing.SHARED,
            ListenerTimeouts.DEFAULT,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            true,
            LocalTraffic.ENDPOINTS,
            KubernetesApiSettings.DEFAULT,
            DualStack.ONE,
            MEMBERS_MAX_DEFAULT,
            OptionSettings.DEFAULT);

    public ClusterSettings {
        podRanges = List.copyOf(podRanges);
        nodeRanges = List.copyOf(nodeRanges);
        extraMemberRanges = List.copyOf(extraMemberRanges);
        serviceRanges = List.copyOf(serviceRanges);
        if (membersMax < 1) {
            throw new IllegalArgumentException("membersMax %d is less than 1".formatted(membersMax));
        }
        if (algorithm != null && !ProviderCapabilities.of(provider).algorithms().contains(algorithm)) {
            throw new IllegalArgumentException("provider '%s' does not know algorithm %s, only %s"
                    .formatted(
                            provider,
                            algorithm,
                            ProviderCapabilities.of(provider).algorithms()));
        }
    }

    /** The algorithms a provider knows, the usual one first. */
    public static List<LbAlgorithm> algorithms(String provider) {
        return ProviderCapabilities.of(provider).algorithms();
    }

    /** The same for load balancers that another provider carries, with members in another subnet. */
    ClusterSettings with(String other, MemberSubnets subnets) {
        boolean known =
                algorithm != null && ProviderCapabilities.of(other).algorithms().contains(algorithm);
        return new ClusterSettings(
                manage,
                namespaces,
                members,
                subnets,
                other,
                known ? algorithm : null,
                pools,
                timeouts,
                podRanges,
                nodeRanges,
                extraMemberRanges,
                serviceRanges,
                servesClassless,
                localTraffic,
                kubernetesApi,
                dualStack,
                membersMax,
                options);
    }
}
