package io.ballast.runtime.shell;

/**
 * How far one owned partition is, for {@code /readyz}.
 *
 * @param unit which ownership
 * @param stage where it stands
 * @param read offsets read so far on the way to the barrier
 * @param total offsets there are to be read
 */
public record UnitProgress(UnitId unit, Stage stage, long read, long total) {
    /** Where an ownership stands, in order. */
    public enum Stage {
        /** Waits to start again after a failure. */
        RESTING,
        /** Earlier owners are being fenced. */
        FENCING,
        /** The ends of its topics are being asked for. */
        BOUNDING,
        /** Its tables are being read. */
        READING,
        /** Its tables are complete and passes run. */
        RUNNING,
        /** It is being let go. */
        CLOSING
    }

    /** Whether the barrier is passed. */
    public boolean isReady() {
        return stage == Stage.RUNNING || stage == Stage.CLOSING;
    }
}
