package io.ballast.testbed.stack;

import java.io.IOException;
import java.nio.file.Path;

/** A process that takes a folder, says so, and keeps it until its input ends. */
final class FolderHolder {
    private FolderHolder() {}

    public static void main(String[] args) throws IOException {
        try (var _ = FolderLock.take(Path.of(args[0]))) {
            System.out.println("took " + args[0]);
            while (System.in.read() >= 0) {}
        }
    }
}
