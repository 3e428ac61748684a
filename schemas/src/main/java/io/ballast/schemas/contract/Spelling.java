package io.ballast.schemas.contract;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which known name a mistyped one was meant to be. */
public final class Spelling {
    private Spelling() {}

    /** The known name with the fewest changed letters, if at most half of the letters are changed. */
    public static Optional<String> nearest(String typed, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String each) -> distance(typed, each))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(best -> distance(typed, best) <= Math.max(1, best.length() / 2));
    }

    /** Levenshtein distance: letters inserted, deleted or replaced. */
    static int distance(String one, String other) {
        var above = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            var row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[other.length()];
    }
}
