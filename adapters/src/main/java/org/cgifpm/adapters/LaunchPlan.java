package org.cgifpm.adapters;

import java.util.List;

/**
 * What to start for a request, decided and checked.
 *
 * @param directory an open descriptor of the folder that was checked, which becomes the working directory; whoever gets
 *     the plan closes it
 * @param program how the program is named in that folder: {@code ./NAME}
 * @param arguments argv, the program's own name first
 * @param environment {@code NAME=value}, complete; all strings are ISO-8859-1, a char for a byte
 * @param script the script's path, for logs
 * @param confinement as whom and within which bounds
 */
public record LaunchPlan(
        int directory,
        String program,
        List<String> arguments,
        List<String> environment,
        String script,
        Confinement confinement) {
    public LaunchPlan {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }
}
