package org.cgifpm.daemon.config;

import java.util.Optional;

/** Reads the keys of a pool that have the daemon answer requests itself. */
final class StatusSection {
    private final Section pool;

    StatusSection(Section pool) {
        this.pool = pool;
    }

    StatusPages read() {
        Optional<String> status = path("status_path", "\"/cgi-fpm-status\"");
        Optional<String> ping = path("ping_path", "\"/cgi-fpm-ping\"");
        if (status.isPresent() && status.equals(ping)) {
            pool.problem("ping_path", Wording.quote(ping.get()) + " is the status_path already; write another path");
        }
        if (pool.has("ping_response") && !pool.has("ping_path")) {
            pool.problem(
                    "ping_response", "has no effect without ping_path; write such as ping_path = \"/cgi-fpm-ping\"");
        }
        return new StatusPages(status.map(ByteText::fromText), ping.map(ByteText::fromText), response());
    }

    private Optional<String> path(String key, String example) {
        Optional<String> path = pool.string(key);
        if (path.isEmpty()) {
            return path;
        }
        String complaint = complaint(path.get());
        if (complaint.isEmpty()) {
            return path;
        }
        pool.problem(key, Wording.quote(path.get()) + " " + complaint + "; write such as " + example);
        return Optional.empty();
    }

    private static String complaint(String path) {
        if (!path.startsWith("/")) {
            return "does not begin with a slash, as every SCRIPT_NAME does";
        }
        if (Folders.hasControlCharacter(path)) {
            return "has a control character in it";
        }
        return path.indexOf('?') >= 0 || path.indexOf('#') >= 0 ? "is more than a path" : "";
    }

    private String response() {
        String otherwise = StatusPages.DEFAULT.pingResponse();
        Optional<String> response = pool.string("ping_response");
        if (response.isPresent() && (response.get().isEmpty() || Folders.hasControlCharacter(response.get()))) {
            pool.problem(
                    "ping_response",
                    (response.get().isEmpty() ? "is empty" : "has a control character in it")
                            + "; write one line such as " + Wording.quote(otherwise));
            return otherwise;
        }
        return response.map(ByteText::fromText).orElse(otherwise);
    }
}
