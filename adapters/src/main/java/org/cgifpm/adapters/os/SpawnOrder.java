package org.cgifpm.adapters.os;

import java.util.List;

/**
 * What to start and what it gets; everything not named here it does not get.
 *
 * @param directory descriptor of the folder that becomes the working directory; {@code program} is looked up in it
 * @param program path, usually {@code ./NAME}; ISO-8859-1, a char for a byte, as all strings here
 * @param arguments argv, the program's own name first
 * @param environment {@code NAME=value}, complete
 * @param stdin descriptor that becomes 0, and so on
 */
public record SpawnOrder(
        int directory,
        String program,
        List<String> arguments,
        List<String> environment,
        int stdin,
        int stdout,
        int stderr) {}
