package io.ballast.testbed.command;

import io.ballast.ipam.allocation.layout.LayoutRequest;
import io.ballast.ipam.allocation.layout.NetworkLayout;
import io.ballast.openstack.CloudsYaml;
import io.ballast.openstack.RestFactory;
import io.ballast.testbed.plan.LayoutApplication;
import io.ballast.testbed.plan.PlanDocument;
import io.ballast.testbed.plan.PlanText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ballast plan}: the networks of a cluster, computed from their ranges. */
@Command(
        name = "plan",
        description = {
            "Lays out the networks of a cluster: subnets, VIPs, allocation pools, gateways, router, security group,",
            "the flags of Kubernetes, the configuration of Ballast and the openstack commands."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class PlanCommand implements Callable<Integer> {
    private enum Format {
        TEXT,
        YAML,
        COMMANDS
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--cidr",
            paramLabel = "CIDR",
            description = "IPv4 range of services, or of the shared subnet, such as 10.2.0.0/16")
    private @Nullable String cidr;

    @Option(names = "--pods", paramLabel = "CIDR", description = "IPv4 range of pods; default: 10.1.0.0/16")
    private @Nullable String pods;

    @Option(
            names = "--ipv6",
            paramLabel = "CIDR",
            description = "IPv6 range of services, or of the shared subnet, such as fd10:0:0:2::/112")
    private @Nullable String ipv6;

    @Option(names = "--pods-ipv6", paramLabel = "CIDR", description = "IPv6 range of pods; default: fd10:0:0:1::/64")
    private @Nullable String podsIpv6;

    @Option(names = "--shared-subnet", description = "Pods and services on one subnet")
    private boolean isShared;

    @Option(names = "--layer2", description = "Load balancers have a port in the subnet of their members")
    private boolean isLayer2;

    @Option(
            names = "--external",
            paramLabel = "NETWORK|RANGE",
            arity = "1..*",
            description =
                    "The external network that floating IPs come from, id or name; and plain ranges of external addresses")
    private List<String> externals = List.of();

    @Option(
            names = "--cluster",
            description = "Name of the cluster, which every name begins with; default: ${DEFAULT-VALUE}",
            defaultValue = "k8s")
    private String cluster = "k8s";

    @Option(names = "--provider", description = "amphora or ovn; default: ${DEFAULT-VALUE}", defaultValue = "amphora")
    private String provider = "amphora";

    @Option(
            names = "--format",
            description = "text, yaml or commands; default: ${DEFAULT-VALUE}",
            defaultValue = "text")
    private Format format = Format.TEXT;

    @Option(names = "--check", description = "Compares with the cloud; exit code 1 when it differs")
    private boolean isCheck;

    @Option(names = "--apply", description = "Makes what is missing in the cloud; never changes what is there")
    private boolean isApply;

    @Option(names = "--cloud", description = "The cloud, of clouds.yaml; default: $OS_CLOUD")
    private @Nullable String cloud;

    @Override
    public Integer call() {
        var layout = layout();
        if (isCheck || isApply) {
            return inTheCloud(layout);
        }
        out().print(
                        switch (format) {
                            case TEXT -> PlanText.of(layout);
                            case YAML -> PlanDocument.yaml(layout);
                            case COMMANDS -> PlanText.commands(layout);
                        });
        out().flush();
        return 0;
    }

    private int inTheCloud(NetworkLayout layout) {
        if (isCheck && isApply) {
            throw new ParameterException(spec.commandLine(), "--check and --apply: one of them");
        }
        var environment = new HashMap<>(System.getenv());
        if (cloud != null) {
            environment.put("OS_CLOUD", cloud);
        }
        var settings = CloudsYaml.find(environment, Path.of(""))
                .orElseThrow(() -> new IllegalArgumentException("no cloud: give --cloud, or set OS_CLOUD"));
        var application = new LayoutApplication(layout, RestFactory.open(settings), line -> {
            out().println(line);
            out().flush();
        });
        boolean isThere = isApply ? application.apply() : application.check().isEmpty();
        return isThere ? 0 : 1;
    }

    private NetworkLayout layout() {
        try {
            return new LayoutRequest(cluster, provider, cidr, pods, ipv6, podsIpv6, isShared, externals, isLayer2)
                    .layout();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
