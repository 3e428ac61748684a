package io.ballast.schemas.contract;

/**
 * An EndpointSlice of a Service; its text {@code cluster/namespace/name/slice} is the key in endpoint-slices. It lies in
 * the partition of its Service.
 *
 * @param service the Service it belongs to
 * @param slice metadata.name of the slice, a DNS subdomain
 */
public record SliceKey(ServiceKey service, String slice) {
    public SliceKey {
        if (slice.isEmpty() || slice.length() > 253 || slice.indexOf('/') >= 0) {
            throw new IllegalArgumentException("slice name '%s' is not 1..253 characters without '/'".formatted(slice));
        }
    }

    /** Reads {@link #toString()} back. Throws {@link IllegalArgumentException} naming the part that is wrong. */
    public static SliceKey parse(String text) {
        int last = text.lastIndexOf('/');
        if (last < 0) {
            throw new IllegalArgumentException("key '%s' is not cluster/namespace/name/slice".formatted(text));
        }
        return new SliceKey(ServiceKey.parse(text.substring(0, last)), text.substring(last + 1));
    }

    @Override
    public String toString() {
        return service + "/" + slice;
    }
}
