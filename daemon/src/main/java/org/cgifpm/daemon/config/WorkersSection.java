package org.cgifpm.daemon.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the keys of a pool that make its persistent applications: what they are, and how long one worker lives. */
final class WorkersSection {
    /** With less no program starts. */
    private static final long SMALLEST_MEMORY = 1 << 20;
    /** More requests at once than this no connection of a front end can have either. */
    private static final int MOST_AT_ONCE = 1024;

    private final Section pool;

    WorkersSection(Section pool) {
        this.pool = pool;
    }

    /**
     * Reads all of them, also those that have no effect in that mode.
     *
     * @param threads of the runner with {@link Mode#WSGI}; empty in other modes
     */
    WorkerSettings read(Mode mode, ScriptRules rules, ProcessManagement pm, OptionalInt threads) {
        WorkerSettings defaults = WorkerSettings.DEFAULT;
        OptionalInt concurrency = pool.optionalInteger("worker_concurrency", 1, MOST_AT_ONCE);
        return new WorkerSettings(
                mode == Mode.WORKER ? command() : List.of(),
                mode == Mode.AUTO ? extensions(rules) : defaults.extensions(),
                pm,
                pool.integer("max_spawn_rate", defaults.maxSpawnRate(), 1, 65_536),
                pool.duration("process_idle_timeout", defaults.processIdleTimeout(), false),
                pool.integer("max_requests", defaults.maxRequests(), 0, Integer.MAX_VALUE),
                pool.duration("max_lifetime", defaults.maxLifetime(), true),
                maxMemory(),
                threads.isPresent() ? threads : concurrency,
                dispatch(mode),
                pool.duration("startup_timeout", defaults.startupTimeout(), false),
                pool.bool("restart_on_change", defaults.restartOnChange()),
                pool.bool("retry_idempotent", defaults.retryIdempotent()));
    }

    /** Empty if there is none that can be used; a problem says why. */
    private List<String> command() {
        String example = "[\"/srv/app/app.fcgi\"]";
        if (!pool.has("command")) {
            pool.problem(
                    "command",
                    "missing: mode = \"worker\" needs to know the application; write such as command = " + example);
            return List.of();
        }
        List<String> written = pool.strings("command", false).orElse(List.of());
        if (written.isEmpty()) {
            if (pool.value("command") instanceof List<?> list && list.isEmpty()) {
                pool.problem("command", "is empty; write the application and its arguments, such as " + example);
            }
            return List.of();
        }
        for (String argument : written) {
            if (argument.indexOf('\0') >= 0) {
                pool.problem("command", Wording.quote(argument) + " has a zero byte in it, which no argument can hold");
                return List.of();
            }
        }
        Optional<String> complaint = complaint(written.get(0));
        if (complaint.isPresent()) {
            pool.problem("command", Wording.quote(written.get(0)) + " " + complaint.get());
            return List.of();
        }
        return written.stream().map(ByteText::fromText).toList();
    }

    private static Optional<String> complaint(String program) {
        if (!program.startsWith("/")) {
            return Optional.of("is not absolute; write the program's path, such as \"/srv/app/app.fcgi\"");
        }
        if (Folders.hasControlCharacter(program)) {
            return Optional.of("has a control character in it; name another program");
        }
        if (program.endsWith("/")) {
            return Optional.of("is a folder; name a program in it");
        }
        try {
            return Optional.ofNullable(ProgramFile.complaint(Path.of(program)))
                    .map(why -> why + "; name a program such as \"/srv/app/app.fcgi\"");
        } catch (InvalidPathException e) {
            return Optional.of("has characters that this locale cannot write; start with LC_ALL=C.UTF-8");
        }
    }

    /** Without the key those of the default that the pool does not use otherwise. */
    private List<String> extensions(ScriptRules rules) {
        Optional<List<String>> written = pool.strings("worker_extensions", false);
        if (written.isEmpty()) {
            return WorkerSettings.DEFAULT.extensions().stream()
                    .filter(extension ->
                            isScript(extension, rules) && !rules.interpreters().containsKey(extension))
                    .toList();
        }
        List<String> extensions = new ArrayList<>();
        for (String text : written.get()) {
            String extension = ByteText.fromText(text);
            String complaint = ScriptsSection.complaint(text);
            if (complaint != null) {
                pool.problem("worker_extensions", Wording.quote(text) + complaint);
            } else if (!isScript(extension, rules)) {
                pool.problem(
                        "worker_extensions",
                        Wording.quote(text) + " has no effect, as it is not in extensions; add it there");
            } else if (rules.interpreters().containsKey(extension)) {
                pool.problem(
                        "worker_extensions",
                        Wording.quote(text) + " is in interpreters too, which start a process for each request; take"
                                + " it out of one of them");
            } else {
                extensions.add(extension);
            }
        }
        return extensions;
    }

    private static boolean isScript(String extension, ScriptRules rules) {
        return rules.extensions().map(listed -> listed.contains(extension)).orElse(true);
    }

    private long maxMemory() {
        long bytes = pool.optionalSize("max_memory", 0).orElse(WorkerSettings.DEFAULT.maxMemory());
        if (bytes > 0 && bytes < SMALLEST_MEMORY) {
            pool.problem(
                    "max_memory",
                    ByteSizeText.format(bytes) + " is too small; write at least \"1M\", or 0 for no limit");
        }
        return bytes;
    }

    private Dispatch dispatch(Mode mode) {
        Dispatch dispatch = pool.choice("dispatch", WorkerSettings.DEFAULT.dispatch());
        if (dispatch == Dispatch.DIRECT && mode == Mode.AUTO) {
            pool.problem(
                    "dispatch",
                    "\"direct\" cannot be had with mode = \"auto\", where each request may be for another application;"
                            + " write \"relay\", or mode = \"worker\"");
        }
        return mode.hasOneApplication() ? dispatch : Dispatch.RELAY;
    }
}
