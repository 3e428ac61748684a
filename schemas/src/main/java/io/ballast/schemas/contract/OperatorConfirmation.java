package io.ballast.schemas.contract;

import java.util.List;

/**
 * What a person confirmed. Topic operator, key cluster/… .
 *
 * @param kind what is confirmed
 * @param cluster cluster it is about
 * @param uids uids of the Services whose held deletion is confirmed, sorted
 * @param confirmedBy who said so, in their own words
 * @param confirmedEpochMillis when, milliseconds since 1970
 */
public record OperatorConfirmation(
        ConfirmationKind kind, String cluster, List<String> uids, String confirmedBy, long confirmedEpochMillis) {
    public OperatorConfirmation {
        uids = List.copyOf(uids);
    }
}
