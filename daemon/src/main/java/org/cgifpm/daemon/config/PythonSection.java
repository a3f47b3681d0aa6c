package org.cgifpm.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code [pool.NAME.python]} of a pool whose mode has use for it. */
final class PythonSection {
    static final List<String> COMMON = List.of("interpreter", "virtualenv");
    static final List<String> WSGI = List.of("app", "threads");
    private static final String EXAMPLE = "app = \"package.module:application\"";
    private static final String NAME_ONE =
            "; name a program such as " + Wording.quote(PythonSettings.DEFAULT_INTERPRETER);
    private static final String MAKE_ONE = "; make the folder with python3 -m venv, or name an interpreter";
    private static final int MOST_THREADS = 1024;

    private final Section pool;
    private final Section python;
    private final Mode mode;

    PythonSection(Section pool, Mode mode) {
        this.pool = pool;
        this.python = pool.table("python");
        this.mode = mode;
    }

    /**
     * Empty where no script could run warm, and with {@link Mode#WSGI} if there is no application that can be started; a
     * problem says why then.
     *
     * @param maxChildren the pool's
     */
    Optional<PythonSettings> read(int maxChildren) {
        return switch (mode) {
            case EXEC, WORKER -> Optional.empty();
            case WSGI -> ofApplication();
            case WARM, AUTO -> ofScripts(maxChildren);
        };
    }

    private Optional<PythonSettings> ofApplication() {
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
        Optional<String> virtualenv = virtualenv("");
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
                threads,
                KeeperSettings.DEFAULT));
    }

    /** With {@link Mode#AUTO} the table has to be there, be it empty, for a script to run warm. */
    private Optional<PythonSettings> ofScripts(int maxChildren) {
        Object written = pool.value("python");
        if (!(written instanceof Map)) {
            return mode == Mode.WARM ? Optional.of(PythonSettings.OF_SCRIPTS) : Optional.empty();
        }
        checkKeys();
        // Scripts that are shut in see both under those names in there.
        String jail = PathKey.read(pool, "chroot", "/srv/jail").orElse("");
        Optional<String> virtualenv = virtualenv(jail);
        Optional<String> named = PathKey.read(python, "interpreter", PythonSettings.DEFAULT_INTERPRETER)
                .filter(program -> isProgram(jail + program, "interpreter", NAME_ONE));
        if (!python.has("interpreter")) {
            virtualenv.ifPresent(folder -> isProgram(jail + programOf(folder), "virtualenv", MAKE_ONE));
        }
        String interpreter =
                named.or(() -> virtualenv.map(PythonSection::programOf)).orElse(PythonSettings.DEFAULT_INTERPRETER);
        return Optional.of(new PythonSettings(
                ByteText.fromText(interpreter),
                virtualenv.map(ByteText::fromText),
                "",
                PythonSettings.DEFAULT_THREADS,
                new KeeperKeys(python).read(maxChildren)));
    }

    private void checkKeys() {
        List<String> known = new ArrayList<>(COMMON);
        known.addAll(WSGI);
        known.addAll(KeeperKeys.NAMES);
        Keys.checkTable(python, known);
        boolean wsgi = mode == Mode.WSGI;
        for (String key : wsgi ? KeeperKeys.NAMES : WSGI) {
            if (python.has(key)) {
                python.problem(key, "has no effect with mode = " + Wording.quote(Wording.word(mode)) + instead(key));
            }
        }
    }

    private String instead(String key) {
        if (mode != Mode.WSGI) {
            return "; remove it, or write mode = \"wsgi\"";
        }
        String below = " below [" + pool.full("") + "], where it counts for workers";
        return switch (key) {
            case "max_requests" -> "; write it" + below;
            case "max_age" -> "; write max_lifetime" + below;
            default -> "; remove it, or write mode = \"warm\"";
        };
    }

    private Optional<String> virtualenv(String jail) {
        Optional<String> folder = PathKey.read(python, "virtualenv", "/srv/app/venv");
        String complaint = folder.map(path -> Folders.complaint(jail + path)).orElse(null);
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
                    .filter(program -> isProgram(program, "interpreter", NAME_ONE));
        }
        if (virtualenv.isPresent()) {
            return virtualenv
                    .map(PythonSection::programOf)
                    .filter(program -> isProgram(program, "virtualenv", MAKE_ONE));
        }
        return Optional.of(PythonSettings.DEFAULT_INTERPRETER)
                .filter(program ->
                        isProgram(program, "interpreter", "; install it, or name another with interpreter = ..."));
    }

    private static String programOf(String virtualenv) {
        return virtualenv + "/bin/python";
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
        return colon > 0 && DottedName.isOne(text.substring(0, colon)) && DottedName.isOne(text.substring(colon + 1));
    }
}
