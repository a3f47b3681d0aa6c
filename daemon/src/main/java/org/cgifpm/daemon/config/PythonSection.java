package org.cgifpm.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code [pool.NAME.python]} of a pool whose mode has use for it. */
final class PythonSection {
    private static final List<String> KEYS = List.of("interpreter", "virtualenv", "app", "threads");
    private static final List<String> LATER = List.of("preload", "max_requests", "max_age", "spare_children");
    private static final String EXAMPLE = "app = \"package.module:application\"";
    private static final int MOST_THREADS = 1024;

    private final Section pool;
    private final Section python;

    PythonSection(Section pool) {
        this.pool = pool;
        this.python = pool.table("python");
    }

    /** Empty if there is no application that can be started; a problem says why. */
    Optional<PythonSettings> read() {
        Object written = pool.value("python");
        if (written == null) {
            pool.problem(
                    "python",
                    "missing: mode = \"wsgi\" needs to know the application; write a table [" + pool.full("python")
                            + "] with " + EXAMPLE);
        }
        if (!(written instanceof Map)) {
            return Optional.empty();
        }
        checkKeys();
        Optional<String> virtualenv = virtualenv();
        Optional<String> interpreter = interpreter(virtualenv);
        Optional<String> app = app();
        int threads = python.integer("threads", PythonSettings.DEFAULT_THREADS, 1, MOST_THREADS);
        if (interpreter.isEmpty() || app.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PythonSettings(
                ByteText.fromText(interpreter.get()),
                virtualenv.map(ByteText::fromText),
                ByteText.fromText(app.get()),
                threads));
    }

    private void checkKeys() {
        List<String> known = new ArrayList<>(KEYS);
        known.addAll(LATER);
        Keys.checkTable(python, known);
        for (String key : LATER) {
            if (python.has(key)) {
                python.problem(key, "not supported in this version yet; remove it");
            }
        }
    }

    private Optional<String> virtualenv() {
        Optional<String> folder = PathKey.read(python, "virtualenv", "/srv/app/venv");
        String complaint = folder.map(Folders::complaint).orElse(null);
        if (folder.isEmpty() || complaint == null) {
            return folder;
        }
        python.problem(
                "virtualenv", Wording.quote(folder.get()) + " " + complaint + "; make it first, with python3 -m venv");
        return Optional.empty();
    }

    private Optional<String> interpreter(Optional<String> virtualenv) {
        if (python.has("interpreter")) {
            return PathKey.read(python, "interpreter", PythonSettings.DEFAULT_INTERPRETER)
                    .filter(program -> isProgram(
                            program,
                            "interpreter",
                            "; name a program such as " + Wording.quote(PythonSettings.DEFAULT_INTERPRETER)));
        }
        if (virtualenv.isPresent()) {
            return Optional.of(virtualenv.get() + "/bin/python")
                    .filter(program -> isProgram(
                            program, "virtualenv", "; make the folder with python3 -m venv, or name an interpreter"));
        }
        return Optional.of(PythonSettings.DEFAULT_INTERPRETER)
                .filter(program ->
                        isProgram(program, "interpreter", "; install it, or name another with interpreter = ..."));
    }

    private boolean isProgram(String program, String key, String advice) {
        String complaint = ProgramFile.complaint(Path.of(program));
        if (complaint != null) {
            python.problem(key, Wording.quote(program) + " " + complaint + advice);
        }
        return complaint == null;
    }

    private Optional<String> app() {
        if (!python.has("app")) {
            python.problem("app", "missing; say where the application is, such as " + EXAMPLE);
            return Optional.empty();
        }
        return python.string("app").filter(text -> {
            if (isApplication(text)) {
                return true;
            }
            python.problem(
                    "app",
                    Wording.quote(text) + " names no application; write a module, a colon and the name in it, such as "
                            + EXAMPLE);
            return false;
        });
    }

    private static boolean isApplication(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && isDotted(text.substring(0, colon)) && isDotted(text.substring(colon + 1));
    }

    /** Names with dots between them; what letters a name may have beyond ASCII is Python's to say. */
    private static boolean isDotted(String text) {
        char before = '.';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c > 0x9f;
            if (before == '.' ? !letter : !letter && !digit && c != '.') {
                return false;
            }
            before = c;
        }
        return before != '.';
    }
}
