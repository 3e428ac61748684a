package io.ballast.schemas.contract;

/**
 * One listener as Octavia shows it.
 *
 * @param id Octavia id
 * @param name name
 * @param protocol protocol
 * @param port 1..65535
 * @param members members of its default pool
 */
public record ObservedListener(String id, String name, String protocol, int port, int members) {}
