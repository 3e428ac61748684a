package io.ballast.translator.translation;

/** What the members of pools are. */
public enum MemberKind {
    /** Addresses and target ports of endpoints. */
    PODS,
    /** InternalIP of nodes and node ports. */
    NODES
}
