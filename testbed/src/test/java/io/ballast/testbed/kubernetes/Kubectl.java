package io.ballast.testbed.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The real kubectl, run on one cluster. What it writes to its two outputs comes as one text. */
public final class Kubectl {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MINUTES_MAX = 2;

    private final Path kubeconfig;
    private final Path cache;

    /** The cluster of the kubeconfig; what kubectl learns of its API goes to the folder. */
    public Kubectl(Path kubeconfig, Path cache) {
        this.kubeconfig = kubeconfig;
        this.cache = cache;
    }

    /** How a run ended. */
    public record Outcome(int code, String text) {}

    public static boolean isInstalled() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }

    /** Runs it and expects that it ends well. */
    public String run(String... arguments) {
        return expectedWell(attempt("", arguments));
    }

    /** The object or list that {@code get} prints. */
    public JsonNode get(String... arguments) {
        var all = new ArrayList<>(List.of("get", "-o", "json"));
        all.addAll(List.of(arguments));
        try {
            return MAPPER.readTree(run(all.toArray(String[]::new)));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Applies a manifest and expects that it is taken. */
    public String apply(String manifest, String... arguments) {
        var all = new ArrayList<>(List.of("apply", "-f", "-"));
        all.addAll(List.of(arguments));
        return expectedWell(attempt(manifest, all.toArray(String[]::new)));
    }

    private static String expectedWell(Outcome outcome) {
        assertThat(outcome.code()).as(outcome.text()).isZero();
        return outcome.text();
    }

    /** Runs it to its end, whichever that is. */
    public Outcome attempt(String input, String... arguments) {
        return end(input, start("", arguments));
    }

    /** As {@link #attempt}, with a command that edits files. */
    Outcome edit(String editor, String... arguments) {
        return end("", start(editor, arguments));
    }

    /** Starts it; the caller ends it. */
    Process start(String editor, String... arguments) {
        try {
            var command = new ArrayList<>(List.of("kubectl", "--cache-dir", cache.toString()));
            command.addAll(List.of(arguments));
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("KUBECONFIG", kubeconfig.toString());
            builder.environment().put("KUBE_EDITOR", editor);
            return builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Outcome end(String input, Process process) {
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ignored) {
            // kubectl did not want the input; what it says tells why
        }
        try {
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES))
                    .as("ended: " + text)
                    .isTrue();
            return new Outcome(process.exitValue(), text);
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
