package io.ballast.schemas.contract;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Text of addresses. The IPAddress library reads it, with every leniency off (ADR 0070); it strips blanks whatever its options
 * say, so that only the letters of an address get that far. Sources: RFC 4291 §2.2, RFC 5952 §4.
 */
final class IpText {
    private static final int GROUPS = 8;
    private static final int SHOWN_MAX = 80;
    private static final IPAddressStringParameters STRICT_4 = strict(IpFamily.IPV4, false);
    private static final IPAddressStringParameters ZEROS_4 = strict(IpFamily.IPV4, true);
    private static final IPAddressStringParameters STRICT_6 = strict(IpFamily.IPV6, false);

    private IpText() {}

    /** IPv4, strictly; with leading zeros, which are decimal, where Kubernetes took them. */
    static Optional<IpAddress> parse4(String text, boolean leadingZeros) {
        if (!text.chars().allMatch(c -> c == '.' || isDecimal(c))) {
            return Optional.empty();
        }
        var read = new IPAddressString(text, leadingZeros ? ZEROS_4 : STRICT_4).getAddress();
        return read == null
                ? Optional.empty()
                : Optional.of(IpAddress.ipv4(read.toIPv4().longValue()));
    }

    static Optional<IpAddress> parse6(String text) {
        if (!text.chars().allMatch(c -> c == ':' || isDecimal(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
            return Optional.empty();
        }
        var read = new IPAddressString(text, STRICT_6).getAddress();
        if (read == null) {
            return Optional.empty();
        }
        var words = ByteBuffer.wrap(read.getBytes());
        return Optional.of(IpAddress.ipv6(words.getLong(), words.getLong()));
    }

    private static boolean isDecimal(int c) {
        return c >= '0' && c <= '9';
    }

    /** Nothing but whole addresses of one family: no wildcards, ranges, masks, prefixes, joined parts, zones or other bases. */
    private static IPAddressStringParameters strict(IpFamily family, boolean leadingZeros) {
        var options = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowPrefix(false)
                .allowPrefixOnly(false)
                .allowMask(false)
                .allowWildcardedSeparator(false)
                .setRangeOptions(RangeParameters.NO_RANGE)
                .allow_inet_aton(false)
                .allowIPv4(family == IpFamily.IPV4)
                .allowIPv6(family == IpFamily.IPV6);
        options.getIPv4AddressParametersBuilder()
                .allowBinary(false)
                .allowLeadingZeros(leadingZeros)
                .allowUnlimitedLeadingZeros(false);
        options.getIPv6AddressParametersBuilder()
                .allowBinary(false)
                .allowBase85(false)
                .allowMixed(false)
                .allowZone(false)
                .allowEmptyZone(false)
                .allowLeadingZeros(true)
                .allowUnlimitedLeadingZeros(false);
        return options.toParams();
    }

    static String format4(long bits) {
        return (bits >>> 24) + "." + ((bits >>> 16) & 0xff) + "." + ((bits >>> 8) & 0xff) + "." + (bits & 0xff);
    }

    /** Lower case, no leading zeros, the first longest run of two or more zero groups as "::". */
    static String format6(long high, long low) {
        var groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> (16 * (3 - i % 4))) & 0xffff;
        }
        int start = GROUPS;
        int longest = 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = zerosFrom(groups, i);
            if (run > longest) {
                longest = run;
                start = i;
            }
        }
        return start == GROUPS
                ? joined(groups, 0, GROUPS)
                : joined(groups, 0, start) + "::" + joined(groups, start + longest, GROUPS);
    }

    private static int zerosFrom(int[] groups, int from) {
        int to = from;
        while (to < GROUPS && groups[to] == 0) {
            to++;
        }
        return to - from;
    }

    private static String joined(int[] groups, int from, int to) {
        var text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i > from ? ":" : "").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** Foreign text as a message may show it: printable ASCII, not long. */
    static String shortened(String text) {
        var shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
        return shown.replaceAll("[^\\x20-\\x7e…]", "?");
    }
}
