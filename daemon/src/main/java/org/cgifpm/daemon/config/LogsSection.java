package org.cgifpm.daemon.config;

import java.util.List;
import java.util.Optional;
import org.cgifpm.daemon.log.access.AccessFormat;
import org.cgifpm.daemon.log.access.AccessFormatException;

/** Reads the keys of a pool that name its own log files. Who may write the folders is {@link LogFileSafety}' question. */
final class LogsSection {
    private final Section pool;

    LogsSection(Section pool) {
        this.pool = pool;
    }

    RequestLogs read() {
        RequestLogs defaults = RequestLogs.DEFAULT;
        if (!pool.has("access_log")) {
            withoutEffect("access_format", "access_log", "\"/var/log/cgi-fpm/main.access\"");
            withoutEffect("access_suppress", "access_log", "\"/var/log/cgi-fpm/main.access\"");
        }
        if (!pool.has("slow_after")) {
            withoutEffect("slowlog", "slow_after", "\"5s\"");
        }
        return new RequestLogs(
                file("access_log", "/var/log/cgi-fpm/main.access"),
                format(defaults.accessFormat()),
                suppress(),
                file("slowlog", "/var/log/cgi-fpm/main.slow"),
                pool.duration("slow_after", defaults.slowAfter(), true));
    }

    private void withoutEffect(String key, String without, String example) {
        if (pool.has(key)) {
            pool.problem(key, "has no effect without " + without + "; write such as " + without + " = " + example);
        }
    }

    private Optional<String> file(String key, String example) {
        return PathKey.read(pool, key, example).map(ByteText::fromText);
    }

    private String format(String otherwise) {
        Optional<String> format = pool.string("access_format");
        if (format.isPresent() && (format.get().isBlank() || Folders.hasControlCharacter(format.get()))) {
            pool.problem(
                    "access_format",
                    (format.get().isBlank() ? "is empty" : "has a control character in it")
                            + "; write \"json\", or such as " + Wording.quote(otherwise));
            return otherwise;
        }
        format.ifPresent(this::checkPlaceholders);
        return format.map(ByteText::fromText).orElse(otherwise);
    }

    private void checkPlaceholders(String format) {
        try {
            AccessFormat.parse(format);
        } catch (AccessFormatException e) {
            pool.problem("access_format", e.getMessage());
        }
    }

    private List<String> suppress() {
        List<String> paths = pool.strings("access_suppress", false).orElse(List.of());
        for (String path : paths) {
            if (!path.startsWith("/")) {
                pool.problem(
                        "access_suppress",
                        Wording.quote(path) + " is not the path of a script; write such as \"/cgi-bin/ping.py\"");
            }
        }
        return paths.stream().map(ByteText::fromText).toList();
    }
}
