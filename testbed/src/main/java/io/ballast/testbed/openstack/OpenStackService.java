package io.ballast.testbed.openstack;

/** One of the three services that the model answers for. Type and name are those of the Keystone catalogue. */
public enum OpenStackService {
    KEYSTONE("identity", "keystone"),
    NEUTRON("network", "neutron"),
    OCTAVIA("load-balancer", "octavia");

    private final String catalogType;
    private final String catalogName;

    OpenStackService(String catalogType, String catalogName) {
        this.catalogType = catalogType;
        this.catalogName = catalogName;
    }

    /** The {@code type} of the catalogue entry. */
    public String catalogType() {
        return catalogType;
    }

    /** The {@code name} of the catalogue entry. */
    public String catalogName() {
        return catalogName;
    }
}
