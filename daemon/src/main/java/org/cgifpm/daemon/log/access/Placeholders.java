package org.cgifpm.daemon.log.access;

import static org.cgifpm.daemon.log.access.Piece.NONE;
import static org.cgifpm.daemon.log.access.Piece.safe;
import static org.cgifpm.daemon.log.access.Piece.safeOrNone;

import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.SignalName;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.jspecify.annotations.Nullable;

/** The placeholders by their letters: php-fpm's, with its meaning and its words for units, and {@code %{NAME}x}. */
final class Placeholders {
    /** The time of an access line, as Apache and php-fpm have it. */
    static final String USUAL_TIME = "%d/%b/%Y:%H:%M:%S %z";

    /** What no peer logs; times are milliseconds. */
    private static final Map<String, Function<AccessEntry, String>> OURS = new TreeMap<>(Map.ofEntries(
            Map.entry("queue", e -> Figures.thousandths(e.times().queueNanos() / 1000)),
            Map.entry("cpu_user", e -> cpu(e, ExitStatus::userMicros)),
            Map.entry("cpu_system", e -> cpu(e, ExitStatus::systemMicros)),
            Map.entry("peak_memory", e -> memory(e, 1)),
            Map.entry("exit", e -> exit(e.process().exit())),
            Map.entry("bytes_in", e -> Long.toString(e.bytesIn())),
            Map.entry("bytes_out", e -> Long.toString(e.bytesOut())),
            Map.entry("check", e -> safeOrNone(e.check())),
            Map.entry("user", e -> safeOrNone(e.process().user())),
            Map.entry("id", e -> Long.toString(e.id())),
            Map.entry("outcome", AccessEntry::outcome)));

    private Placeholders() {}

    /**
     * @param name what stands in braces before the letter, null if there are none
     * @throws AccessFormatException if that is no placeholder
     */
    static Piece of(@Nullable String name, char letter, ZoneId zone) throws AccessFormatException {
        return switch (letter) {
            case 'C' -> processor(name);
            case 'd' -> duration(name);
            case 'e' -> {
                String param = required(name, letter, "REMOTE_ADDR");
                yield text(e -> safeOrNone(e.param(param)));
            }
            case 'M' -> peak(name);
            case 'o' -> {
                String header = required(name, letter, "Content-Type");
                yield text(e -> header(e.head(), header));
            }
            case 't' -> {
                TimePattern time = TimePattern.parse(name == null ? USUAL_TIME : name, zone);
                yield (e, line) -> time.append(e.times().arrivedMillis(), line);
            }
            case 'T' -> {
                TimePattern time = TimePattern.parse(name == null ? USUAL_TIME : name, zone);
                yield (e, line) -> time.append(e.times().loggedMillis(), line);
            }
            case 'x' -> {
                Function<AccessEntry, String> ours = OURS.get(required(name, letter, "queue"));
                if (ours == null) {
                    throw new AccessFormatException(
                            "%{" + name + "}x is not known; there are " + String.join(", ", OURS.keySet()));
                }
                yield text(ours);
            }
            default -> plain(name, letter);
        };
    }

    private static Piece plain(@Nullable String name, char letter) throws AccessFormatException {
        Piece piece = switch (letter) {
            case '%' -> (e, line) -> line.append('%');
            case 'f' -> text(e -> safeOrNone(e.script()));
            case 'l' -> text(e -> Long.toString(e.contentLength()));
            case 'm' -> text(e -> safeOrNone(e.param("REQUEST_METHOD")));
            case 'n' -> text(AccessEntry::pool);
            case 'p' ->
                text(e -> e.process().pid() == 0
                        ? NONE
                        : Integer.toString(e.process().pid()));
            case 'P' -> text(e -> Integer.toString(e.process().parent()));
            case 'q' -> text(e -> safe(e.param("QUERY_STRING")));
            case 'Q' -> text(e -> e.param("QUERY_STRING").isEmpty() ? "" : "?");
            case 'r' -> text(e -> safeOrNone(e.uri()));
            case 'R' -> text(e -> safeOrNone(e.remoteAddress()));
            case 's' -> text(e -> Integer.toString(e.status()));
            case 'u' -> text(e -> safeOrNone(e.param("REMOTE_USER")));
            default ->
                throw new AccessFormatException("%" + letter
                        + " is not known; there are %C %d %e %f %l %m %M %n %o %p %P %q %Q %r %R %s %t %T %u %x"
                        + " and %%");
        };
        if (name != null) {
            throw new AccessFormatException("%" + letter + " takes nothing in braces; write %" + letter);
        }
        return piece;
    }

    private static Piece text(Function<AccessEntry, String> value) {
        return (e, line) -> line.append(value.apply(e));
    }

    private static String required(@Nullable String name, char letter, String example) throws AccessFormatException {
        if (name == null || name.isEmpty()) {
            throw new AccessFormatException(
                    "%" + letter + " needs a name in braces, such as %{" + example + "}" + letter);
        }
        return name;
    }

    private static Piece duration(@Nullable String name) throws AccessFormatException {
        return switch (unit(name, "seconds")) {
            case "seconds" -> text(e -> Figures.thousandths(e.times().durationNanos() / 1_000_000));
            case "milliseconds", "milli", "miliseconds", "mili" ->
                text(e -> Figures.thousandths(e.times().durationNanos() / 1000));
            case "microseconds", "micro" -> text(e -> Long.toString(e.times().durationNanos() / 1000));
            default -> throw new AccessFormatException("%{" + name + "}d: write seconds, milli or micro");
        };
    }

    private static Piece peak(@Nullable String name) throws AccessFormatException {
        return switch (unit(name, "bytes")) {
            case "bytes" -> text(e -> memory(e, 1));
            case "kilobytes", "kilo" -> text(e -> memory(e, 1024));
            case "megabytes", "mega" -> text(e -> memory(e, 1024 * 1024));
            default -> throw new AccessFormatException("%{" + name + "}M: write bytes, kilo or mega");
        };
    }

    private static Piece processor(@Nullable String name) throws AccessFormatException {
        return switch (unit(name, "total")) {
            case "total" -> text(e -> percent(e, exit -> exit.userMicros() + exit.systemMicros()));
            case "user" -> text(e -> percent(e, ExitStatus::userMicros));
            case "system" -> text(e -> percent(e, ExitStatus::systemMicros));
            default -> throw new AccessFormatException("%{" + name + "}C: write user, system or total");
        };
    }

    private static String unit(@Nullable String name, String usual) {
        return name == null || name.isEmpty() ? usual : name.toLowerCase(Locale.ROOT);
    }

    private static String memory(AccessEntry entry, long unit) {
        long bytes = entry.process().peakMemory();
        return bytes < 0 ? NONE : Long.toString(bytes / unit);
    }

    /** Of one processor while the request lasted; what ran on several, or after the answer, may be more than 100. */
    private static String percent(AccessEntry entry, Function<ExitStatus, Long> micros) {
        ExitStatus exit = entry.process().exit();
        long duration = entry.times().durationNanos() / 1000;
        return Figures.hundredths(exit == null || duration == 0 ? 0 : micros.apply(exit) * 10_000 / duration);
    }

    private static String cpu(AccessEntry entry, Function<ExitStatus, Long> micros) {
        ExitStatus exit = entry.process().exit();
        return exit == null ? NONE : Figures.thousandths(micros.apply(exit));
    }

    private static String exit(@Nullable ExitStatus exit) {
        if (exit == null) {
            return NONE;
        }
        return exit.killed() ? SignalName.of(exit.signal()) : Integer.toString(exit.code());
    }

    private static String header(@Nullable ResponseHead head, String name) {
        String value = head == null ? null : head.header(name);
        return value == null ? NONE : safeOrNone(value);
    }
}
