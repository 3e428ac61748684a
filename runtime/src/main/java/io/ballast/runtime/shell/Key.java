package io.ballast.runtime.shell;

/**
 * What a pass is about.
 *
 * @param partition the owned partition it belongs to, or {@link #PROCESS}
 * @param name text of a ServiceKey, or a name of the reconciler's own that begins with "@"
 */
public record Key(int partition, String name) {
    /** Stands for no partition: such a pass writes no records and only makes calls that change nothing. */
    public static final int PROCESS = -1;

    /** A key that belongs to no partition. */
    public static Key process(String name) {
        return new Key(PROCESS, name);
    }

    @Override
    public String toString() {
        return partition + ":" + name;
    }
}
