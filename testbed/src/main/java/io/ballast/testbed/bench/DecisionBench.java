package io.ballast.testbed.bench;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.Allocation;
import io.ballast.ipam.allocation.AllocationCommand;
import io.ballast.ipam.allocation.AllocationEvent;
import io.ballast.ipam.allocation.Gates;
import io.ballast.ipam.allocation.Known;
import io.ballast.ipam.allocation.Ledger;
import io.ballast.ipam.allocation.NeutronFacts;
import io.ballast.ipam.allocation.Rules;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.VipClaim;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How many decisions a second the arbiter takes by itself, without Kafka and without Neutron: each with its evolution. */
final class DecisionBench {
    private static final String CLUSTER = "bench";
    private static final String UID = "0c1b0d4e-0000-4000-8000-000000000001";
    private static final Duration REST = Duration.ofSeconds(60);

    private final Consumer<String> say;
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");

    DecisionBench(Consumer<String> say) {
        this.say = say;
    }

    void run() {
        fillSixteen(2_000); // for the compiler
        say.accept("decisions:");
        fillSixteen(1 << 16).forEach((what, rate) -> say.accept("  %-64s %8.0f/s".formatted(what, rate)));
        sparse(50_000).forEach((what, rate) -> say.accept("  %-64s %8.0f/s".formatted(what, rate)));
    }

    /** An external range of a /16 until nothing is left, then a third more who wait, then a release for each of those. */
    private Map<String, Double> fillSixteen(int size) {
        var rates = new LinkedHashMap<String, Double>();
        var plain = new Rules.ExternalPool("plain", null, null, List.of(first(size)), REST, Set.of(), Set.of());
        var ledger = ledger(IpFamily.IPV4, "10.0.0.0/9", "10.0.0.0/8", List.of(plain));
        int more = size / 3;
        var wanted = new ExternalClaim(IpFamily.IPV4, ExternalMethod.POOL, null, null, false);
        rates.put(
                "VIP and external, %d in a range of as many".formatted(size),
                rate(size, i -> claim(ledger, i, null, wanted)));
        expect(ledger, size, size);
        rates.put(
                "the same when the range is full, %d wait".formatted(more),
                rate(more, i -> claim(ledger, size + i, null, wanted)));
        rates.put("release, and rest", rate(more, i -> release(ledger, i)));
        now = now.plus(REST).plusSeconds(1);
        rates.put("the rest is over, and those who waited are served", rate(more, i -> {
            if (i == 0) {
                Allocation.evolve(ledger, new AllocationEvent.TimePassed(now));
            }
            claim(ledger, size + i, null, wanted);
        }));
        expect(ledger, size + more, size);
        return rates;
    }

    private static AddressRange first(int size) {
        var first = IpAddress.of("100.64.0.0");
        return new AddressRange(first, first.plus(BigInteger.valueOf(size - 1L)).orElseThrow());
    }

    private static void expect(Ledger ledger, int services, int granted) {
        long externals = IntStream.range(0, services)
                .mapToObj(i -> ledger.row(key(i)))
                .flatMap(row -> row.stream())
                .flatMap(row -> row.externals().stream())
                .filter(external -> external.state() == AllocationState.GRANTED)
                .count();
        if (externals != granted) {
            throw new IllegalStateException("%d externals are granted, not %d".formatted(externals, granted));
        }
    }

    /** A /64 with VIPs here and there, then as many of ipam's own choice. */
    private Map<String, Double> sparse(int count) {
        var rates = new LinkedHashMap<String, Double>();
        var ledger = ledger(IpFamily.IPV6, "fd10:0:0:2::/65", "fd10:0:0:2::/64", List.of());
        var random = new Random(1);
        var base = IpAddress.of("fd10:0:0:2::");
        rates.put("VIP named, %d here and there in a /65".formatted(count), rate(count, i -> {
            var offset = new BigInteger(63, random).or(BigInteger.ONE);
            claim(ledger, i, base.plus(offset).orElseThrow(), null);
        }));
        rates.put(
                "VIP chosen, %d in the same".formatted(count),
                rate(count, i -> claim(ledger, count + i, IpFamily.IPV6, null, null)));
        return rates;
    }

    private interface Each {
        void decide(int index);
    }

    private static double rate(int count, Each each) {
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            each.decide(i);
        }
        return count / ((System.nanoTime() - began) / 1e9);
    }

    private Ledger ledger(IpFamily family, String range, String cidr, List<Rules.ExternalPool> externals) {
        var pool = new Rules.VipPool(
                CLUSTER + "/vip/" + family, CLUSTER, family, "subnet", List.of(AddressRange.parse(range)));
        var rules = new Rules(Map.of(CLUSTER, new Rules.Cluster(List.of(pool), 1, "ovn")), externals, 1);
        var ledger = new Ledger(rules);
        var subnet = new NeutronFacts.Subnet(
                "subnet-id", "subnet", "network-id", CidrRange.of(cidr), null, List.of(), List.of(), List.of());
        Allocation.evolve(
                ledger,
                new AllocationEvent.NeutronRead(new NeutronFacts(Map.of("subnet", subnet), Map.of(), Map.of())));
        return ledger;
    }

    private void claim(Ledger ledger, int index, @Nullable IpAddress vip, @Nullable ExternalClaim external) {
        claim(ledger, index, vip == null ? IpFamily.IPV4 : vip.family(), vip, external);
    }

    private void claim(
            Ledger ledger, int index, IpFamily family, @Nullable IpAddress vip, @Nullable ExternalClaim external) {
        now = now.plusMillis(1);
        var claim = claim(ClaimState.WANTED, index, family, vip, external);
        evolve(ledger, new AllocationCommand.Claim(key(index), claim, null, Known.NOTHING, Gates.OPEN, now));
    }

    private void release(Ledger ledger, int index) {
        var claim = claim(ClaimState.WITHDRAWN, index, IpFamily.IPV4, null, null);
        evolve(
                ledger,
                new AllocationCommand.Release(key(index), claim, "uid-" + index, 1, Known.NOTHING, Gates.OPEN, now));
    }

    private static void evolve(Ledger ledger, AllocationCommand command) {
        Allocation.decide(command, ledger).events().forEach(event -> Allocation.evolve(ledger, event));
        ledger.nextInLine(1);
    }

    static ServiceKey key(int index) {
        return new ServiceKey(CLUSTER, "shop-" + index % 100, "s" + index);
    }

    static AddressClaim claim(
            ClaimState state, int index, IpFamily family, @Nullable IpAddress vip, @Nullable ExternalClaim external) {
        boolean wanted = state == ClaimState.WANTED;
        return new AddressClaim(
                state,
                UID,
                "uid-" + index,
                1,
                1,
                "ovn",
                wanted ? List.of(new VipClaim(family, vip == null ? null : vip.toString())) : List.of(),
                List.of(),
                external == null ? List.of() : List.of(external));
    }
}
