package io.ballast.testbed.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Loopback ports that nobody listens on. */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;

    private FreePorts() {}

    /**
     * The first port of a run of free ones. They are looked for below the range that the system gives to outgoing
     * connections, so that none of them is taken before its server starts.
     */
    public static int run(int count) {
        int start = FIRST + (int) (ProcessHandle.current().pid() * 37 % (LAST - FIRST - count));
        for (int tried = 0; tried < LAST - FIRST; tried++) {
            int first = FIRST + (start - FIRST + tried) % (LAST - FIRST - count);
            if (areFree(first, count)) {
                return first;
            }
        }
        throw new IllegalStateException("no %d free ports in a row between %d and %d".formatted(count, FIRST, LAST));
    }

    private static boolean areFree(int first, int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int port = first; port < first + count; port++) {
                held.add(new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1")));
            }
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            held.forEach(FreePorts::close);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
