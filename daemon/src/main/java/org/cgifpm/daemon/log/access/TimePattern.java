package org.cgifpm.daemon.log.access;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/**
 * A time as strftime(3) writes it in the C locale: English names, whatever the machine's language, so that lines can be
 * read by programs.
 */
final class TimePattern {
    /** All of POSIX's but {@code %n}, which would cut the line. */
    private static final String KNOWN = "aAbBcCdDeFgGhHIjklmMpPrRsStTuUVwWxXyYzZ%";

    private static final DateTimeFormatter ZONE_NAME = DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH);

    private final String pattern;
    private final ZoneId zone;

    private TimePattern(String pattern, ZoneId zone) {
        this.pattern = pattern;
        this.zone = zone;
    }

    static TimePattern parse(String pattern, ZoneId zone) throws AccessFormatException {
        boolean letter = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            boolean last = i == pattern.length() - 1;
            if (letter ? KNOWN.indexOf(c) < 0 : c == '%' && last) {
                String found = letter ? "%" + c : "%";
                throw new AccessFormatException(
                        found + " is no part of a time; strftime(3)'s letters are known, but for %n");
            }
            letter = !letter && c == '%';
            if (c < ' ' && c != '\t') {
                throw new AccessFormatException("a control character in a time would cut or hide the line");
            }
        }
        return new TimePattern(pattern, zone);
    }

    void append(long millis, StringBuilder line) {
        ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(zone);
        boolean letter = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (letter) {
                append(c, time, line);
            } else if (c != '%') {
                line.append(c);
            }
            letter = !letter && c == '%';
        }
    }

    private static void append(char letter, ZonedDateTime time, StringBuilder line) {
        switch (letter) {
            case 'a' -> line.append(time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
            case 'A' -> line.append(time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
            case 'b', 'h' -> line.append(time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
            case 'B' -> line.append(time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
            case 'c' -> all("a b e T Y", time, line, ' ');
            case 'C' -> padded(line, time.getYear() / 100, 2, '0');
            case 'd' -> padded(line, time.getDayOfMonth(), 2, '0');
            case 'D', 'x' -> all("m d y", time, line, '/');
            case 'e' -> padded(line, time.getDayOfMonth(), 2, ' ');
            case 'F' -> all("Y m d", time, line, '-');
            case 'g' -> padded(line, time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0');
            case 'G' -> padded(line, time.get(IsoFields.WEEK_BASED_YEAR), 4, '0');
            case 'j' -> padded(line, time.getDayOfYear(), 3, '0');
            case 'm' -> padded(line, time.getMonthValue(), 2, '0');
            case 'u' -> line.append(time.getDayOfWeek().getValue());
            case 'U' -> padded(line, week(time, DayOfWeek.SUNDAY), 2, '0');
            case 'V' -> padded(line, time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
            case 'w' -> line.append(time.getDayOfWeek().getValue() % 7);
            case 'W' -> padded(line, week(time, DayOfWeek.MONDAY), 2, '0');
            case 'y' -> padded(line, time.getYear() % 100, 2, '0');
            case 'Y' -> line.append(time.getYear());
            case '%' -> line.append('%');
            default -> ofDay(letter, time, line);
        }
    }

    private static void ofDay(char letter, ZonedDateTime time, StringBuilder line) {
        String half = time.getHour() < 12 ? "AM" : "PM";
        switch (letter) {
            case 'H' -> padded(line, time.getHour(), 2, '0');
            case 'I' -> padded(line, time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, '0');
            case 'k' -> padded(line, time.getHour(), 2, ' ');
            case 'l' -> padded(line, time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, ' ');
            case 'M' -> padded(line, time.getMinute(), 2, '0');
            case 'p' -> line.append(half);
            case 'P' -> line.append(half.toLowerCase(Locale.ROOT));
            case 'r' -> {
                all("I M S", time, line, ':');
                line.append(' ').append(half);
            }
            case 'R' -> all("H M", time, line, ':');
            case 's' -> line.append(time.toEpochSecond());
            case 'S' -> padded(line, time.getSecond(), 2, '0');
            case 't' -> line.append('\t');
            case 'T', 'X' -> all("H M S", time, line, ':');
            case 'z' -> offset(time.getOffset().getTotalSeconds(), line);
            case 'Z' -> line.append(zoneName(time));
            default -> throw new IllegalStateException("%" + letter + " was not checked");
        }
    }

    /** Letters with something between them. */
    private static void all(String letters, ZonedDateTime time, StringBuilder line, char between) {
        for (int i = 0; i < letters.length(); i++) {
            if (letters.charAt(i) == ' ') {
                line.append(between);
            } else {
                append(letters.charAt(i), time, line);
            }
        }
    }

    private static void padded(StringBuilder line, int number, int width, char with) {
        String digits = Integer.toString(number);
        line.append(String.valueOf(with).repeat(Math.max(0, width - digits.length())));
        line.append(digits);
    }

    /** The week of the year, 0 to 53, where weeks begin with that day and days before the first such one are week 0. */
    private static int week(ZonedDateTime time, DayOfWeek first) {
        int sinceFirst = Math.floorMod(time.getDayOfWeek().getValue() - first.getValue(), 7);
        return (time.getDayOfYear() + 6 - sinceFirst) / 7;
    }

    private static void offset(int seconds, StringBuilder line) {
        int minutes = Math.abs(seconds) / 60;
        line.append(seconds < 0 ? '-' : '+');
        padded(line, minutes / 60 * 100 + minutes % 60, 4, '0');
    }

    private static String zoneName(ZonedDateTime time) {
        return ZONE_NAME.format(time).replace("Z", "UTC");
    }
}
