package io.ballast.testbed.command;

import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ballast topics}: makes, checks, lists and prints topics. */
@Command(name = "topics", description = "Makes, checks, lists and prints topics.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class TopicsCommand {
    @Spec
    private CommandSpec spec;

    @Command(description = "Makes what is missing and sets what differs; never changes a partition count.")
    int apply(@Mixin KafkaOptions kafka) throws IOException {
        try (var admin = new TopicAdmin(kafka.settings())) {
            var done = admin.apply(Topics.ALL);
            done.forEach(out()::println);
            out().println(done.isEmpty() ? "all topics are as they must be" : done.size() + " changes");
        }
        return 0;
    }

    @Command(description = "Says where topics differ from the contract; exit code 1 when they do.")
    int check(@Mixin KafkaOptions kafka) throws IOException {
        try (var admin = new TopicAdmin(kafka.settings())) {
            var problems = admin.check(Topics.ALL);
            problems.forEach(out()::println);
            if (problems.isEmpty()) {
                out().println("all topics are as they must be");
            }
            return problems.isEmpty() ? 0 : 1;
        }
    }

    @Command(description = "Lists our topics with partitions, copies and policy.")
    int list(@Mixin KafkaOptions kafka) throws IOException {
        try (var admin = new TopicAdmin(kafka.settings())) {
            for (var topic : admin.list(Topics.ALL)) {
                out().printf(
                                "%-40s %3d partitions %d copies %s%n",
                                topic.name(),
                                topic.partitions(),
                                topic.replicas(),
                                topic.settings().get("cleanup.policy"));
            }
        }
        return 0;
    }

    @Command(description = "Prints the records of a topic as text or JSON, decoded without a registry.")
    int cat(
            @Mixin KafkaOptions kafka,
            @Parameters(paramLabel = "TOPIC", description = "Name without prefix, like load-balancer-status")
                    String topic,
            @Option(
                            names = "--json",
                            description = "One JSON object a line: key, partition, offset, time, value, headers")
                    boolean json,
            @Option(names = "--key", paramLabel = "K", description = "Only this key") @Nullable String key,
            @Option(names = "--from-beginning", description = "What is there already, then end unless --follow")
                    boolean fromBeginning,
            @Option(names = "--follow", description = "Go on with new records until interrupted") boolean follow)
            throws IOException {
        var found = Topics.named(topic)
                .orElseThrow(() -> new IllegalArgumentException("no topic '%s'; there are %s"
                        .formatted(
                                topic,
                                Topics.ALL.stream().map(each -> each.name()).toList())));
        try (var reader = new TopicReader(kafka.settings(), found)) {
            reader.print(new TopicReader.Wanted(json, key, fromBeginning, follow || !fromBeginning), out());
        }
        return 0;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
