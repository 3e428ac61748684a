package io.ballast.testbed.command;

import io.ballast.testbed.demo.Kills;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.StackFile;
import io.ballast.testbed.stack.StackOptions;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ballast kills}: kills the real processes again and again while things change. */
@Command(
        name = "kills",
        description =
                "Kills the four real processes (kill -9) while Services change, and compares OpenStack with Kubernetes.",
        mixinStandardHelpOptions = true)
final class KillsCommand implements Callable<Integer> {
    @Option(names = "--kills", description = "How many; default: ${DEFAULT-VALUE}", defaultValue = "5")
    private int kills = 5;

    @Option(names = "--seed", description = "Who is killed, when, and what changes; default: ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(
            names = "--timing-scale",
            description = "How slow OpenStack is, 1 for as slow as a real one was measured; default: ${DEFAULT-VALUE}",
            defaultValue = "0.3")
    private double timingScale = 0.3;

    @Option(names = "--folder", description = "For logs and configuration; default: target/ballast-kills")
    private @Nullable Path folder;

    @Override
    public Integer call() {
        var where = folder == null ? StackFile.folder("kills") : folder;
        var options = StackOptions.local(Layout.DEFAULT, "amphora", timingScale, where);
        var differences = new Kills(options, kills, new Random(seed), System.out).run();
        differences.forEach(difference -> System.out.println("DIFFERS " + difference));
        return differences.isEmpty() ? 0 : 1;
    }
}
