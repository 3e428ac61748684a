package io.ballast.schemas.contract;

/**
 * What octavia-service did by itself about a load balancer in ERROR.
 *
 * @param kind what it did
 * @param loadBalancerId Octavia id of the one that was in ERROR
 * @param atMillis when, milliseconds since 1970-01-01 UTC, by the clock of octavia-service
 */
public record Repair(RepairKind kind, String loadBalancerId, long atMillis) {}
