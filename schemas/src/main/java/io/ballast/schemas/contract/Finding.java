package io.ballast.schemas.contract;

/**
 * One thing the pre-flight found.
 *
 * @param severity how bad it is
 * @param code short stable name, lower-case with hyphens
 * @param message what is wrong, with the values
 * @param command the command that mends it; empty when there is none
 */
public record Finding(FindingSeverity severity, String code, String message, String command) {}
