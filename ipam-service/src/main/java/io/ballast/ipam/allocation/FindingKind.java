package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.Finding;
import io.ballast.schemas.contract.FindingSeverity;
import java.util.Locale;

/** Everything that the pre-flight can find: a closed list, documented in docs/reference/findings.md. */
public enum FindingKind {
    /** The subnet of VIPs is not there, not visible, or its name is not unique. */
    SUBNET_MISSING(FindingSeverity.ERROR),
    /** A VIP range is not inside its subnet. */
    VIP_RANGE_OUTSIDE_SUBNET(FindingSeverity.ERROR),
    /** A VIP range overlaps an allocation pool. */
    VIP_RANGE_IN_ALLOCATION_POOL(FindingSeverity.ERROR),
    /** The gateway lies in a VIP range. */
    GATEWAY_IN_VIP_RANGE(FindingSeverity.ERROR),
    /** The subnet of VIPs has no gateway. */
    GATEWAY_MISSING(FindingSeverity.ERROR),
    /** No router has an interface on the subnet of VIPs. */
    ROUTER_MISSING(FindingSeverity.WARNING),
    /** The subnet of VIPs has DHCP, and pods are elsewhere. */
    DHCP_ON_VIP_SUBNET(FindingSeverity.WARNING),
    /** The subnet of VIPs has no allocation pool for the ports of amphorae. */
    ALLOCATION_POOL_MISSING(FindingSeverity.ERROR),
    /** The network of an external pool is not there, or not visible. */
    EXTERNAL_NETWORK_MISSING(FindingSeverity.ERROR),
    /** The network of an external pool is not external. */
    NETWORK_NOT_EXTERNAL(FindingSeverity.ERROR),
    /** No router leads from a subnet of VIPs to the network of an external pool. */
    ROUTER_PATH_MISSING(FindingSeverity.ERROR),
    /** The router of a subnet of VIPs is not visible. */
    ROUTER_NOT_VISIBLE(FindingSeverity.WARNING),
    /** A subnet of pods is not there, not visible, or not unique. */
    POD_SUBNET_MISSING(FindingSeverity.WARNING),
    /** No router joins the subnet of VIPs and one of pods. */
    POD_PATH_MISSING(FindingSeverity.WARNING),
    /** No way leads from a subnet of pods to a host of the API server. */
    API_HOST_UNREACHABLE(FindingSeverity.WARNING),
    /** A security group of pods is not there, not visible, or not unique. */
    POD_SECURITY_GROUP_MISSING(FindingSeverity.WARNING),
    /** The security groups of pods do not let a protocol in from where load balancers send. */
    POD_SECURITY_GROUP_RULE_MISSING(FindingSeverity.WARNING),
    /** Less than a tenth of a quota is left. */
    QUOTA_LOW(FindingSeverity.WARNING),
    /** No credentials are configured. */
    NO_CREDENTIALS(FindingSeverity.WARNING),
    /** Neutron was not read once. */
    NEUTRON_UNAVAILABLE(FindingSeverity.ERROR);

    private final FindingSeverity severity;

    FindingKind(FindingSeverity severity) {
        this.severity = severity;
    }

    public FindingSeverity severity() {
        return severity;
    }

    /** Its name in records: lower case with hyphens. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Finding finding(String message, String command) {
        return new Finding(severity, code(), message, command);
    }
}
