package org.cgifpm.adapters.backend.process;

/** Where the lines go that scripts write to their standard error. Loop thread only. */
@FunctionalInterface
public interface ScriptStderr {
    /**
     * One line.
     *
     * @param exchange the request's number, 0 for what a worker writes outside of requests
     * @param script the script's path
     * @param line what it wrote, ISO-8859-1, without its end; not escaped yet
     */
    void line(long exchange, String script, String line);
}
