package io.ballast.schemas.contract;

/**
 * One listener as Octavia shows it.
 *
 * @param id Octavia id
 * @param name name
 * @param protocol protocol
 * @param port 1..65535
 * @param members members of its default pool
 * @param membersInError those of its members that Octavia last showed in operating status ERROR
 */
public record ObservedListener(String id, String name, String protocol, int port, int members, int membersInError) {
    /** One whose members are all well. */
    public ObservedListener(String id, String name, String protocol, int port, int members) {
        this(id, name, protocol, port, members, 0);
    }
}
