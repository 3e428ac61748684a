package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The ids of a seeded cloud. Subnets are those of the layout's own address family, in layout DUAL of IPv4; in layout SHARED pods and services have the
 * same network and subnet. The application credential belongs to user {@code k8s}.
 */
public record SeededLayout(
        Layout layout,
        String projectId,
        String publicNetworkId,
        String publicSubnetId,
        String podNetworkId,
        String podSubnetId,
        String serviceNetworkId,
        String serviceSubnetId,
        String routerId,
        String podSecurityGroupId,
        String credentialId,
        String credentialSecret) {
    /** Name of the subnet of IPv6 VIPs, where there is one beside that of IPv4. */
    public static final String SERVICE_SUBNET_V6 = "k8s-service-subnet-v6";

    ObjectNode toJson() {
        return Json.object(
                "layout", layout,
                "projectId", projectId,
                "publicNetworkId", publicNetworkId,
                "publicSubnetId", publicSubnetId,
                "podNetworkId", podNetworkId,
                "podSubnetId", podSubnetId,
                "serviceNetworkId", serviceNetworkId,
                "serviceSubnetId", serviceSubnetId,
                "routerId", routerId,
                "podSecurityGroupId", podSecurityGroupId,
                "podCidr", layout.podCidr(),
                "serviceCidr", layout.serviceCidr(),
                "vipCidr", layout.vipCidr());
    }
}
