package io.ballast.schemas.contract;

import java.util.Arrays;
import java.util.Optional;

/** Text of addresses, read and written without a library, a resolver or a locale. Sources: RFC 4291 §2.2, RFC 5952 §4. */
final class IpText {
    private static final int GROUPS = 8;
    private static final int SHOWN_MAX = 80;

    private IpText() {}

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
            return groups(text, false).filter(groups -> groups.length == GROUPS).map(IpText::of);
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
        if (text.isEmpty() || text.length() > 4 || !text.chars().allMatch(IpText::isHexadecimal)) {
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
