package org.cgifpm.daemon.config;

import java.util.Optional;

/**
 * {@code [pool.NAME.python]}: the WSGI application of a pool, and the Python that runs it. Paths are bytes as ISO-8859-1
 * (see {@link ByteText}).
 *
 * @param interpreter absolute path of a program; that of the virtual environment, if there is one and no other is written
 * @param virtualenv absolute path of a folder
 * @param app {@code package.module:attribute}, where the attribute may have dots too
 * @param threads requests that one worker has at once, at least 1
 */
public record PythonSettings(String interpreter, Optional<String> virtualenv, String app, int threads) {
    public static final String DEFAULT_INTERPRETER = "/usr/bin/python3";
    public static final int DEFAULT_THREADS = 1;
}
