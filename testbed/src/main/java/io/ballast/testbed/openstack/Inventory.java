package io.ballast.testbed.openstack;

import java.util.ArrayList;
import java.util.List;

/**
 * What is there that a load balancer leaves behind: the load balancers of a project, its floating IPs, and all ports that
 * Octavia makes (VIP, vrrp and member ports). Each entry reads {@code id name-or-address}.
 */
public record Inventory(List<String> loadBalancers, List<String> floatingIps, List<String> ports) {

    public Inventory {
        loadBalancers = List.copyOf(loadBalancers);
        floatingIps = List.copyOf(floatingIps);
        ports = List.copyOf(ports);
    }

    /** True when nothing is left. */
    public boolean isEmpty() {
        return loadBalancers.isEmpty() && floatingIps.isEmpty() && ports.isEmpty();
    }

    static Inventory of(String projectId, OctaviaState octavia, NeutronState neutron) {
        var loadBalancers = octavia.table(Kind.LOAD_BALANCER)
                .where(row -> row.text("project_id").equals(projectId));
        var floatingIps =
                neutron.floatingIps.where(row -> row.text("project_id").equals(projectId));
        var ports = neutron.ports.where(Inventory::isOctavias);
        return new Inventory(
                describe(loadBalancers, "name"), describe(floatingIps, "floating_ip_address"), describe(ports, "name"));
    }

    private static boolean isOctavias(Row port) {
        return port.text("device_owner").equals("Octavia")
                || port.text("device_owner").equals("compute:nova")
                || port.text("name").startsWith("octavia-lb-")
                || port.text("name").startsWith("ovn-lb-vip-");
    }

    private static List<String> describe(List<Row> rows, String field) {
        var found = new ArrayList<String>();
        rows.forEach(row -> found.add(row.id() + " " + row.text(field)));
        return found;
    }
}
