package io.ballast.testbed.openstack;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** An IPv4 or IPv6 address; its text is canonical (RFC 5952). */
record Ip(BigInteger value, int version) implements Comparable<Ip> {

    /** Four numbers, or something with a colon; no zone. */
    private static final Pattern SHAPE = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    static Optional<Ip> parse(String text) {
        try {
            if (!SHAPE.matcher(text).matches()) {
                return Optional.empty();
            }
            var bytes = InetAddress.ofLiteral(text).getAddress();
            return Optional.of(new Ip(new BigInteger(1, bytes), bytes.length == 4 ? 4 : 6));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static Ip of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not an IP address: " + text));
    }

    Ip plus(long count) {
        return new Ip(value.add(BigInteger.valueOf(count)), version);
    }

    @Override
    public int compareTo(Ip other) {
        return version == other.version ? value.compareTo(other.value) : Integer.compare(version, other.version);
    }

    @Override
    public String toString() {
        return version == 4 ? textV4() : textV6();
    }

    private String textV4() {
        long v = value.longValue();
        return (v >> 24 & 255) + "." + (v >> 16 & 255) + "." + (v >> 8 & 255) + "." + (v & 255);
    }

    private String textV6() {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = value.shiftRight(16 * (7 - i)).intValue() & 0xFFFF;
        }
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > bestLength) {
                best = i;
                bestLength = end - i;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                text.append("::");
                i += bestLength - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** A network: its first address and the length of its prefix. */
    record Cidr(Ip first, int prefix) {
        static Optional<Cidr> parse(String text) {
            int slash = text.indexOf('/');
            if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
                return Optional.empty();
            }
            int prefix = Integer.parseInt(text.substring(slash + 1));
            return Ip.parse(text.substring(0, slash))
                    .filter(ip -> prefix <= ip.bits())
                    .map(ip -> new Cidr(
                            new Ip(ip.value.shiftRight(ip.bits() - prefix).shiftLeft(ip.bits() - prefix), ip.version),
                            prefix));
        }

        Ip last() {
            var size = BigInteger.ONE.shiftLeft(first.bits() - prefix);
            return new Ip(first.value.add(size).subtract(BigInteger.ONE), first.version);
        }

        boolean contains(Ip ip) {
            return ip.version == first.version && ip.compareTo(first) >= 0 && ip.compareTo(last()) <= 0;
        }

        /** True for an address that a host may have: not the network's own, not IPv4's broadcast. */
        boolean isHost(Ip ip) {
            return contains(ip) && !ip.equals(first) && !(ip.version == 4 && ip.equals(last()));
        }

        @Override
        public String toString() {
            return first + "/" + prefix;
        }
    }

    private int bits() {
        return version == 4 ? 32 : 128;
    }
}
