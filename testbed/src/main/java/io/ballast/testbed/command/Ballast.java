package io.ballast.testbed.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Turns Kubernetes Services into OpenStack Octavia load balancers: tools for people. */
@Command(
        name = "ballast",
        description = "Turns Kubernetes Services into OpenStack Octavia load balancers.",
        footer = {
            "",
            "Services: ballast watcher|translator|ipam|octavia --config FILE",
            "Exit codes: 0 done, 1 failed or differs, 2 wrong usage."
        },
        mixinStandardHelpOptions = true,
        version = "ballast 0.1.0",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            PlanCommand.class,
            TopicsCommand.class,
            DeletionsCommand.class,
            ClustersCommand.class,
            AdoptCommand.class,
            PurgeCommand.class,
            SimCommand.class,
            KillsCommand.class,
            BenchCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Ballast {
    private Ballast() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Ballast())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, commandLine, ignored) -> {
                    commandLine.getErr().println("ballast: " + e.getMessage());
                    if (System.getenv("BALLAST_TRACE") != null) {
                        e.printStackTrace(commandLine.getErr());
                    }
                    return 1;
                })
                .execute(args));
    }
}
