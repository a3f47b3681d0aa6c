package org.cgifpm.daemon.config;

import java.util.Optional;

/**
 * {@code [pool.NAME.python]}: the Python of a pool, and what it runs: a WSGI application, or scripts as forks of a keeper.
 * Paths are bytes as ISO-8859-1 (see {@link ByteText}).
 *
 * @param interpreter absolute path of a program; that of the virtual environment, if there is one and no other is written.
 *     Scripts choose theirs by their first line, and this one counts as Python whatever it is called
 * @param virtualenv absolute path of a folder
 * @param app {@code package.module:attribute}, where the attribute may have dots too; "" unless the mode is {@link
 *     Mode#WSGI}
 * @param threads requests that one worker has at once, at least 1; one unless the mode is {@link Mode#WSGI}
 */
public record PythonSettings(
        String interpreter, Optional<String> virtualenv, String app, int threads, KeeperSettings keepers) {
    public static final String DEFAULT_INTERPRETER = "/usr/bin/python3";
    public static final int DEFAULT_THREADS = 1;

    /** For scripts, with nothing written. */
    public static final PythonSettings OF_SCRIPTS =
            new PythonSettings(DEFAULT_INTERPRETER, Optional.empty(), "", DEFAULT_THREADS, KeeperSettings.DEFAULT);
}
