package org.cgifpm.daemon.status.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import org.cgifpm.daemon.status.RunningReport;
import org.cgifpm.daemon.status.page.StatusFields.Field;

/**
 * The page for people. It is complete as it is sent; a script in it asks for the same as JSON every two seconds and puts
 * the new values in the places of the old ones. Nothing comes from elsewhere, and its policy lets nothing run or be shown
 * but that script and that style.
 */
final class HtmlPage {
    private static final String SCRIPT = resource("status.js");
    private static final String STYLE = resource("status.css");
    private static final String POLICY = "default-src 'none'; script-src " + hash(SCRIPT) + "; style-src " + hash(STYLE)
            + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    /** What is shown large, in this order. */
    private static final List<String> MAIN = List.of(
            "active requests",
            "listen queue",
            "max children",
            "requests",
            "request duration p50",
            "request duration p99");

    private HtmlPage() {}

    /** The Content-Security-Policy that the page is sent with. */
    static String policy() {
        return POLICY;
    }

    static String render(Snapshot snapshot, boolean full) {
        ZoneId zone = snapshot.clock().getZone();
        List<Field> fields = StatusFields.of(snapshot);
        String pool = Markup.escaped(snapshot.pool().name());
        StringBuilder out = new StringBuilder(8192);
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(pool)
                .append(" - status</title>\n<style>")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>")
                .append(pool)
                .append(" <small data-field=\"state\">")
                .append(StatusFields.word(snapshot.pool().state()))
                .append("</small> <small id=\"note\"></small></h1>\n<ul class=\"main\">\n");
        for (String name : MAIN) {
            fields.stream().filter(field -> field.name().equals(name)).forEach(field -> item(field, zone, out));
        }
        out.append("</ul>\n");
        if (full) {
            running(snapshot, zone, out);
        }
        out.append("<h2>All figures</h2>\n<dl>\n");
        for (Field field : fields) {
            out.append("<div><dt>").append(field.name()).append("</dt><dd data-field=\"");
            out.append(field.name()).append("\">").append(value(field, zone)).append("</dd></div>\n");
        }
        out.append("</dl>\n");
        out.append(full ? "" : "<p><a href=\"?html&amp;full\">Show the requests that run</a></p>\n");
        return out.append("<script>")
                .append(SCRIPT)
                .append("</script>\n</body>\n</html>\n")
                .toString();
    }

    private static void item(Field field, ZoneId zone, StringBuilder out) {
        out.append("<li><b data-field=\"").append(field.name()).append("\">").append(value(field, zone));
        String unit = field.name().startsWith("request duration") ? " (s)" : "";
        out.append("</b> ").append(field.name()).append(unit).append("</li>\n");
    }

    /** The columns are fields of a process; the script finds them by name. */
    private static void running(Snapshot snapshot, ZoneId zone, StringBuilder out) {
        out.append("<h2>Requests that run</h2>\n<table id=\"processes\">\n<thead><tr>");
        for (Column column : Column.values()) {
            out.append("<th data-column=\"")
                    .append(column.field())
                    .append("\">")
                    .append(column.title());
            out.append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (RunningReport running : snapshot.running()) {
            List<Field> fields = StatusFields.of(running, snapshot.nowMillis());
            out.append("<tr>");
            for (Column column : Column.values()) {
                out.append("<td data-title=\"").append(column.title()).append("\">");
                fields.stream()
                        .filter(field -> field.name().equals(column.field()))
                        .forEach(field -> out.append(value(field, zone)));
                out.append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</tbody>\n</table>\n");
    }

    private static String value(Field field, ZoneId zone) {
        boolean fraction = field.value() instanceof Double;
        return Markup.escaped(fraction ? rounded((Double) field.value()) : PlainPage.value(field.value(), zone));
    }

    /** Three digits that count: people read it. */
    private static String rounded(double number) {
        BigDecimal three = BigDecimal.valueOf(number).round(new MathContext(3));
        return three.signum() == 0 ? "0" : three.stripTrailingZeros().toPlainString();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
