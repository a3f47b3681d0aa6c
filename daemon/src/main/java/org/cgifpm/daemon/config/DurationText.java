package org.cgifpm.daemon.config;

import java.time.Duration;

/** Reads and writes times: a whole number and a unit, {@code "250ms" "10s" "5m" "1h"}; {@code "0"} needs none. */
final class DurationText {
    /** A year: longer is a mistake, and everything below fits into nanoseconds. */
    static final Duration LONGEST = Duration.ofDays(365);

    private DurationText() {}

    static Duration parse(String text) throws BadValueException {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > 15) {
            throw refused(text, text.startsWith("-") ? "is negative" : "is not a time");
        }
        long number = Long.parseLong(text.substring(0, digits));
        String unit = text.substring(digits);
        if (number == 0 && unit.isEmpty()) {
            return Duration.ZERO;
        }
        long millis = switch (unit) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "" -> throw new BadValueException(Wording.quote(text) + " has no unit; write \"" + number + "s\"");
            default -> throw refused(text, "is not a time");
        };
        if (number > LONGEST.toMillis() / millis) {
            throw new BadValueException(Wording.quote(text) + " is more than a year; the longest is \"8760h\"");
        }
        return Duration.ofMillis(number * millis);
    }

    private static BadValueException refused(String text, String why) {
        return new BadValueException(Wording.quote(text) + " " + why
                + "; write a whole number and ms, s, m or h, such as \"250ms\" or \"10s\"");
    }

    /** The shortest text without a fraction; up to two minutes in seconds, as people write them. */
    static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        if (millis < 120_000 || millis % 60_000 != 0) {
            return millis / 1000 + "s";
        }
        return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis / 60_000 + "m";
    }
}
