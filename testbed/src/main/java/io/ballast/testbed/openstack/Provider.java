package io.ballast.testbed.openstack;

import java.util.Optional;

/** The two Octavia drivers that are modelled; {@code octavia} is the deprecated alias of the first. */
public enum Provider {
    AMPHORA("amphora"),
    OVN("ovn");

    private final String label;

    Provider(String label) {
        this.label = label;
    }

    /** The name on the wire. */
    public String label() {
        return label;
    }

    static Optional<Provider> named(String name) {
        return switch (name) {
            case "amphora", "octavia" -> Optional.of(AMPHORA);
            case "ovn" -> Optional.of(OVN);
            default -> Optional.empty();
        };
    }
}
