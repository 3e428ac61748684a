package io.ballast.testbed.command;

import io.ballast.testbed.demo.Demo;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.StackFile;
import io.ballast.testbed.stack.StackOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ballast demo}: shows the whole thing working, on this machine alone. */
@Command(
        name = "demo",
        description = "Shows the whole thing working on this machine: apply, scale, kill each service, delete.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--manifests", arity = "1..*", paramLabel = "FILE", description = "Instead of our own shop")
    private List<Path> manifests = List.of();

    @Option(
            names = "--layout",
            description = "default, shared, ipv6 or dual; default: ${DEFAULT-VALUE}",
            defaultValue = "default")
    private Layout layout = Layout.DEFAULT;

    @Option(names = "--provider", description = "amphora or ovn; default: ${DEFAULT-VALUE}", defaultValue = "amphora")
    private String provider = "amphora";

    @Option(
            names = "--timing-scale",
            description = "How slow OpenStack is, 1 for as slow as a real one was measured; default: ${DEFAULT-VALUE}",
            defaultValue = "0.5")
    private double timingScale = 0.5;

    @Option(names = "--folder", description = "For logs and configuration; default: target/ballast-demo")
    private @Nullable Path folder;

    @Override
    public Integer call() {
        var where = folder == null ? StackFile.folder("demo") : folder;
        var options = StackOptions.local(layout, provider, timingScale, where);
        var differences = new Demo(options, manifests, System.out).run();
        if (differences.isEmpty()) {
            System.out.println("all is as it must be");
            return 0;
        }
        differences.forEach(difference -> System.out.println("DIFFERS " + difference));
        return 1;
    }
}
