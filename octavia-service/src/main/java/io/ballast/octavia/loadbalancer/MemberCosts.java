package io.ballast.octavia.loadbalancer;

/**
 * What member writes cost with one provider, milliseconds until ACTIVE again. Measured on Octavia 11.
 *
 * @param singleMillis one member added, changed or removed
 * @param batchMillis a batch, whatever it changes
 * @param batchPerMemberMillis for each member that the pool then has
 * @param perWriteMillis until a write is seen to be done and the next begins
 */
public record MemberCosts(long singleMillis, long batchMillis, long batchPerMemberMillis, long perWriteMillis) {
    public static final MemberCosts AMPHORA = new MemberCosts(2_000, 4_500, 0, 500);
    public static final MemberCosts OVN = new MemberCosts(600, 0, 250, 0);

    public MemberCosts {
        if (singleMillis < 0 || batchMillis < 0 || batchPerMemberMillis < 0 || perWriteMillis < 0) {
            throw new IllegalArgumentException("member costs must not be negative");
        }
    }

    /** Whether one batch is no dearer than so many single writes. */
    boolean batchIsCheaper(int changes, int membersAfter) {
        return changes > 1
                && batchMillis + batchPerMemberMillis * membersAfter + perWriteMillis
                        <= changes * (singleMillis + perWriteMillis);
    }
}
