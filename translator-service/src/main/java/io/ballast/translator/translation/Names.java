package io.ballast.translator.translation;

import io.ballast.schemas.contract.EndpointTarget;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.ServiceKey;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Names of what lies in Octavia: printable ASCII, at most 255 characters. Nothing is ever found by them. */
final class Names {
    static final int LENGTH_MAX = 255;

    private Names() {}

    /** {@code ns/name}; a second load balancer of the Service carries its family too. */
    static String loadBalancer(ServiceKey key, @Nullable IpFamily second) {
        var name = key.namespace() + "/" + key.name();
        return fitting(second == null ? name : name + ":" + second.name().toLowerCase(Locale.ROOT));
    }

    /** {@code ns/name:PROTO:port}, for a listener and its pool. */
    static String child(ServiceKey key, ListenerProtocol protocol, int port) {
        return fitting(key.namespace() + "/" + key.name() + ":" + protocol + ":" + port);
    }

    /** {@code podns/podname:port}; of an endpoint without target, the Service's namespace and name. */
    static String member(ServiceKey key, @Nullable EndpointTarget target, int port) {
        return target == null || target.name().isEmpty()
                ? fitting(key.namespace() + "/" + key.name() + ":" + port)
                : fitting(target.namespace() + "/" + target.name() + ":" + port);
    }

    static String node(String node, int port) {
        return fitting(node + ":" + port);
    }

    /** Cut where it is too long, with a hash of the whole instead of the end. */
    static String fitting(String name) {
        var plain = name.replaceAll("[^\\x21-\\x7e]", "_");
        if (plain.length() <= LENGTH_MAX) {
            return plain;
        }
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return plain.substring(0, LENGTH_MAX - 9) + "-%08x".formatted(crc.getValue());
    }
}
