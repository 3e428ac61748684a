package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * One side of a mutating OpenStack call. Topic load-balancer-outcomes, key cluster/namespace/name; mirrored as JSON. STARTED is committed before the call, then one of the others follows.
 *
 * @param call identity of the call: the same in both records of the pair
 * @param kind what is known
 * @param service octavia or ipam
 * @param epoch ownership epoch: grows with every take-over of the partition
 * @param clusterUid UID of the cluster's kube-system namespace
 * @param serviceUid uid of the Service
 * @param incarnation incarnation of the desired state
 * @param generation generation of the desired state the call serves
 * @param action what is done, like CreateLoadBalancer
 * @param resourceId id of the OpenStack resource; null when not known yet
 * @param status HTTP status of the answer; null for STARTED and UNKNOWN
 * @param message what OpenStack said, for FAILED; empty otherwise
 * @param requestId OpenStack request id; null when none
 * @param tookMillis milliseconds from call to answer; null for STARTED
 */
public record Outcome(
        String call,
        OutcomeKind kind,
        String service,
        long epoch,
        String clusterUid,
        String serviceUid,
        long incarnation,
        long generation,
        String action,
        @Nullable String resourceId,
        @Nullable Integer status,
        String message,
        @Nullable String requestId,
        @Nullable Long tookMillis) {}
