package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.ForeignLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Load balancers that are not ours and bear the name of one that we want, or a longer name that begins with it. Who looks for
 * load balancers by name would take one for the other; we only say that they are there.
 */
final class Namesakes {
    static final Namesakes NONE = new Namesakes(List.of(), List.of());

    private final TreeMap<String, List<ForeignLoadBalancer>> byName = new TreeMap<>();
    private final Set<String> wanted = new HashSet<>();

    /**
     * @param foreign what was listed
     * @param desired what is wanted; a longer name that one of them has is a namesake of that one alone
     */
    Namesakes(Collection<ForeignLoadBalancer> foreign, Collection<DesiredLoadBalancer> desired) {
        foreign.forEach(each -> byName.merge(
                each.name(),
                List.of(each),
                (some, more) -> Stream.concat(some.stream(), more.stream()).toList()));
        desired.stream().flatMap(Namesakes::names).forEach(wanted::add);
    }

    /** Those of one Service, in the order of their names. */
    List<ForeignLoadBalancer> of(@Nullable DesiredLoadBalancer desired) {
        if (desired == null || byName.isEmpty()) {
            return List.of();
        }
        return names(desired)
                .flatMap(name -> byName.subMap(name, name + Character.MAX_VALUE).entrySet().stream()
                        .filter(each -> each.getKey().equals(name) || !wanted.contains(each.getKey()))
                        .flatMap(each -> each.getValue().stream()))
                .distinct()
                .toList();
    }

    private static Stream<String> names(DesiredLoadBalancer desired) {
        return desired.loadBalancers().stream().map(DesiredLoadBalancerBody::name);
    }
}
