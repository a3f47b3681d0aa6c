package org.cgifpm.adapters;

import java.util.List;
import java.util.OptionalInt;

/**
 * What to start, decided and checked: for one request, or for as long as a worker lives.
 *
 * @param directory an open descriptor of the folder that was checked, which becomes the working directory; whoever gets
 *     the plan closes it
 * @param program how the program is named in that folder: {@code ./NAME}
 * @param arguments argv, the program's own name first
 * @param environment {@code NAME=value}, complete; all strings are ISO-8859-1, a char for a byte
 * @param script the script's path, for logs
 * @param confinement as whom and within which bounds
 * @param text an open descriptor that becomes standard output, of a file that an interpreter is told to read as
 *     /proc/self/fd/1, so that it can be one which its user could not reach by any path; stays open. Empty: standard
 *     output is where answers or lines for the log go
 */
public record LaunchPlan(
        int directory,
        String program,
        List<String> arguments,
        List<String> environment,
        String script,
        Confinement confinement,
        OptionalInt text)
        implements Plan {
    public LaunchPlan {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /** Of a program that needs no text. */
    public LaunchPlan(
            int directory,
            String program,
            List<String> arguments,
            List<String> environment,
            String script,
            Confinement confinement) {
        this(directory, program, arguments, environment, script, confinement, OptionalInt.empty());
    }
}
