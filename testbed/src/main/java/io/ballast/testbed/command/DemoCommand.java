package io.ballast.testbed.command;

import io.ballast.testbed.demo.Demo;
import io.ballast.testbed.stack.StackFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ballast demo}: shows the whole thing working, on this machine alone or with a cloud that is given. */
@Command(
        name = "demo",
        description = "Shows the whole thing working: apply, scale, kill each service, delete.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--manifests", arity = "1..*", paramLabel = "FILE", description = "Instead of our own shop")
    private List<Path> manifests = List.of();

    @Mixin
    private StackChoice choice;

    @Option(
            names = "--timing-scale",
            description =
                    "How slow the modelled OpenStack is, 1 for as slow as a real one was measured; default: ${DEFAULT-VALUE}",
            defaultValue = "0.5")
    private double timingScale = 0.5;

    @Option(names = "--folder", description = "For logs and configuration; default: target/ballast-demo")
    private @Nullable Path folder;

    @Override
    public Integer call() throws InterruptedException {
        var where = folder == null ? StackFile.folder("demo") : folder;
        var differences = new Demo(choice.options(timingScale, where), manifests, System.out).run();
        if (differences.isEmpty()) {
            System.out.println("all is as it must be");
            return 0;
        }
        differences.forEach(difference -> System.out.println("DIFFERS " + difference));
        return 1;
    }
}
