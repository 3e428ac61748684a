package io.ballast.schemas.contract;

/**
 * One VIP granted.
 *
 * @param family address family
 * @param address canonical address
 * @param subnetId Neutron subnet id the VIP lies in
 * @param networkId Neutron network id of that subnet
 */
public record GrantedVip(IpFamily family, String address, String subnetId, String networkId) {}
