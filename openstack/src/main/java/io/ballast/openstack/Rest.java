package io.ballast.openstack;

/** One cloud, one project: sends authenticated requests. Implementations are safe for use by several threads. */
@FunctionalInterface
public interface Rest {
    /** Sends the request and waits for the reply, minutes if need be. What goes wrong is a reply too, never an exception. */
    RestReply send(RestRequest request);
}
