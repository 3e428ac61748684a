package io.ballast.testbed.pipeline;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Objects of namespace default, as a person writes them. */
public final class ServiceYaml {
    private ServiceYaml() {}

    /** A Service of one TCP port; the address may be empty. */
    public static String service(String name, String type, String address) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: default}
                spec:
                  type: %s
                %s
                  ports: [{name: http, port: 80, targetPort: 8080}]
                """.formatted(name, type, address.isEmpty() ? "" : "  loadBalancerIP: " + address);
    }

    /** A slice that a person wrote, with so many endpoints. */
    public static String endpoints(String name, int count) {
        var each = IntStream.rangeClosed(1, count)
                .mapToObj(number -> "{addresses: [10.1.9.%d], conditions: {ready: true}}".formatted(number))
                .collect(Collectors.joining(", "));
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: %s-1
                  namespace: default
                  labels: {kubernetes.io/service-name: %s}
                addressType: IPv4
                ports: [{name: http, port: 8080, protocol: TCP}]
                endpoints: [%s]
                """.formatted(name, name, each);
    }
}
