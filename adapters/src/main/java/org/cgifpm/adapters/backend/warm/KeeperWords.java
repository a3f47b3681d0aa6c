package org.cgifpm.adapters.backend.warm;

import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.os.ExitStatus;

/** Reads what a keeper says. Pure; lines are ISO-8859-1, and of what is for people nothing but printable ASCII stays. */
final class KeeperWords {
    private static final int LONGEST_TEXT = 300;
    private static final int MOST_FIELDS = 8;

    private KeeperWords() {}

    /** Empty if no keeper would say that. */
    static Optional<KeeperWord> read(String line) {
        int space = line.indexOf(' ');
        String rest = space < 0 ? "" : line.substring(space + 1);
        try {
            return Optional.ofNullable(word(space < 0 ? line : line.substring(0, space), rest));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    @SuppressWarnings("NullAway") // null is what it says of no word at all, for the caller alone
    private static KeeperWord word(String kind, String rest) {
        String[] fields = rest.split(" ", MOST_FIELDS);
        return switch (kind) {
            case "ready" -> new KeeperWord.Ready(text(rest));
            case "failed" -> new KeeperWord.Failed(text(rest));
            case "modules" -> new KeeperWord.Modules(names(rest));
            case "forked" -> new KeeperWord.Forked(request(fields[0]), pid(fields[1]));
            case "ended" ->
                new KeeperWord.Ended(
                        request(fields[0]),
                        pid(fields[1]),
                        ExitStatus.of(Integer.parseInt(fields[2]), micros(fields[3]), micros(fields[4])),
                        fields[5].equals("1"));
            case "gone" -> new KeeperWord.Gone(request(fields[0]));
            case "busy" -> new KeeperWord.Busy(request(fields[0]), Integer.parseInt(fields[1]));
            case "cold" -> new KeeperWord.Cold(request(fields[0]), text(rest.substring(fields[0].length())));
            case "lacks" -> new KeeperWord.Lacks(names(fields[0]), text(rest.substring(fields[0].length())));
            case "stale" -> new KeeperWord.Stale(text(rest));
            default -> null;
        };
    }

    private static long request(String digits) {
        return Long.parseLong(digits);
    }

    private static int pid(String digits) {
        int pid = Integer.parseInt(digits);
        if (pid < 2) {
            throw new NumberFormatException("no child of anybody has the number " + pid);
        }
        return pid;
    }

    private static long micros(String digits) {
        return Math.max(0, Long.parseLong(digits));
    }

    private static List<String> names(String list) {
        return list.isEmpty()
                ? List.of()
                : List.of(text(list, Integer.MAX_VALUE).split(","));
    }

    private static String text(String said) {
        return text(said, LONGEST_TEXT);
    }

    private static String text(String said, int longest) {
        String stripped = said.strip();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(longest, stripped.length()); i++) {
            char c = stripped.charAt(i);
            text.append(c < ' ' || c > '~' ? '?' : c);
        }
        return text.toString();
    }
}
