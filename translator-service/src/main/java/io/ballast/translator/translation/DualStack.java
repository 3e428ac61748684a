package io.ballast.translator.translation;

/** How a Service of both address families is served. */
public enum DualStack {
    /** By one load balancer with an additional VIP where the provider can carry it: TCP on amphora, from Octavia API 2.26. */
    ONE,
    /** By one load balancer for each family. */
    PER_FAMILY
}
