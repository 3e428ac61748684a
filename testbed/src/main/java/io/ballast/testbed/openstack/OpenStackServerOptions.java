package io.ballast.testbed.openstack;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The command line of the server. Port 0 takes free ports; else Keystone, Neutron and Octavia get the port base and the two
 * after it.
 */
record OpenStackServerOptions(
        int portBase, Optional<Path> cloudsYaml, Optional<Path> idsFile, OpenStackModel.Settings settings) {
    static final String USAGE =
            "usage: OpenStackServer [--port-base N] [--layout default|shared|ipv6] [--timing-scale X]"
                    + " [--provider amphora|ovn] [--load-balancing octavia|lbaasv2|lbaas] [--active-standby] [--seed N] [--clouds-yaml FILE] [--ids FILE]";

    /** Reads the arguments; throws in words on one that is unknown, has no value or a bad one. */
    static OpenStackServerOptions parse(List<String> arguments) {
        int portBase = 0;
        Optional<Path> cloudsYaml = Optional.empty();
        Optional<Path> ids = Optional.empty();
        var settings = OpenStackModel.Settings.of(Timing.measured());
        var left = arguments.iterator();
        while (left.hasNext()) {
            var name = left.next();
            if (name.equals("--active-standby")) {
                settings = settings.withActiveStandby();
                continue;
            }
            if (!left.hasNext()) {
                throw new IllegalArgumentException(name + " is unknown or has no value; " + USAGE);
            }
            var value = left.next();
            switch (name) {
                case "--port-base" -> portBase = (int) number(name, value, 0, 65533);
                case "--layout" -> settings = settings.withLayout(Layout.named(value));
                case "--timing-scale" -> settings = settings.withTiming(new Timing(number(name, value, 0, 1000)));
                case "--provider" -> settings = settings.withDefaultProvider(provider(value));
                case "--load-balancing" -> settings = settings.withLoadBalancing(LoadBalancing.named(value));
                case "--seed" -> settings = settings.withSeed((long) number(name, value, 0, Long.MAX_VALUE));
                case "--clouds-yaml" -> cloudsYaml = Optional.of(Path.of(value));
                case "--ids" -> ids = Optional.of(Path.of(value));
                default -> throw new IllegalArgumentException("unknown argument " + name + "; " + USAGE);
            }
        }
        return new OpenStackServerOptions(portBase, cloudsYaml, ids, settings);
    }

    private static Provider provider(String name) {
        return Provider.named(name)
                .orElseThrow(() ->
                        new IllegalArgumentException("no provider named " + name + "; there are amphora and ovn"));
    }

    private static double number(String name, String value, double min, double max) {
        try {
            double number = Double.parseDouble(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below, together with the limits
        }
        throw new IllegalArgumentException(name + " " + value + " is not a number in " + min + ".." + max);
    }
}
