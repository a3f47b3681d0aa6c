package org.cgifpm.daemon.status.page;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.cgifpm.daemon.status.RunningReport;
import org.cgifpm.daemon.status.page.StatusFields.Field;
import org.cgifpm.daemon.status.page.StatusFields.Moment;

/** The page as lines of text, in php-fpm's columns: names with a colon, values from the 23rd column on. */
final class PlainPage {
    private static final int COLUMN = 22;
    private static final String SEPARATOR = "\n************************\n";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);

    private PlainPage() {}

    static String render(Snapshot snapshot, boolean full) {
        ZoneId zone = snapshot.clock().getZone();
        StringBuilder out = new StringBuilder();
        lines(StatusFields.of(snapshot), zone, out);
        if (full) {
            for (RunningReport running : snapshot.running()) {
                out.append(SEPARATOR);
                lines(StatusFields.of(running, snapshot.nowMillis()), zone, out);
            }
        }
        return out.toString();
    }

    private static void lines(List<Field> fields, ZoneId zone, StringBuilder out) {
        for (Field field : fields) {
            // php-fpm writes this one name in another way here than elsewhere.
            String name = field.name().equals("request uri") ? "request URI" : field.name();
            out.append(name).append(':').append(" ".repeat(Math.max(1, COLUMN - name.length() - 1)));
            out.append(value(field.value(), zone)).append('\n');
        }
    }

    /** A value as people read it. */
    static String value(Object value, ZoneId zone) {
        if (value instanceof Moment moment) {
            return TIME.format(Instant.ofEpochMilli(moment.millis()).atZone(zone));
        }
        return value instanceof Double number ? number(number) : value.toString();
    }

    /** As JSON has it too: never with an exponent, at most six digits behind the point. */
    static String number(double number) {
        String text = String.format(Locale.ROOT, "%.6f", number);
        int end = text.length();
        while (text.charAt(end - 1) == '0' && text.charAt(end - 2) != '.') {
            end--;
        }
        return text.substring(0, end);
    }
}
