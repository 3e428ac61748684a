package io.ballast.octavia.loadbalancer;

/**
 * What member writes cost with one provider, milliseconds until ACTIVE again. Measured on Octavia 11 with a pool of 60: amphora
 * 1.9 to 2.3 s for a single write and 4.7 to 5.4 s for a batch; ovn 0.6 to 0.7 s and 14.6 to 15.0 s, about 0.25 s for each member.
 * With these figures amphora gets one batch for two changes and more, ovn one when that is no slower than the single writes.
 *
 * @param singleMillis one member added, changed or removed
 * @param batchMillis a batch, whatever it changes
 * @param batchPerMemberMillis for each member that the batch lists or takes away
 * @param perWriteMillis until a write is seen to be done and the next begins
 */
public record MemberCosts(long singleMillis, long batchMillis, long batchPerMemberMillis, long perWriteMillis) {
    public static final MemberCosts AMPHORA = new MemberCosts(2_000, 4_500, 0, 500);
    public static final MemberCosts OVN = new MemberCosts(600, 0, 250, 200);

    /** LBaaS v2 has no batch. Not measured: it can no longer be run. */
    public static final MemberCosts LBAAS_V2 = new MemberCosts(2_000, Integer.MAX_VALUE, 0, 500);

    public MemberCosts {
        if (singleMillis < 0 || batchMillis < 0 || batchPerMemberMillis < 0 || perWriteMillis < 0) {
            throw new IllegalArgumentException("member costs must not be negative");
        }
    }

    /** Whether one batch is no dearer than so many single writes. */
    boolean batchIsCheaper(int changes, int membersTouched) {
        return changes > 1
                && batchMillis + batchPerMemberMillis * membersTouched + perWriteMillis
                        <= changes * (singleMillis + perWriteMillis);
    }
}
