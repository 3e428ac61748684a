package io.ballast.schemas.contract;

import java.util.regex.Pattern;

/**
 * A Kubernetes Service in one of the clusters. Its text {@code cluster/namespace/name} is the key of everything about the
 * Service and decides its partition.
 *
 * @param cluster configured name of the cluster: 1..63 of a-z, 0-9, "-" and ".", beginning and ending alphanumeric
 * @param namespace Kubernetes namespace, a DNS label
 * @param name Kubernetes name, a DNS label
 */
public record ServiceKey(String cluster, String namespace, String name) implements Comparable<ServiceKey> {
    private static final Pattern PART = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");

    public ServiceKey {
        check("cluster", cluster);
        check("namespace", namespace);
        check("name", name);
    }

    /** Reads {@link #toString()} back. Throws {@link IllegalArgumentException} naming the part that is wrong. */
    public static ServiceKey parse(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("key '%s' is not cluster/namespace/name".formatted(text));
        }
        return new ServiceKey(parts[0], parts[1], parts[2]);
    }

    private static void check(String part, String value) {
        if (!PART.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "%s '%s' is not 1..63 of a-z, 0-9, '-' and '.', beginning and ending with a letter or digit"
                            .formatted(part, value));
        }
    }

    @Override
    public int compareTo(ServiceKey other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return cluster + "/" + namespace + "/" + name;
    }
}
