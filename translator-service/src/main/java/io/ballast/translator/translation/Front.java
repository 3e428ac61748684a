package io.ballast.translator.translation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the TCP listeners of a Service do beyond passing bytes on; UDP and SCTP never do any of it.
 *
 * @param proxy PROXY protocol towards members
 * @param forwardedFor whether X-Forwarded-For is inserted: the listener then speaks HTTP
 * @param tlsContainer Barbican container whose certificate terminates TLS; null for none
 * @param sniContainers further containers, sorted; empty without tlsContainer
 */
record Front(Proxy proxy, boolean forwardedFor, @Nullable String tlsContainer, List<String> sniContainers) {
    /** PROXY protocol. */
    enum Proxy {
        NONE,
        V1,
        V2
    }

    static final Front PLAIN = new Front(Proxy.NONE, false, null, List.of());

    Front {
        sniContainers = List.copyOf(sniContainers);
    }

    /** Whether listeners speak HTTP to clients, plain or within TLS. */
    boolean speaksHttp() {
        return forwardedFor || tlsContainer != null;
    }
}
