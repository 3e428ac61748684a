package io.ballast.testbed.stack;

import io.ballast.testbed.stack.LocalStack.Role;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The configuration files of the four services of a stack. */
final class ServiceConfigs {
    private final StackOptions options;
    private final String bootstrap;
    private final Path kubeconfig;
    private final Optional<Path> cloudsYaml;
    private final String cloudName;
    private final Network network;

    ServiceConfigs(
            StackOptions options,
            String bootstrap,
            Path kubeconfig,
            Optional<Path> cloudsYaml,
            String cloudName,
            Network network) {
        this.options = options;
        this.bootstrap = bootstrap;
        this.kubeconfig = kubeconfig;
        this.cloudsYaml = cloudsYaml;
        this.cloudName = cloudName;
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
                """.formatted(options.cluster(), kubeconfig);
    }

    private String translator() {
        return """
                clusters:
                  %s:
                    provider: %s
                    providers: [amphora, ovn]
                    pod-ranges: ["%s"]
                    service-ranges: ["%s"]
                """.formatted(
                        options.cluster(),
                        options.provider(),
                        joined(Network.Family::podCidr),
                        joined(Network.Family::vipRange));
    }

    private String ipam() {
        return cloud()
                + """
                clusters:
                  %s:
                    default-provider: amphora
                """.formatted(options.cluster())
                + network.families().stream().map(ServiceConfigs::vips).collect(Collectors.joining())
                + """
                    pod-subnets: ["%s"]
                    pod-security-groups: ["%s"]
                    protocols: [tcp, udp, sctp]
                """.formatted(joined(Network.Family::podSubnet), network.podGroup())
                + """
                external-pools:
                  public:
                    network: %s
                    quarantine: 10s
                """.formatted(network.externalNetwork());
    }

    private static String vips(Network.Family family) {
        return """
                    %s:
                      subnet: %s
                      ranges: ["%s"]
                """.formatted(
                        family.vipRange().contains(":") ? "ipv6" : "ipv4", family.serviceSubnet(), family.vipRange());
    }

    private String joined(Function<Network.Family, String> each) {
        return network.families().stream().map(each).collect(Collectors.joining("\", \""));
    }

    private String octavia() {
        return cloud();
    }

    private String cloud() {
        return """
                openstack:
                  cloud: %s
                """.formatted(cloudName)
                + cloudsYaml.map("  clouds-file: \"%s\"%n"::formatted).orElse("");
    }
}
