package org.cgifpm.daemon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Locale;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.log.LogText;

/** Figures and texts as people are shown them. Pure. */
final class Shown {
    private static final double MICROS = 1e6;
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;
    private static final int DAY = 86400;

    private Shown() {}

    /** What somebody else wrote: it cannot steer the terminal. */
    static String text(String text) {
        return LogText.ofBytes(ByteText.fromText(text));
    }

    /** A member that is a text, "" where there is none. */
    static String text(JsonObject of, String member) {
        JsonElement value = of.get(member);
        return value == null || value.isJsonNull() ? "" : text(value.getAsString());
    }

    static long number(JsonObject of, String member) {
        return of.get(member).getAsLong();
    }

    /** Exact below 100,000, in four digits beyond. */
    static String count(long count) {
        if (count < 100_000) {
            return Long.toString(count);
        }
        double rest = count;
        String units = "kMGT";
        int unit = -1;
        while (rest >= 1000 && unit < units.length() - 1) {
            rest /= 1000;
            unit++;
        }
        return digits(rest) + units.charAt(unit);
    }

    static String bytes(long bytes) {
        double rest = bytes;
        String units = "BkMGT";
        int unit = 0;
        while (rest >= 1000 && unit < units.length() - 1) {
            rest /= 1024;
            unit++;
        }
        return (unit == 0 ? Long.toString(bytes) : digits(rest)) + units.charAt(unit);
    }

    static String rate(double perSecond) {
        return perSecond < 1000 ? digits(perSecond) : count(Math.round(perSecond));
    }

    /** A short time, {@code -} where there is none. */
    static String seconds(double seconds) {
        if (Double.isNaN(seconds)) {
            return "-";
        }
        return seconds < 1 ? digits(seconds * 1000) + "ms" : digits(seconds) + "s";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f" : "%.0f", value);
    }

    /** How long something has lasted: {@code 1.5s}, {@code 2:05}, {@code 3:04:05}, {@code 2d 03:04}. */
    static String lasted(long micros) {
        long whole = micros / 1_000_000;
        if (whole < MINUTE) {
            return String.format(Locale.ROOT, "%.1fs", Math.floor(micros / MICROS * 10) / 10);
        }
        long minutes = whole / MINUTE % MINUTE;
        long seconds = whole % MINUTE;
        if (whole < HOUR) {
            return String.format(Locale.ROOT, "%d:%02d", minutes, seconds);
        }
        if (whole < DAY) {
            return String.format(Locale.ROOT, "%d:%02d:%02d", whole / HOUR, minutes, seconds);
        }
        return String.format(Locale.ROOT, "%dd %02d:%02d", whole / DAY, whole % DAY / HOUR, minutes);
    }
}
