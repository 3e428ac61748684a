package io.ballast.openstack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The section {@code openstack} of a configuration.
 *
 * @param cloud name of the cloud; empty for that of OS_CLOUD
 * @param cloudsFile its clouds.yaml; empty for where openstacksdk looks
 * @param secureFile its secure.yaml; empty for where openstacksdk looks, or none beside a named clouds.yaml
 * @param readTimeout for the answer to a change
 * @param queryTimeout for the answer to anything else
 * @param requestsPerSecond to each service of the cloud
 */
public record CloudOptions(
        Optional<String> cloud,
        Optional<String> cloudsFile,
        Optional<String> secureFile,
        Duration readTimeout,
        Duration queryTimeout,
        int requestsPerSecond) {
    public static final int DEFAULT_REQUESTS_PER_SECOND = 100;

    /**
     * Where the cloud is, that these options or OS_CLOUD name; empty when neither does: none is found by accident. Throws
     * {@link IllegalArgumentException} when it cannot be used.
     */
    public Optional<CloudSource> find(Map<String, String> environment) {
        if (cloudsFile.isEmpty() && cloud.isEmpty() && !environment.containsKey("OS_CLOUD")) {
            return Optional.empty();
        }
        return Optional.of(new CloudSource(() -> read(environment), requestsPerSecond));
    }

    /**
     * How long after {@link Rest#send} began its request may still reach a service, or be answered: it waits for its turn, for
     * a token at most three times (a 401 is repeated, by settings that were read anew as well), and for its answer.
     */
    public Duration longestSend() {
        return PacedRest.WAIT_MAX
                .plus(CloudSettings.DEFAULT_CONNECT_TIMEOUT.plus(queryTimeout).multipliedBy(3))
                .plus(readTimeout);
    }

    private CloudSettings read(Map<String, String> environment) {
        var name = cloud.orElse(environment.get("OS_CLOUD"));
        var found = cloudsFile.isPresent()
                ? Optional.of(CloudsYaml.read(
                        Path.of(cloudsFile.get()), secureFile.map(Path::of).orElse(null), name))
                : CloudsYaml.find(variables(environment), Path.of(""));
        return found.orElseThrow(
                        () -> new IllegalArgumentException("cloud '%s', but there is no clouds.yaml".formatted(name)))
                .withTimeouts(readTimeout, queryTimeout);
    }

    private Map<String, String> variables(Map<String, String> environment) {
        var variables = new HashMap<>(environment);
        cloud.ifPresent(name -> variables.put("OS_CLOUD", name));
        secureFile.ifPresent(file -> variables.put("OS_CLIENT_SECURE_FILE", file));
        return variables;
    }
}
