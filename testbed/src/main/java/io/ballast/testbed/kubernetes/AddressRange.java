package io.ballast.testbed.kubernetes;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A CIDR block with address arithmetic, for both families. Texts are canonical (RFC 5952). */
record AddressRange(BigInteger base, int prefix, boolean isIpv6) {
    private static final Pattern IPV4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}");
    private static final Pattern LEADING_ZEROS = Pattern.compile("(?<![0-9a-fA-F:])0+(?=\\d+(\\.|$))");
    private static final Pattern LONGEST_ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?=:|$)");

    /** Parses {@code 10.2.0.0/17} or {@code fd10::/112}; host bits must be zero. */
    static AddressRange parse(String cidr) {
        var parts = cidr.split("/", -1);
        var bytes = parts.length == 2 ? literal(parts[0]) : Optional.<byte[]>empty();
        if (bytes.isEmpty() || !parts[1].matches("\\d{1,3}")) {
            throw new IllegalArgumentException("'" + cidr + "' is not a CIDR block such as 10.2.0.0/16 or fd10::/112");
        }
        var range =
                new AddressRange(new BigInteger(1, bytes.get()), Integer.parseInt(parts[1]), bytes.get().length == 16);
        if (range.prefix > range.bits() || range.base.mod(range.size()).signum() != 0) {
            throw new IllegalArgumentException("'" + cidr + "' has host bits set or too long a prefix");
        }
        return range;
    }

    private static Optional<byte[]> literal(String text) {
        try {
            if (text.contains(":") && !text.contains("%") && !text.contains("[")) {
                var address = InetAddress.ofLiteral(text);
                return address instanceof Inet6Address ? Optional.of(address.getAddress()) : Optional.empty();
            }
            return IPV4.matcher(text).matches()
                    ? Optional.of(InetAddress.ofLiteral(text).getAddress())
                    : Optional.empty();
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    static boolean isAddress(String text) {
        return literal(text).isPresent();
    }

    /** Whether Kubernetes takes it for a range: leading zeros are nothing to it. Source: {@code netutils.ParseCIDRSloppy}. */
    static boolean isCidr(String text) {
        var parts = text.split("/", -1);
        var bytes =
                parts.length == 2 ? literal(LEADING_ZEROS.matcher(parts[0]).replaceAll("")) : Optional.<byte[]>empty();
        return bytes.isPresent()
                && parts[1].matches("\\d{1,3}")
                && Integer.parseInt(parts[1]) <= bytes.get().length * 8;
    }

    static boolean isIpv6(String address) {
        return address.contains(":");
    }

    private int bits() {
        return isIpv6 ? 128 : 32;
    }

    BigInteger size() {
        return BigInteger.ONE.shiftLeft(bits() - prefix);
    }

    /** How many addresses a Service or a pod may get: without the first, and for IPv4 without the last (broadcast). Capped. */
    int usable() {
        var reserved = isIpv6 ? BigInteger.ONE : BigInteger.TWO;
        return size().subtract(reserved).min(BigInteger.valueOf(65_536)).intValueExact();
    }

    boolean contains(String address) {
        var bytes = literal(address);
        if (bytes.isEmpty() || (bytes.get().length == 16) != isIpv6) {
            return false;
        }
        var offset = new BigInteger(1, bytes.get()).subtract(base);
        return offset.signum() >= 0 && offset.compareTo(size()) < 0;
    }

    /** The canonical address at an offset from the base. */
    String at(long offset) {
        return format(base.add(BigInteger.valueOf(offset)), isIpv6);
    }

    /** The canonical spelling of an address: {@code FD10:0::1} becomes {@code fd10::1}. */
    static String canonical(String address) {
        return literal(address)
                .map(bytes -> format(new BigInteger(1, bytes), bytes.length == 16))
                .orElse(address);
    }

    private static String format(BigInteger value, boolean isIpv6) {
        var bytes = new byte[isIpv6 ? 16 : 4];
        var digits = value.toByteArray();
        var length = Math.min(digits.length, bytes.length);
        System.arraycopy(digits, digits.length - length, bytes, bytes.length - length, length);
        try {
            var text = InetAddress.getByAddress(bytes).getHostAddress();
            return isIpv6 ? compress(text) : text;
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("address of " + bytes.length + " bytes", impossible);
        }
    }

    private static String compress(String full) {
        var longest = LONGEST_ZEROS
                .matcher(full)
                .results()
                .reduce((one, other) -> length(other.group()) > length(one.group()) ? other : one);
        return longest.map(run ->
                        full.substring(0, run.start()) + "::" + full.substring(Math.min(full.length(), run.end() + 1)))
                .orElse(full);
    }

    private static int length(String zeros) {
        return zeros.startsWith(":") ? zeros.length() - 1 : zeros.length();
    }

    @Override
    public String toString() {
        return format(base, isIpv6) + "/" + prefix;
    }
}
