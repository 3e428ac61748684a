package io.ballast.testbed.packets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A client that asks one request after the other. Its answers may be looked at meanwhile. */
final class Load {
    private final Process client;
    private final Thread reader;
    private final List<Answer> answers = new ArrayList<>();

    Load(Process client) {
        this.client = client;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /** All answers so far, in order. */
    List<Answer> answers() {
        synchronized (answers) {
            return List.copyOf(answers);
        }
    }

    /** Names of the servers of the last so many answers. */
    Set<String> lastServers(int count) {
        var all = answers();
        return all.subList(Math.max(0, all.size() - count), all.size()).stream()
                .map(Answer::server)
                .collect(Collectors.toSet());
    }

    /** Waits for a client that ends by itself; all its answers. */
    List<Answer> untilItEnds() throws InterruptedException {
        reader.join();
        return answers();
    }

    /** Ends the client after its last answer; all its answers. */
    List<Answer> stop() throws InterruptedException {
        try {
            client.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException("the client was gone", e);
        }
        return untilItEnds();
    }

    /** Ends the client at once. */
    void kill() {
        client.destroyForcibly();
    }

    private void read() {
        client.inputReader(StandardCharsets.UTF_8).lines().map(Answer::parse).forEach(answer -> {
            synchronized (answers) {
                answers.add(answer);
            }
        });
    }
}
