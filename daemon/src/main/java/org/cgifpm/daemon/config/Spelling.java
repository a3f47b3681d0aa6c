package org.cgifpm.daemon.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the word that somebody probably meant. */
final class Spelling {
    private static final int FARTHEST = 2;
    private static final int SHORTEST_PREFIX = 3;

    private Spelling() {}

    /**
     * The known word that is at most two edits away, else one that begins with the wrong word or that the wrong word
     * begins with; null when there is none. Of equals the first.
     */
    static @Nullable String closest(String wrong, Collection<String> known) {
        String best = null;
        int least = FARTHEST + 1;
        for (String word : known) {
            int distance = distance(wrong, word);
            // Two edits turn any two-letter word into any other.
            if (distance < least && distance < word.length() - 1) {
                least = distance;
                best = word;
            }
        }
        if (best != null || wrong.length() < SHORTEST_PREFIX) {
            return best;
        }
        for (String word : known) {
            if (word.startsWith(wrong) || (word.length() >= SHORTEST_PREFIX && wrong.startsWith(word))) {
                return word;
            }
        }
        return null;
    }

    /** Levenshtein's distance, two neighbours exchanged counting as one edit. */
    static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > FARTHEST) {
            return FARTHEST + 1;
        }
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
