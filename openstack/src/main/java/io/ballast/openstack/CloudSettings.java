package io.ballast.openstack;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach one project of one cloud.
 *
 * @param cloud its name, for messages
 * @param authUrl Keystone, ending in /v3
 * @param credentials who we are there
 * @param region region of the catalogue; null for whichever comes first
 * @param face which of the catalogue's URLs
 * @param verify whether certificates are checked
 * @param cacert PEM file of the authorities that are trusted instead of the system's; null for the system's
 * @param connectTimeout for a connection
 * @param readTimeout for the answer to a change; Octavia may take minutes
 * @param queryTimeout for the answer to anything that changes nothing
 */
public record CloudSettings(
        String cloud,
        URI authUrl,
        CloudCredentials credentials,
        @Nullable String region,
        Face face,
        boolean verify,
        @Nullable Path cacert,
        Duration connectTimeout,
        Duration readTimeout,
        Duration queryTimeout) {
    /** An interface of the catalogue. */
    public enum Face {
        PUBLIC,
        INTERNAL,
        ADMIN
    }

    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
    public static final Duration DEFAULT_READ_TIMEOUT = Duration.ofMinutes(5);
    public static final Duration DEFAULT_QUERY_TIMEOUT = Duration.ofSeconds(30);

    /** The same with other times to wait for answers. */
    public CloudSettings withTimeouts(Duration read, Duration query) {
        return new CloudSettings(
                cloud, authUrl, credentials, region, face, verify, cacert, connectTimeout, read, query);
    }
}
