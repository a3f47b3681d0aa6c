package org.cgifpm.daemon.supervisor.python;

/**
 * A Python that was found.
 *
 * @param program the absolute path that it is started by, which is what it tells scripts as {@code sys.executable}
 * @param identity equal for two paths if and only if they lead to the same Python: its path with links resolved; for that
 *     of a virtual environment, which is told from the others by nothing but its path, that path
 */
public record Interpreter(String program, String identity) {}
