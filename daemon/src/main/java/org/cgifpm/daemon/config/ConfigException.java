package org.cgifpm.daemon.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration cannot be used; carries everything that is wrong with it, in the order of the files and lines. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    private final transient List<Problem> warnings;

    ConfigException(List<Problem> problems, List<Problem> warnings) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
    }

    /** At least one. */
    public List<Problem> problems() {
        return problems;
    }

    /** What else should be known. */
    public List<Problem> warnings() {
        return warnings;
    }
}
