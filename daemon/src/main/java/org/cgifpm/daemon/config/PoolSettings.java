package org.cgifpm.daemon.config;

import java.util.Optional;

/**
 * One table {@code [pool.NAME]}.
 *
 * @param name letters, digits, {@code _}, {@code .} and {@code -}; fit for a file name, never {@code .} or {@code ..}
 * @param root absolute path of a folder that existed when it was read, without a slash at its end, bytes as ISO-8859-1
 *     (see {@link ByteText}); symbolic links in it are not resolved
 * @param user as written; in this version always the user that the daemon is anyway
 * @param requestBodyMax bytes, at least 1; more is answered 413
 */
public record PoolSettings(
        String name,
        ListenSettings listen,
        String root,
        Mode mode,
        Optional<String> user,
        Admission admission,
        Timeouts timeouts,
        OnAbort onAbort,
        long requestBodyMax,
        ScriptEnvironment environment) {
    public static final long DEFAULT_REQUEST_BODY_MAX = 1L << 30;

    /** A pool with nothing but defaults. Checks nothing: that is what {@link ConfigReader} is for. */
    public static PoolSettings defaults(String name, ListenAddress address, String root) {
        return new PoolSettings(
                name,
                ListenSettings.defaults(address),
                root,
                Mode.AUTO,
                Optional.empty(),
                Admission.DEFAULT,
                Timeouts.DEFAULT,
                OnAbort.KILL,
                DEFAULT_REQUEST_BODY_MAX,
                ScriptEnvironment.DEFAULT);
    }
}
