package io.ballast.testbed.packets;

/** A network namespace with a port in Neutron. */
record Pod(String name, String ipv4, String ipv6) {
    /** Reads "NAME PORT-ID IPV4 IPV6". */
    static Pod parse(String line) {
        var words = line.strip().split(" ", -1);
        if (words.length != 4) {
            throw new IllegalArgumentException("not a pod of both families: " + line);
        }
        return words[2].contains(":") ? new Pod(words[0], words[3], words[2]) : new Pod(words[0], words[2], words[3]);
    }

    String address(boolean isIpv6) {
        return isIpv6 ? ipv6 : ipv4;
    }
}
