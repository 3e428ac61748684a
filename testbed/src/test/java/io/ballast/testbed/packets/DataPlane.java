package io.ballast.testbed.packets;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Pods that {@code deploy/openstack-dev/dataplane} makes, and what runs in them. Closing it ends all of that. */
final class DataPlane implements AutoCloseable {
    /** Where servers of pods listen. */
    static final int PORT = 8080;

    /** The namespace on the external network. */
    static final String OUTSIDE = "ext";

    static final String OUTSIDE_ADDRESS = "172.24.4.1";

    private static final Path SCRIPT =
            Path.of(System.getProperty("ballast.root", "."), "deploy", "openstack-dev", "dataplane");
    private static final String PYTHON = "/usr/bin/python3";

    private final List<String> pods = new ArrayList<>();
    private final List<Load> loads = new ArrayList<>();
    private final Map<String, Process> servers = new HashMap<>();

    static boolean isUp() {
        try {
            return start("exec", OUTSIDE, "true").waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Makes a pod in security groups, with a server that answers by its name at a port, once it listens. */
    Pod serve(String name, int port, String... securityGroups) {
        var pod = pod(name, securityGroups);
        var server = start("exec", name, PYTHON, resource("server.py"), name, Integer.toString(port));
        servers.put(name, server);
        if (!"ready".equals(firstLine(server))) {
            throw new IllegalStateException("the server of pod %s did not start".formatted(name));
        }
        return pod;
    }

    Pod pod(String name, String... securityGroups) {
        pods.add(name);
        var arguments = new ArrayList<>(List.of("pod", name));
        for (var group : securityGroups) {
            arguments.addAll(List.of("--security-group", group));
        }
        return Pod.parse(output(start(arguments.toArray(String[]::new))));
    }

    /** Ends the server of a pod at once, as the end of its container does. */
    void kill(Pod pod) {
        Objects.requireNonNull(servers.remove(pod.name())).destroyForcibly();
    }

    /** Asks so many times, each from a port of its own; each answer in words. */
    List<Answer> http(String from, String address, int port, int count) {
        return ask(from, "http", address, port, count);
    }

    /** The same with datagrams. */
    List<Answer> udp(String from, String address, int port, int count) {
        return ask(from, "udp", address, port, count);
    }

    /** Asks one request after the other until it is stopped. */
    Load load(String from, String address, int port) {
        return begin(client(from, "http", address, port, 0, "/"));
    }

    /** Begins to fetch what takes so many seconds. */
    Load fetchSlowly(String from, String address, int port, int seconds) {
        return begin(client(from, "http", address, port, 1, "/slow/" + seconds));
    }

    private Load begin(Process client) {
        var load = new Load(client);
        loads.add(load);
        return load;
    }

    @Override
    public void close() {
        loads.forEach(Load::kill);
        servers.values().forEach(Process::destroyForcibly);
        if (!pods.isEmpty()) {
            output(start(Stream.concat(Stream.of("unpod"), pods.stream()).toArray(String[]::new)));
        }
    }

    private static List<Answer> ask(String from, String kind, String address, int port, int count) {
        return output(client(from, kind, address, port, count, "/"))
                .lines()
                .map(Answer::parse)
                .toList();
    }

    private static Process client(String from, String kind, String address, int port, int count, String path) {
        return start(
                "exec",
                from,
                PYTHON,
                resource("client.py"),
                kind,
                address,
                Integer.toString(port),
                Integer.toString(count),
                path);
    }

    private static Process start(String... arguments) {
        var command = new ArrayList<String>();
        command.add(SCRIPT.toString());
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    private static String output(Process process) {
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(
                        "%s: exit code %d: %s".formatted(process.info().commandLine(), process.exitValue(), output));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String firstLine(Process process) {
        try {
            // not closed: the server goes on writing there
            return String.valueOf(new BufferedReader(process.inputReader(StandardCharsets.UTF_8)).readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) {
        return Path.of(Objects.requireNonNull(DataPlane.class.getResource("/packets/" + name), name)
                        .getPath())
                .toString();
    }
}
