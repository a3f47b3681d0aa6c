package org.cgifpm.daemon.config;

import java.util.Optional;

/**
 * One table {@code [pool.NAME]}.
 *
 * @param name letters, digits, {@code _}, {@code .} and {@code -}; fit for a file name, never {@code .} or {@code ..}
 * @param root absolute path of a folder that existed when it was read, without a slash at its end, bytes as ISO-8859-1
 *     (see {@link ByteText}); symbolic links in it are not resolved. Scripts lie beneath it; with
 *     {@link Mode#hasOneApplication} it is where that works, with {@link Mode#WORKER} the folder of its program unless
 *     another is written
 * @param requestBodyMax bytes, at least 1; more is answered 413
 * @param python never empty with {@link Mode#WSGI} and {@link Mode#WARM}, always with {@link Mode#EXEC} and {@link
 *     Mode#WORKER}; with {@link Mode#AUTO} it says whether scripts run warm
 */
public record PoolSettings(
        String name,
        ListenSettings listen,
        String root,
        Mode mode,
        IdentitySettings identity,
        LimitSettings limits,
        ScriptRules scripts,
        Admission admission,
        Timeouts timeouts,
        OnAbort onAbort,
        Background background,
        long requestBodyMax,
        ScriptEnvironment environment,
        RequestLogs logs,
        StatusPages pages,
        WorkerSettings workers,
        Optional<PythonSettings> python) {
    public static final long DEFAULT_REQUEST_BODY_MAX = 1L << 30;

    /** A pool with nothing but defaults. Checks nothing: that is what {@link ConfigReader} is for. */
    public static PoolSettings defaults(String name, ListenAddress address, String root) {
        return new PoolSettings(
                name,
                ListenSettings.defaults(address),
                root,
                Mode.AUTO,
                IdentitySettings.DEFAULT,
                LimitSettings.DEFAULT,
                ScriptRules.DEFAULT,
                Admission.DEFAULT,
                Timeouts.DEFAULT,
                OnAbort.KILL,
                Background.LEAVE,
                DEFAULT_REQUEST_BODY_MAX,
                ScriptEnvironment.DEFAULT,
                RequestLogs.DEFAULT,
                StatusPages.DEFAULT,
                WorkerSettings.DEFAULT,
                Optional.empty());
    }
}
