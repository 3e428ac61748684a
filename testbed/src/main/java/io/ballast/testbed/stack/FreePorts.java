package io.ballast.testbed.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Loopback ports that nobody listens on. */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;

    /** Locks of the runs that this process took, kept until it ends: a server may begin to listen long after its run was found. */
    private static final List<FileLock> TAKEN = new ArrayList<>();

    private FreePorts() {}

    /**
     * The first port of a run of free ones that no other stack has taken. They are looked for below the range that the
     * system gives to outgoing connections, so that none of them is taken before its server starts.
     */
    public static synchronized int run(int count) {
        int runs = (LAST - FIRST) / count;
        int start = (int) (ProcessHandle.current().pid() * 37 % runs);
        for (int tried = 0; tried < runs; tried++) {
            int first = FIRST + (start + tried) % runs * count;
            if (areFree(first, count) && take(first)) {
                return first;
            }
        }
        throw new IllegalStateException("no %d free ports in a row between %d and %d".formatted(count, FIRST, LAST));
    }

    private static boolean take(int first) {
        var file = Path.of(System.getProperty("java.io.tmpdir"), "ballast-ports-" + first);
        try {
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return false;
            }
            TAKEN.add(lock);
            return true;
        } catch (IOException | OverlappingFileLockException e) {
            return false; // of another user, or ours already
        }
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
