package io.ballast.testbed.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a folder for one stack at a time, because each empties its folder first. The lock ends with the process that
 * holds it, however that ends; the file stays, and means nothing without the lock.
 */
final class FolderLock implements AutoCloseable {
    static final String FILE = "stack.lock";

    /** What every stack writes: by one of these a folder is known as one that may be emptied. */
    private static final List<String> OURS = List.of(FILE, "watcher.yaml");

    /** A second channel of one process would lose the lock when it is closed: POSIX locks belong to the process. */
    private static final Set<Path> HELD_HERE = new HashSet<>();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the folder, and makes it when it is not there.
     *
     * @throws IllegalStateException when another stack runs in it, or when it holds files that no stack wrote; nothing in
     *     it was touched then
     */
    static FolderLock take(Path folder) {
        try {
            Files.createDirectories(folder);
            var real = folder.toRealPath();
            refuseForeign(real);
            synchronized (HELD_HERE) {
                if (HELD_HERE.contains(real)) {
                    throw inUse(real, Optional.of(ProcessHandle.current().pid()));
                }
                var channel = FileChannel.open(
                        real.resolve(FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
                if (channel.tryLock() == null) {
                    var holder = holder(channel);
                    channel.close();
                    throw inUse(real, holder);
                }
                write(channel, Long.toString(ProcessHandle.current().pid()));
                HELD_HERE.add(real);
                return new FolderLock(real, channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + folder, e);
        }
    }

    @Override
    public void close() {
        synchronized (HELD_HERE) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unlock " + folder, e);
            } finally {
                HELD_HERE.remove(folder);
            }
        }
    }

    private static void refuseForeign(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            var names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            if (!names.isEmpty() && OURS.stream().noneMatch(names::contains)) {
                throw new IllegalStateException(
                        "%s is not empty and no stack ran in it (it holds %s): a stack empties its folder, choose another one with --folder"
                                .formatted(folder, names.getFirst()));
            }
        }
    }

    private static IllegalStateException inUse(Path folder, Optional<Long> holder) {
        return new IllegalStateException(
                "a stack of process %s runs in %s: stop it, or choose another folder with --folder"
                        .formatted(holder.map(pid -> Long.toString(pid)).orElse("(unknown)"), folder));
    }

    private static Optional<Long> holder(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(20);
        int length = channel.read(bytes, 0);
        var text = new String(bytes.array(), 0, Math.max(0, length), StandardCharsets.US_ASCII);
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    }
}
