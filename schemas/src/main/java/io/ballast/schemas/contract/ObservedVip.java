package io.ballast.schemas.contract;

/**
 * One VIP of a load balancer.
 *
 * @param address canonical address
 * @param portId Neutron port id; empty when unknown
 * @param subnetId Neutron subnet id; empty when unknown
 */
public record ObservedVip(String address, String portId, String subnetId) {}
