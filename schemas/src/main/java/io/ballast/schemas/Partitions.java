package io.ballast.schemas;

import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.SliceKey;
import java.nio.charset.StandardCharsets;

/** Which partition a key lies in: murmur2 of the text of its ServiceKey, as Kafka's default partitioner has it. */
public final class Partitions {
    /** Partitions of every topic that is keyed by Service; never changed once topics exist. */
    public static final int DEFAULT_COUNT = 12;

    private Partitions() {}

    public static int of(ServiceKey key, int count) {
        return of(key.toString(), count);
    }

    public static int of(SliceKey key, int count) {
        return of(key.service(), count);
    }

    /** The partition of any other text; for keys of Services use the typed forms. */
    public static int of(String text, int count) {
        return (murmur2(text.getBytes(StandardCharsets.UTF_8)) & 0x7fffffff) % count;
    }

    /** MurmurHash2, 32 bit, with the seed Kafka uses. Source: Kafka's default partitioner; a test compares the two. */
    static int murmur2(byte[] data) {
        final int m = 0x5bd1e995;
        int length = data.length;
        int hash = 0x9747b28c ^ length;
        int words = length / 4;
        for (int i = 0; i < words; i++) {
            int at = i * 4;
            int k = (data[at] & 0xff)
                    | (data[at + 1] & 0xff) << 8
                    | (data[at + 2] & 0xff) << 16
                    | (data[at + 3] & 0xff) << 24;
            k *= m;
            k ^= k >>> 24;
            k *= m;
            hash = hash * m ^ k;
        }
        int tail = words * 4;
        int left = length - tail;
        if (left > 0) {
            for (int i = left - 1; i >= 0; i--) {
                hash ^= (data[tail + i] & 0xff) << (8 * i);
            }
            hash *= m;
        }
        hash ^= hash >>> 13;
        hash *= m;
        return hash ^ hash >>> 15;
    }
}
