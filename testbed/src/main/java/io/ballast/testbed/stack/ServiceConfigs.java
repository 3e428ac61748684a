package io.ballast.testbed.stack;

import io.ballast.testbed.stack.LocalStack.Role;
import java.nio.file.Path;
import java.util.Optional;

/** The configuration files of the four services of a stack. */
final class ServiceConfigs {
    private static final String CLUSTER = "local";

    private final StackOptions options;
    private final String bootstrap;
    private final Path kubeconfig;
    private final Optional<Path> cloudsYaml;
    private final Network network;

    ServiceConfigs(
            StackOptions options, String bootstrap, Path kubeconfig, Optional<Path> cloudsYaml, Network network) {
        this.options = options;
        this.bootstrap = bootstrap;
        this.kubeconfig = kubeconfig;
        this.cloudsYaml = cloudsYaml;
        this.network = network;
    }

    /** The YAML of a service whose health is to be served at the port. */
    String of(Role role, int port) {
        return """
                # written by ballast for a local stack
                kafka:
                  bootstrap-servers: "%s"
                  replication-factor: 1
                  properties:
                    group.instance.id: %s
                http:
                  host: 127.0.0.1
                  port: %d
                """.formatted(bootstrap, role.text(), port)
                + switch (role) {
                    case WATCHER -> watcher();
                    case TRANSLATOR -> translator();
                    case IPAM -> ipam();
                    case OCTAVIA -> octavia();
                };
    }

    private String watcher() {
        return """
                cluster: %s
                kubernetes:
                  kubeconfig: "%s"
                """.formatted(CLUSTER, kubeconfig);
    }

    private String translator() {
        return """
                clusters:
                  %s:
                    provider: %s
                    pod-ranges: ["%s"]
                """.formatted(CLUSTER, options.provider(), network.podCidr());
    }

    private String ipam() {
        var family = network.vipRange().contains(":") ? "ipv6" : "ipv4";
        return cloud()
                + """
                clusters:
                  %s:
                    default-provider: amphora
                    %s:
                      subnet: %s
                      ranges: ["%s"]
                external-pools:
                  public:
                    network: %s
                    quarantine: 10s
                """.formatted(
                        CLUSTER, family, network.serviceSubnet(), network.vipRange(), network.externalNetwork());
    }

    private String octavia() {
        return cloud();
    }

    private String cloud() {
        return """
                openstack:
                  cloud: %s
                """.formatted(options.cloud().orElse("k8s"))
                + cloudsYaml.map("  clouds-file: \"%s\"%n"::formatted).orElse("");
    }
}
