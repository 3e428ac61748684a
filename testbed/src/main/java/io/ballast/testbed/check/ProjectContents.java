package io.ballast.testbed.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.openstack.Rest;
import java.util.ArrayList;
import java.util.List;

/** What load balancers leave behind in a project, whoever made them. */
public final class ProjectContents {
    private ProjectContents() {}

    /**
     * Load balancers, floating IPs, and ports that are neither routers' nor DHCP's; each as words with id and name, in the order
     * of the answers.
     */
    public static List<String> of(Rest cloud) {
        var view = new OpenStackView(cloud);
        var all = new ArrayList<String>();
        view.allLoadBalancers().stream()
                .filter(each -> !each.path("provisioning_status").asText().equals("DELETED"))
                .forEach(each -> all.add(words("load balancer", each, "name")));
        view.floatingIps().forEach(each -> all.add(words("floating IP", each, "floating_ip_address")));
        view.ports().stream()
                .filter(each -> !each.path("device_owner").asText().startsWith("network:"))
                .forEach(each -> all.add(words("port", each, "name")));
        return List.copyOf(all);
    }

    private static String words(String what, JsonNode object, String name) {
        return "%s %s %s"
                .formatted(what, object.path("id").asText(), object.path(name).asText());
    }
}
