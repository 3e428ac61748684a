package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.demo.Kills;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.StackOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R36: the four real processes are killed at random times, and OpenStack becomes what Kubernetes asks for all the same. */
class KillsIT {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aFewKillsDoNoHarm() {
        assertThat(kill(4)).isEmpty();
    }

    @Tag("full")
    @Test
    void fiveHundredKillsDoNoHarm() {
        assertThat(kill(500)).isEmpty();
    }

    private List<String> kill(int kills) {
        var options = StackOptions.local(Layout.DEFAULT, "amphora", 0.3, folder.resolve("stack"));
        return new Kills(options, kills, new Random(36), System.out).run();
    }
}
