package io.ballast.runtime.http;

import io.ballast.runtime.config.ConfigReader;

/**
 * Where health and metrics are served.
 *
 * @param host address to listen on
 * @param port TCP port; 0 takes a free one
 */
public record HttpSettings(String host, int port) {
    /** A free port of this machine alone. */
    public static HttpSettings local() {
        return new HttpSettings("127.0.0.1", 0);
    }

    /** Reads the section {@code http}. */
    public static HttpSettings from(ConfigReader root) {
        var read = root.section("http");
        return new HttpSettings(read.text("host", "0.0.0.0"), read.integer("port", 0, 65_535, 8080));
    }
}
