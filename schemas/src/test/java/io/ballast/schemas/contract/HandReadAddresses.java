package io.ballast.schemas.contract;

import java.util.Arrays;
import java.util.Optional;

/** A second reader of addresses, by hand after RFC 4291 §2.2, to hold the first against. */
final class HandReadAddresses {
    private static final int GROUPS = 8;

    private HandReadAddresses() {}

    static Optional<IpAddress> parse4(String text, boolean leadingZeros) {
        var parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        long bits = 0;
        for (var part : parts) {
            int number = octet(part, leadingZeros);
            if (number < 0) {
                return Optional.empty();
            }
            bits = (bits << 8) | number;
        }
        return Optional.of(IpAddress.ipv4(bits));
    }

    /** 0..255, or -1 when the text is no such decimal number. */
    private static int octet(String text, boolean leadingZeros) {
        boolean oddLength = text.isEmpty() || text.length() > 3;
        if (oddLength || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        if (!leadingZeros && text.length() > 1 && text.charAt(0) == '0') {
            return -1;
        }
        int number = Integer.parseInt(text);
        return number <= 255 ? number : -1;
    }

    static Optional<IpAddress> parse6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, false).filter(groups -> groups.length == GROUPS).map(HandReadAddresses::of);
        }
        var head = groups(text.substring(0, gap), true);
        var tail = groups(text.substring(gap + 2), true);
        if (head.isEmpty() || tail.isEmpty() || head.get().length + tail.get().length >= GROUPS) {
            return Optional.empty(); // "::" stands for at least one group
        }
        var all = Arrays.copyOf(head.get(), GROUPS);
        int[] last = tail.get();
        System.arraycopy(last, 0, all, GROUPS - last.length, last.length);
        return Optional.of(of(all));
    }

    private static Optional<int[]> groups(String text, boolean mayBeEmpty) {
        if (text.isEmpty()) {
            return mayBeEmpty ? Optional.of(new int[0]) : Optional.empty();
        }
        var parts = text.split(":", -1);
        var groups = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            groups[i] = group(parts[i]);
            if (groups[i] < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(groups);
    }

    /** 0..0xffff, or -1 when the text is not one to four hexadecimal digits. */
    private static int group(String text) {
        if (text.isEmpty() || text.length() > 4 || !text.chars().allMatch(HandReadAddresses::isHexadecimal)) {
            return -1;
        }
        return Integer.parseInt(text, 16);
    }

    private static boolean isHexadecimal(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static IpAddress of(int[] groups) {
        return IpAddress.ipv6(word(groups, 0), word(groups, 4));
    }

    private static long word(int[] groups, int from) {
        long word = 0;
        for (int i = from; i < from + 4; i++) {
            word = (word << 16) | groups[i];
        }
        return word;
    }
}
