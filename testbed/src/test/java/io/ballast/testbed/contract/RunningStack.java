package io.ballast.testbed.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes of a real OpenStack of one's own, for what no API can bring about; its folder is OPENSTACK_DEV_DIR. */
final class RunningStack {
    private final Path folder;

    private RunningStack(Path folder) {
        this.folder = folder;
    }

    static Optional<RunningStack> here() {
        return Optional.ofNullable(System.getenv("OPENSTACK_DEV_DIR"))
                .filter(text -> !text.isEmpty())
                .map(text -> new RunningStack(Path.of(text)));
    }

    /** Sends a signal to every process of a service; its leader's id is the first word of {@code run/SERVICE.pid}. */
    void signal(String service, String signal) {
        try {
            var leader = Files.readString(folder.resolve("run").resolve(service + ".pid"))
                    .strip()
                    .split("\\s+", -1)[0];
            var family = run(List.of("ps", "-o", "pid=", "--sid", leader)).strip();
            var command = new ArrayList<>(List.of("kill", "-" + signal));
            command.addAll(List.of(family.split("\\s+", -1)));
            run(command);
        } catch (IOException e) {
            throw new IllegalStateException(service + " of " + folder + " has no process: " + e, e);
        }
    }

    /** Ends what would stay PENDING for ever. */
    void markInError(String loadBalancer) {
        run(List.of(
                "mariadb",
                "--socket=" + folder.resolve("run/mariadb.sock"),
                "-uroot",
                "octavia",
                "-e",
                "update load_balancer set provisioning_status='ERROR' where id='" + loadBalancer + "'"));
    }

    private static String run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " ended with " + process.exitValue() + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(command + " cannot be run: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
