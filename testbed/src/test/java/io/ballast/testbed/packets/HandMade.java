package io.ballast.testbed.packets;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Manifests of Services whose endpoints are written by hand, as whoever has pods that Kubernetes does not know writes them. */
final class HandMade {
    /** How an endpoint is. */
    enum State {
        READY("{ready: true}"),
        DRAINING("{ready: false, serving: true, terminating: true}");

        private final String conditions;

        State(String conditions) {
            this.conditions = conditions;
        }
    }

    /** A pod behind a Service. */
    record Endpoint(Pod pod, State state) {
        static Endpoint ready(Pod pod) {
            return new Endpoint(pod, State.READY);
        }

        static Endpoint draining(Pod pod) {
            return new Endpoint(pod, State.DRAINING);
        }
    }

    private HandMade() {}

    /** A Service inside the cluster, of both families, with one port, 80. */
    static String service(String name, String protocol) {
        return service(name, protocol, "ClusterIP", "RequireDualStack");
    }

    /** One with a floating IP, which Neutron has for IPv4 only. */
    static String externalService(String name) {
        return service(name, "TCP", "LoadBalancer", "SingleStack");
    }

    private static String service(String name, String protocol, String type, String families) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: default}
                spec:
                  type: %s
                  ipFamilyPolicy: %s
                  ports: [{name: main, protocol: %s, port: 80, targetPort: %d}]
                """.formatted(name, type, families, protocol, DataPlane.PORT);
    }

    /** Its EndpointSlices, one for each family. */
    static String slices(String name, String protocol, List<Endpoint> endpoints) {
        return slice(name, name + "-ipv4", "main", protocol, DataPlane.PORT, false, endpoints)
                + "---\n"
                + slice(name, name + "-ipv6", "main", protocol, DataPlane.PORT, true, endpoints);
    }

    /** The slice of {@code default/kubernetes}, as its API server writes it. */
    static String apiSlice(Pod pod, int port) {
        return slice("kubernetes", "kubernetes", "https", "TCP", port, false, List.of(Endpoint.ready(pod)));
    }

    private static String slice(
            String service,
            String name,
            String portName,
            String protocol,
            int port,
            boolean isIpv6,
            List<Endpoint> endpoints) {
        var each = new ArrayList<String>();
        for (var endpoint : endpoints) {
            each.add("{addresses: ['%s'], conditions: %s}"
                    .formatted(endpoint.pod().address(isIpv6), endpoint.state().conditions));
        }
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: %s
                  namespace: default
                  labels: {kubernetes.io/service-name: %s}
                addressType: %s
                ports: [{name: %s, port: %d, protocol: %s}]
                endpoints: [%s]
                """.formatted(
                        name,
                        service,
                        isIpv6 ? "IPv6" : "IPv4",
                        portName,
                        port,
                        protocol,
                        each.stream().collect(Collectors.joining(", ")));
    }
}
