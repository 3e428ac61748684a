package io.ballast.testbed.layering.offenders.octavia;

/** Nothing wrong here. */
public record Lb(String id) {}
