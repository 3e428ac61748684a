package io.ballast.schemas.contract;

/**
 * How many members are in one operating status.
 *
 * @param operatingStatus operating status as Octavia last showed it; UNKNOWN for what was written since
 * @param members how many, at least 1
 */
public record MemberCount(OperatingStatus operatingStatus, int members) {}
