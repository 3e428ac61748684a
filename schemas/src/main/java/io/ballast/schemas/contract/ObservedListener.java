package io.ballast.schemas.contract;

import java.util.List;

/**
 * One listener as Octavia shows it.
 *
 * @param id Octavia id
 * @param name name
 * @param protocol protocol
 * @param port 1..65535
 * @param members members of its default pool
 * @param membersInError those of its members that Octavia last showed in operating status ERROR
 * @param operatingStatus its operating status as Octavia last showed it; UNKNOWN while it was written since
 * @param memberCounts its members by operating status, sorted by it; empty when it has none, or nobody counted
 */
public record ObservedListener(
        String id,
        String name,
        String protocol,
        int port,
        int members,
        int membersInError,
        OperatingStatus operatingStatus,
        List<MemberCount> memberCounts) {
    public ObservedListener {
        memberCounts = List.copyOf(memberCounts);
    }

    /** One whose members are all well, as far as anybody knows. */
    public ObservedListener(String id, String name, String protocol, int port, int members) {
        this(id, name, protocol, port, members, 0, OperatingStatus.UNKNOWN, List.of());
    }
}
