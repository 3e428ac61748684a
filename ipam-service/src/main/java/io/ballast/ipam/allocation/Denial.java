package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;

/**
 * Why an address is not granted.
 *
 * @param state WAITING when it will be granted once the reason ends by itself, else REFUSED
 * @param reason the reason
 * @param message one sentence for the user: what, why and what to do
 */
public record Denial(AllocationState state, AllocationReason reason, String message) {
    static Denial waits(AllocationReason reason, String message) {
        return new Denial(AllocationState.WAITING, reason, message);
    }

    static Denial refused(AllocationReason reason, String message) {
        return new Denial(AllocationState.REFUSED, reason, message);
    }
}
