package io.ballast.testbed.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.schemas.contract.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a set of Services and EndpointSlices asks for when every Service with a clusterIP is a load balancer and members
 * are pods. Source: Kubernetes API reference, Service and EndpointSlice.
 */
public final class KubernetesView {
    private KubernetesView() {}

    /**
     * The load balancers that must exist.
     *
     * @param services Service objects of one cluster
     * @param slices EndpointSlice objects of the same cluster
     */
    public static List<ExpectedLoadBalancer> expected(List<JsonNode> services, List<JsonNode> slices) {
        return services.stream()
                .filter(KubernetesView::isServed)
                .map(service -> expected(service, slices))
                .toList();
    }

    private static boolean isServed(JsonNode service) {
        var spec = service.path("spec");
        var clusterIp = spec.path("clusterIP").asText("");
        return !service.path("metadata").has("deletionTimestamp")
                && !spec.path("type").asText().equals("ExternalName")
                && !clusterIp.isEmpty()
                && !clusterIp.equals("None")
                && !spec.path("ports").isEmpty();
    }

    /** Whether it is the API server's own, whose listener is HTTPS as operators made it for kuryr; TCP on ovn. */
    static boolean isApi(String name) {
        return name.equals("default/kubernetes");
    }

    private static ExpectedLoadBalancer expected(JsonNode service, List<JsonNode> slices) {
        var members = new TreeMap<String, Set<String>>();
        var own = slices.stream().filter(slice -> isOf(slice, service)).toList();
        for (var port : service.path("spec").path("ports")) {
            var protocol =
                    isApi(name(service)) ? "HTTPS" : port.path("protocol").asText("TCP");
            var listener = protocol + ":" + port.path("port").asInt();
            members.put(listener, members(port, own));
        }
        var ingress = new TreeSet<String>();
        service.path("status")
                .path("loadBalancer")
                .path("ingress")
                .forEach(each -> ingress.add(each.path("ip").asText()));
        var vips = new ArrayList<String>();
        service.path("spec").path("clusterIPs").forEach(each -> vips.add(canonical(each.asText())));
        boolean external = service.path("spec").path("type").asText().equals("LoadBalancer")
                && !service.path("metadata")
                        .path("annotations")
                        .path("ballast.io/internal")
                        .asText()
                        .equals("true")
                && vips.stream().anyMatch(KubernetesView::isIpv4);
        return new ExpectedLoadBalancer(
                name(service), service.path("metadata").path("uid").asText(), vips, members, external, ingress);
    }

    /** Neutron has no IPv6 floating IPs. */
    private static boolean isIpv4(String address) {
        return !address.contains(":");
    }

    private static boolean isOf(JsonNode slice, JsonNode service) {
        var metadata = slice.path("metadata");
        return metadata.path("namespace")
                        .asText()
                        .equals(service.path("metadata").path("namespace").asText())
                && metadata.path("labels")
                        .path("kubernetes.io/service-name")
                        .asText()
                        .equals(service.path("metadata").path("name").asText());
    }

    /** Ready endpoints, or, when there is none, those that terminate and still serve; beside ready ones they drain. */
    private static Set<String> members(JsonNode port, List<JsonNode> slices) {
        var ready = new TreeSet<String>();
        var draining = new TreeSet<String>();
        for (var slice : slices) {
            for (var slicePort : slice.path("ports")) {
                if (slicePort.path("name").asText("").equals(port.path("name").asText(""))
                        && slicePort
                                .path("protocol")
                                .asText("TCP")
                                .equals(port.path("protocol").asText("TCP"))) {
                    collect(slice, slicePort.path("port").asInt(), ready, draining);
                }
            }
        }
        ready.addAll(draining);
        return ready;
    }

    private static void collect(JsonNode slice, int port, Set<String> ready, Set<String> draining) {
        for (var endpoint : slice.path("endpoints")) {
            var conditions = endpoint.path("conditions");
            for (var address : endpoint.path("addresses")) {
                var member = canonical(address.asText()) + ":" + port;
                if (conditions.path("ready").asBoolean(true)) {
                    ready.add(member);
                } else if (conditions.path("serving").asBoolean(false)
                        && conditions.path("terminating").asBoolean(false)) {
                    draining.add(member);
                }
            }
        }
    }

    private static String name(JsonNode object) {
        var metadata = object.path("metadata");
        return metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
    }

    static String canonical(String address) {
        return IpAddress.ofKubernetes(address).map(IpAddress::toString).orElse(address);
    }

    /** Names of the listeners of a load balancer, for messages. */
    static List<String> names(Map<String, Set<String>> members) {
        return new ArrayList<>(new TreeMap<>(members).keySet());
    }
}
