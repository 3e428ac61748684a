package io.ballast.schemas.contract;

/**
 * One address of a node. Source: Kubernetes NodeAddress.
 *
 * @param type InternalIP, ExternalIP, Hostname, InternalDNS or ExternalDNS
 * @param address the address, verbatim
 */
public record NodeAddress(String type, String address) {}
