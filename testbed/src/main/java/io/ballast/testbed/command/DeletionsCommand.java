package io.ballast.testbed.command;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ConfirmationKind;
import io.ballast.schemas.contract.HeldDeletion;
import io.ballast.schemas.contract.OperatorConfirmation;
import io.ballast.testbed.kafka.TopicRows;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ballast deletions}: shows what the deletion brake holds, and lets it go. */
@Command(
        name = "deletions",
        description = "Shows what the deletion brake holds, and lets it go.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class DeletionsCommand {
    @Spec
    private CommandSpec spec;

    @Command(description = "Lists held deletions by cluster; exit code 1 when there are some.")
    int show(@Mixin KafkaOptions kafka) throws IOException {
        var held = held(kafka.settings());
        held.forEach((cluster, deletions) -> deletions.forEach(
                deletion -> out().printf("%s %s %s%n", deletion.key(), deletion.uid(), deletion.reason())));
        long count = held.values().stream().mapToLong(List::size).sum();
        out().println(count == 0 ? "no deletion is held" : count + " deletions are held");
        return count == 0 ? 0 : 1;
    }

    @Command(description = "Lets the held deletions of one cluster go on.")
    int confirm(
            @Mixin KafkaOptions kafka,
            @Option(names = "--cluster", required = true, description = "The cluster") String cluster,
            @Option(
                            names = "--by",
                            description = "Who confirms; default: the user of this shell",
                            defaultValue = "${USER:-unknown}")
                    String by)
            throws IOException {
        var settings = kafka.settings();
        var uids = held(settings).getOrDefault(cluster, List.of()).stream()
                .map(HeldDeletion::uid)
                .sorted()
                .toList();
        if (uids.isEmpty()) {
            out().println("no deletion of cluster " + cluster + " is held");
            return 1;
        }
        var confirmation = new OperatorConfirmation(
                ConfirmationKind.DELETIONS, cluster, uids, by, Instant.now().toEpochMilli());
        new TopicRows(settings)
                .write(Topics.OPERATOR, 0, cluster + "/deletions", Encoding.encode(Topics.OPERATOR, confirmation));
        out().println(uids.size() + " deletions of cluster " + cluster + " are confirmed");
        return 0;
    }

    private static Map<String, List<HeldDeletion>> held(KafkaSettings kafka) {
        var held = new TreeMap<String, List<HeldDeletion>>();
        new TopicRows(kafka).values(Topics.CLUSTERS).forEach((cluster, row) -> held.put(cluster, row.heldDeletions()));
        return held;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
