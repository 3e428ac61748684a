package io.ballast.testbed.contract;

import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.SeededLayout;

/** Finds by name the networks that the contract needs: those of {@code ballast plan} and of {@code deploy/openstack-dev}. */
final class SeededNetworks {
    private final ContractCloud cloud;

    private SeededNetworks(ContractCloud cloud) {
        this.cloud = cloud;
    }

    static SeededLayout read(ContractCloud cloud) {
        return new SeededNetworks(cloud).read();
    }

    private SeededLayout read() {
        return new SeededLayout(
                Layout.DUAL,
                cloud.projectId(),
                id("networks?name=public"),
                "",
                id("networks?name=k8s-pod-net"),
                id("subnets?name=k8s-pod-subnet"),
                id("networks?name=k8s-service-net"),
                id("subnets?name=k8s-service-subnet"),
                id("routers?name=k8s-router"),
                "",
                "",
                "");
    }

    private String id(String target) {
        var found = cloud.neutron("GET", target).json().path(target.substring(0, target.indexOf('?')));
        if (found.size() != 1) {
            throw new IllegalStateException("the contract needs one of " + target + " at "
                    + cloud.endpoint(OpenStackService.NEUTRON) + ", which has " + found.size());
        }
        return found.get(0).path("id").asText();
    }
}
