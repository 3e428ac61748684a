package io.ballast.runtime.shell;

/**
 * One ownership of one partition of the lead topic, from assignment to its end. A restart from the barrier is a new one.
 *
 * @param partition partition of the lead topic
 * @param life counts the ownerships in this process, so that a late answer to an earlier one is known as such
 */
public record UnitId(int partition, long life) {
    @Override
    public String toString() {
        return partition + "#" + life;
    }
}
