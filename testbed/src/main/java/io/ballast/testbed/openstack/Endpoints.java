package io.ballast.testbed.openstack;

/** Base addresses of the three services, without a version and without a slash at the end. */
public record Endpoints(String keystone, String neutron, String octavia) {

    /** Addresses for a model that nobody reaches over HTTP. */
    public static Endpoints inMemory() {
        return new Endpoints("http://keystone.test", "http://neutron.test", "http://octavia.test");
    }

    /** The base address of one service. */
    public String of(OpenStackService service) {
        return switch (service) {
            case KEYSTONE -> keystone;
            case NEUTRON -> neutron;
            case OCTAVIA -> octavia;
        };
    }
}
