package org.cgifpm.daemon.supervisor.python;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A first line that names a Python, or says in words why it is none that a keeper could stand in for. Pure.
 *
 * @param program a path, or where {@link #searched} a name that is looked for in PATH
 * @param flags for the interpreter, in an order of their own and together, such as {@code -Eu}; "" if there are none
 */
record PythonLine(String program, boolean searched, String flags) {
    /** Flags that mean the same to an interpreter that forks as to one that runs a script. */
    private static final String KNOWN = "BEIObqsu";

    private static final List<String> ENV = List.of("/usr/bin/env", "/bin/env");

    /** Not a line for a keeper, and why, to be put behind "runs cold: ". */
    static final class OtherException extends Exception {
        private static final long serialVersionUID = 1L;

        OtherException(String why) {
            super(why, null, false, false);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * What a script's first line asks for.
     *
     * @param interpreter a path that counts as Python whatever its name is
     * @throws OtherException if that is no Python, or one with other flags than a keeper can have
     */
    static PythonLine of(Optional<Shebang> shebang, String interpreter) throws OtherException {
        if (shebang.isEmpty()) {
            throw new OtherException("it has no first line with #!");
        }
        String program = shebang.get().program();
        Optional<String> argument = shebang.get().argument();
        if (ENV.contains(program)) {
            return ofEnv(program, argument.orElse(""), interpreter);
        }
        if (!program.startsWith("/") || !isPython(program, interpreter)) {
            throw named(program);
        }
        return new PythonLine(program, false, flags(argument.map(List::of).orElse(List.of())));
    }

    /** env(1) takes the kernel's one argument for a name, unless it is told to split it up. */
    private static PythonLine ofEnv(String env, String argument, String interpreter) throws OtherException {
        List<String> words = List.of(argument);
        if (argument.startsWith("-S")) {
            if (argument.chars().anyMatch(c -> "\"'\\$#\r\f\u000b".indexOf(c) >= 0)) {
                throw new OtherException("its first line has quotes, escapes or variables for " + env + " -S");
            }
            words = Arrays.stream(argument.substring(2).split("[ \t]+"))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }
        String program = words.isEmpty() ? "" : words.get(0);
        boolean path = program.startsWith("/");
        if (!isPython(program, interpreter) || (!path && program.indexOf('/') >= 0)) {
            throw named((env + " " + argument).strip());
        }
        return new PythonLine(program, !path, flags(words.subList(1, words.size())));
    }

    private static OtherException named(String what) {
        return new OtherException("its first line names " + what);
    }

    /** {@code python}, {@code python3}, {@code python3.11}; Python 2 knows no keeper. */
    private static boolean isPython(String program, String interpreter) {
        String name = program.substring(program.lastIndexOf('/') + 1);
        if (program.equals(interpreter) || name.equals("python") || name.equals("python3")) {
            return true;
        }
        String minor = name.startsWith("python3.") ? name.substring("python3.".length()) : "";
        return !minor.isEmpty() && minor.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String flags(List<String> words) throws OtherException {
        StringBuilder letters = new StringBuilder();
        for (String word : words) {
            boolean known = word.length() > 1 && word.charAt(0) == '-';
            for (int i = 1; known && i < word.length(); i++) {
                known = KNOWN.indexOf(word.charAt(i)) >= 0;
                letters.append(word.charAt(i));
            }
            if (!known) {
                throw new OtherException((word.startsWith("-") ? "flag " : "argument ") + word);
            }
        }
        String sorted =
                letters.chars().sorted().mapToObj(c -> String.valueOf((char) c)).collect(Collectors.joining());
        return sorted.isEmpty() ? "" : "-" + once(sorted);
    }

    /** Twice the same means more only of O and b; a third one nothing. */
    private static String once(String sorted) {
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < sorted.length(); i++) {
            char c = sorted.charAt(i);
            int most = c == 'O' || c == 'b' ? 2 : 1;
            if (i < most || sorted.charAt(i - most) != c) {
                kept.append(c);
            }
        }
        return kept.toString();
    }
}
