package io.ballast.testbed.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.IpamServiceConfig;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.Preflight;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.openstack.NeutronAddresses;
import io.ballast.openstack.Rest;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.schemas.contract.Finding;
import io.ballast.testbed.openstack.OpenStackCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What ipam-service finds about a cluster whose pods are in one security group, in the networks of {@code deploy/openstack-dev}. */
final class PodPreflight {
    private final Rules rules;

    PodPreflight(String securityGroup) {
        this.rules = ConfigReader.of("""
                        clusters:
                          packets:
                            default-provider: ovn
                            ipv4: {subnet: k8s-service-subnet, ranges: [10.2.0.0/17]}
                            pod-subnets: [k8s-pod-subnet]
                            pod-security-groups: [%s]
                            protocols: [tcp]
                        external-pools:
                          public: {network: public}
                        """.formatted(securityGroup), Map.of())
                .whole(read -> IpamServiceConfig.from(read, Map.of()))
                .rules();
    }

    List<Finding> findings(Rest cloud) {
        var subnets = new TreeSet<String>();
        rules.vipPools().forEach(pool -> subnets.add(pool.subnet()));
        var pods = rules.clusters().values().stream().map(Rules.Cluster::pods).toList();
        var answer = new NeutronAddresses(cloud).call(new IpamCall.ReadNeutron(subnets, rules.externals(), pods));
        assertThat(answer).isInstanceOf(IpamAnswer.Read.class);
        return Preflight.check(rules, ((IpamAnswer.Read) answer).facts()).values().stream()
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** Runs the commands that the findings name, as the user of the cloud. */
    static void mend(List<Finding> findings, Path folder) throws IOException, InterruptedException {
        Files.copy(Path.of(System.getenv("OS_CLIENT_CONFIG_FILE")), folder.resolve("clouds.yaml"));
        new OpenStackCli(folder, System.getenv("OS_CLOUD"))
                .run(findings.stream().map(Finding::command).distinct().toList());
    }
}
