package org.cgifpm.daemon.supervisor.python;

/** Whether a script runs as a fork of a keeper. */
public sealed interface Warmth {
    /**
     * It does.
     *
     * @param interpreter the one to fork from
     * @param flags of it, such as {@code -Eu}; "" if there are none
     */
    record Warm(Interpreter interpreter, String flags) implements Warmth {
        /** Interpreter and flags for people, as on a command line. */
        public String words() {
            return flags.isEmpty() ? interpreter.program() : interpreter.program() + " " + flags;
        }
    }

    /**
     * It does not, and is started as any program.
     *
     * @param why in words, such as "its first line names /usr/bin/perl"; bytes as ISO-8859-1 may be among them
     */
    record Cold(String why) implements Warmth {}
}
