package io.ballast.testbed.openstack;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a cloud makes load balancers with. */
public enum LoadBalancing {
    /** A service of its own in the catalogue. */
    OCTAVIA,
    /** Extensions of Neutron, the last generation of neutron-lbaas; no Octavia in the catalogue. */
    LBAASV2,
    /** The generation before: named by its extension only. */
    LBAAS;

    /** Neutron's extensions for it. Source: neutron-lbaas, supported_extension_aliases. */
    List<String> extensions() {
        return switch (this) {
            case OCTAVIA -> List.of();
            case LBAASV2 ->
                List.of(
                        "hm_max_retries_down",
                        "l7",
                        "lb-graph",
                        "lb_network_vip",
                        "lbaas_agent_schedulerv2",
                        "lbaasv2",
                        "shared_pools");
            case LBAAS -> List.of("lbaas", "lbaas_agent_scheduler");
        };
    }

    /** The one with this name, whatever its case; throws naming those there are. */
    static LoadBalancing named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no load balancing named " + name + "; there are "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)));
    }
}
