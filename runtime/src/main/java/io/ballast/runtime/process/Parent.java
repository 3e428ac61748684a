package io.ballast.runtime.process;

import java.util.Optional;

/**
 * The process that started this one. A stack on one machine asks its parts, by the system property {@value #PROPERTY}, to
 * end when it is gone, however it went; without the property, as in production, nobody is watched.
 */
public final class Parent {
    public static final String PROPERTY = "ballast.parent";
    private static final int ORPHANED = 3;

    private Parent() {}

    /**
     * Ends this process some seconds after the end of its parent, where the property holds the pid of that parent. At once and
     * without an orderly end, for which Kafka and the others may be missing by then: SIGKILL is always safe.
     */
    public static void endWithIt() {
        named().ifPresent(pid -> ProcessHandle.current()
                .parent()
                .filter(parent -> parent.pid() == pid)
                .ifPresentOrElse(Parent::endAfter, Parent::end));
    }

    private static void endAfter(ProcessHandle parent) {
        var _ = parent.onExit().thenRun(Parent::end);
    }

    private static Optional<Long> named() {
        return Optional.ofNullable(Long.getLong(PROPERTY));
    }

    private static void end() {
        System.err.println("the process that started this one has ended, so it ends too");
        Runtime.getRuntime().halt(ORPHANED);
    }
}
