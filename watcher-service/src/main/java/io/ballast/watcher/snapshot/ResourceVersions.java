package io.ballast.watcher.snapshot;

/**
 * Order of metadata.resourceVersion within one resource type. Source: Kubernetes KEP-5504: a decimal number without
 * leading zeros, up to 128 bits and so no {@code long}. A server that does not conform gives no order.
 */
public final class ResourceVersions {
    /** How one version stands to another. */
    public enum Age {
        OLDER,
        SAME,
        NEWER,
        /** They differ, and one of them is no such number: only a live read can tell. */
        UNKNOWN
    }

    private ResourceVersions() {}

    /** How {@code version} stands to {@code other}. */
    public static Age compare(String version, String other) {
        if (version.equals(other)) {
            return Age.SAME;
        }
        if (!isNumber(version) || !isNumber(other)) {
            return Age.UNKNOWN;
        }
        int byLength = Integer.compare(version.length(), other.length());
        return (byLength != 0 ? byLength : version.compareTo(other)) < 0 ? Age.OLDER : Age.NEWER;
    }

    private static boolean isNumber(String version) {
        return !version.isEmpty()
                && (version.charAt(0) != '0' || version.length() == 1)
                && version.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }
}
