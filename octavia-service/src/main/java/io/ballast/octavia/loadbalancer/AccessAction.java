package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpFamily;

/** One write to Neutron about security groups; each may be repeated, and a second one at the same time does no harm. */
public sealed interface AccessAction {
    /** Lets a range in. */
    record AdmitRange(
            String groupId, String groupName, IpFamily family, String protocol, CidrRange source, String description)
            implements AccessAction {}

    /** Takes a rule of ours away, unless somebody changed it meanwhile. */
    record WithdrawRule(String ruleId, String groupId, int revision) implements AccessAction {}

    /** Takes the security groups off a VIP port, unless somebody changed it meanwhile. */
    record BareVipPort(String portId, int revision) implements AccessAction {}

    /** What it does, for a sentence that goes on with why it failed. */
    default String words() {
        return switch (this) {
            case AdmitRange(var id, var name, var _, var protocol, var source, var _) ->
                "security group %s (%s) cannot be made to admit %s from %s".formatted(name, id, protocol, source);
            case WithdrawRule(var id, var groupId, var _) ->
                "rule %s of security group %s cannot be withdrawn".formatted(id, groupId);
            case BareVipPort(var id, var _) -> "VIP port %s keeps its security groups".formatted(id);
        };
    }
}
