package io.ballast.testbed.kafka;

import io.ballast.runtime.shell.Calls;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Remembers which keys it was called for. */
public final class CopyCalls implements Calls<String, String> {
    private final Set<String> called = new ConcurrentSkipListSet<>();

    /** The keys, sorted. */
    public Set<String> called() {
        return Set.copyOf(called);
    }

    @Override
    public String call(String key) {
        called.add(key);
        return key;
    }

    @Override
    public String failed(String key, RuntimeException cause) {
        return key + " failed: " + cause.getMessage();
    }
}
