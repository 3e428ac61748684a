package io.ballast.testbed.openstack;

import java.util.UUID;

/** Version 4 UUIDs that depend on nothing but a seed and how many were made before. */
final class Ids {
    private final long seed;
    private long made;

    Ids(long seed) {
        this.seed = seed;
    }

    String next() {
        made++;
        long high = mix(seed ^ (made * 0x9E3779B97F4A7C15L));
        long low = mix(high + made);
        high = (high & 0xFFFFFFFFFFFF0FFFL) | 0x4000L;
        low = (low & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    /** An id as Keystone writes them: 32 hexadecimal digits. */
    String nextHex() {
        return next().replace("-", "");
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
