package io.ballast.ipam.world;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.Rules;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.VipClaim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Claims and rules that are valid by default. */
public final class Claims {
    public static final String CLUSTER_UID = "0c1b0d4e-0000-4000-8000-000000000001";

    private Claims() {}

    public static ServiceKey key(String name) {
        return new ServiceKey("demo", "shop", name);
    }

    /** The default layout, one external pool "public" of floating IPs. */
    public static Rules rules(Rules.ExternalPool... pools) {
        return rules(List.of("10.2.0.0/17"), 1, pools);
    }

    public static Rules rules(List<String> ranges, int amphorae, Rules.ExternalPool... pools) {
        var vips = new Rules.VipPool(
                "demo/vip/ipv4",
                "demo",
                IpFamily.IPV4,
                "k8s-service-subnet",
                ranges.stream().map(AddressRange::parse).toList());
        return new Rules(Map.of("demo", new Rules.Cluster(List.of(vips), amphorae, "amphora")), List.of(pools), 1);
    }

    public static Rules.ExternalPool floating() {
        return new Rules.ExternalPool("public", "public", null, List.of(), Duration.ofSeconds(60), Set.of(), Set.of());
    }

    public static Rules.ExternalPool plain(String... ranges) {
        return plainNamed("plain", ranges);
    }

    public static Rules.ExternalPool plainNamed(String name, String... ranges) {
        return new Rules.ExternalPool(
                name,
                null,
                null,
                List.of(ranges).stream().map(AddressRange::parse).toList(),
                Duration.ofSeconds(60),
                Set.of(),
                Set.of());
    }

    /** A claim for one VIP; null for one that ipam chooses. */
    public static AddressClaim claim(String uid, @Nullable String vip, ExternalClaim... externals) {
        return new AddressClaim(
                ClaimState.WANTED,
                CLUSTER_UID,
                uid,
                1,
                1,
                "",
                List.of(new VipClaim(IpFamily.IPV4, vip)),
                List.of(),
                List.of(externals));
    }

    public static AddressClaim withdrawn(AddressClaim claim) {
        return new AddressClaim(
                ClaimState.WITHDRAWN,
                claim.clusterUid(),
                claim.serviceUid(),
                claim.incarnation(),
                claim.generation() + 1,
                "",
                List.of(),
                List.of(),
                List.of());
    }

    public static AddressClaim withProvider(AddressClaim claim, String provider) {
        return new AddressClaim(
                claim.state(),
                claim.clusterUid(),
                claim.serviceUid(),
                claim.incarnation(),
                claim.generation(),
                provider,
                claim.vips(),
                claim.memberSubnets(),
                claim.externals());
    }

    public static AddressClaim withIncarnation(AddressClaim claim, long incarnation) {
        return new AddressClaim(
                claim.state(),
                claim.clusterUid(),
                claim.serviceUid(),
                incarnation,
                claim.generation(),
                claim.provider(),
                claim.vips(),
                claim.memberSubnets(),
                claim.externals());
    }

    public static AddressClaim withExternals(AddressClaim claim, ExternalClaim... externals) {
        return new AddressClaim(
                claim.state(),
                claim.clusterUid(),
                claim.serviceUid(),
                claim.incarnation(),
                claim.generation() + 1,
                claim.provider(),
                claim.vips(),
                claim.memberSubnets(),
                List.of(externals));
    }

    public static ExternalClaim fromPool(@Nullable String pool) {
        return new ExternalClaim(IpFamily.IPV4, ExternalMethod.POOL, null, pool, false);
    }

    /** As from a pool, and to be kept when the Service goes. */
    public static ExternalClaim kept(@Nullable String pool) {
        return new ExternalClaim(IpFamily.IPV4, ExternalMethod.POOL, null, pool, true);
    }

    public static AddressClaim withLabels(
            AddressClaim claim, Map<String, String> namespaceLabels, Map<String, String> serviceLabels) {
        return new AddressClaim(
                claim.state(),
                claim.clusterUid(),
                claim.serviceUid(),
                claim.incarnation(),
                claim.generation(),
                claim.provider(),
                claim.vips(),
                claim.memberSubnets(),
                claim.externals(),
                namespaceLabels,
                serviceLabels);
    }

    public static ExternalClaim named(String address) {
        return new ExternalClaim(IpFamily.IPV4, ExternalMethod.USER, address, null, false);
    }
}
