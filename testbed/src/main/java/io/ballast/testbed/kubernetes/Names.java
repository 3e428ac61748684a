package io.ballast.testbed.kubernetes;

import java.util.UUID;

/** Where uids and the random ends of names come from: a counter mixed with a seed, so that a run repeats exactly. */
final class Names {
    /** The alphabet of Kubernetes names: no vowels, so no words. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private final long seed;
    private long counter;

    Names(long seed) {
        this.seed = seed;
    }

    private static long mix(long value) { // SplitMix64
        var z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    String uid() {
        counter++;
        var high = mix(seed * 31 + counter);
        var low = mix(high ^ counter);
        return new UUID((high & ~0xF000L) | 0x4000L, (low & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L).toString();
    }

    /** A uid that depends on the seed alone, for what keeps its uid through restarts of a model. */
    String stableUid(String name) {
        var high = mix(seed * 31 + name.hashCode());
        var low = mix(high);
        return new UUID((high & ~0xF000L) | 0x4000L, (low & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L).toString();
    }

    /** Five characters, as behind a {@code generateName}. */
    String suffix() {
        counter++;
        return spell(mix(seed * 31 + counter), 5);
    }

    /** The same characters for the same content, as in the name of a ReplicaSet. */
    static String hash(String content, int length) {
        var value = 0L;
        for (var i = 0; i < content.length(); i++) {
            value = mix(value ^ content.charAt(i));
        }
        return spell(value, length);
    }

    private static String spell(long value, int length) {
        var text = new StringBuilder(length);
        var rest = value;
        for (var i = 0; i < length; i++) {
            text.append(ALPHABET.charAt((int) Long.remainderUnsigned(rest, ALPHABET.length())));
            rest = Long.divideUnsigned(rest, ALPHABET.length());
        }
        return text.toString();
    }
}
