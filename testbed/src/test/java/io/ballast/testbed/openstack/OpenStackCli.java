package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@code openstack} command, where it is installed, against one cloud. */
public final class OpenStackCli {
    private static final Path COMMAND = Path.of("/usr/bin/openstack");
    private static final long TIMEOUT_SECONDS = 300;

    private final Path directory;
    private final String cloud;

    /** For a cloud of the clouds.yaml in a directory. */
    public OpenStackCli(Path directory, String cloud) {
        this.directory = directory;
        this.cloud = cloud;
    }

    public static boolean isInstalled() {
        return Files.isExecutable(COMMAND);
    }

    /** Runs lines of a shell; fails with what they said when one of them fails. */
    public String run(List<String> lines) throws IOException, InterruptedException {
        var errors = directory.resolve("stderr");
        var builder = new ProcessBuilder("bash", "-e", "-c", String.join("\n", lines)).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("OS_"));
        builder.environment()
                .put("OS_CLIENT_CONFIG_FILE", directory.resolve("clouds.yaml").toString());
        builder.environment().put("OS_CLOUD", cloud);
        builder.environment().put("no_proxy", "*");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .as(lines + " end")
                .isTrue();
        assertThat(process.exitValue())
                .as(lines + ": " + Files.readString(errors))
                .isZero();
        return output;
    }
}
