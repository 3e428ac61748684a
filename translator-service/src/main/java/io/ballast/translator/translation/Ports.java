package io.ballast.translator.translation;

/** Port numbers. Kubernetes checks them, but not in every object, and not in every version. */
final class Ports {
    private static final int MAX = 65_535;

    private Ports() {}

    static boolean valid(int port) {
        return port >= 1 && port <= MAX;
    }

    /** Why one is refused. */
    static String sentence(int port) {
        return "Port %d is not in 1..%d.".formatted(port, MAX);
    }
}
