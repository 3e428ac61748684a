package io.ballast.runtime.config;

import java.util.Locale;
import java.util.stream.Stream;

/** Which properties of others must not be seen. */
final class Masking {
    private Masking() {}

    static boolean isSecret(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return Stream.of("password", "secret", "jaas", "token", "ssl.key", "keystore.key", "credential")
                .anyMatch(lower::contains);
    }
}
