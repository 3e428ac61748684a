package io.ballast.openstack;

/** What a request is about, for measurements: a closed list. */
public enum RestResource {
    LOADBALANCERS,
    LISTENERS,
    POOLS,
    MEMBERS,
    HEALTHMONITORS,
    FLOATINGIPS,
    PORTS,
    SUBNETS,
    NETWORKS,
    ROUTERS,
    QUOTAS,
    SECURITY_GROUPS,
    SECURITY_GROUP_RULES,
    /** Anything else, such as the list of API versions. */
    OTHER;

    /** The innermost collection that the path names: {@code …/pools/<id>/members} is about members. */
    public static RestResource of(RestRequest request) {
        var found = OTHER;
        for (var part : request.path().split("/", -1)) {
            for (var resource : values()) {
                if (resource != OTHER && part.replace('-', '_').equalsIgnoreCase(resource.name())) {
                    found = resource;
                }
            }
        }
        return found;
    }
}
