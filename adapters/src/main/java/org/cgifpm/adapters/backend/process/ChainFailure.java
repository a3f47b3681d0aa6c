package org.cgifpm.adapters.backend.process;

import java.util.regex.Pattern;
import org.cgifpm.adapters.os.ExitStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a link of an {@link ExecChain} says when it could not go on; without this it would look like the script's own
 * exit status.
 *
 * @param status 503 where there may be room later, else 500
 */
public record ChainFailure(int status, String why) {
    /** The words of dash and of util-linux's and coreutils' programs. */
    private static final Pattern LINK =
            Pattern.compile("(?:sh: [0-9]+|(?:/usr/bin/)?(?:nice|setpriv|unshare|env)): .+");

    /** EAGAIN: the user has as many processes as limits.processes allows. */
    private static final String NO_PROCESS = "Resource temporarily unavailable";

    /**
     * @param stderr all that came on standard error
     * @return null if it does not look like a link's words
     */
    public static @Nullable ChainFailure of(ExitStatus exit, String stderr) {
        String words = stderr.strip();
        if (exit.code() == 0 || !LINK.matcher(words).matches()) {
            return null;
        }
        return words.endsWith(NO_PROCESS)
                ? new ChainFailure(503, "limits.processes: its user has as many processes as it may")
                : new ChainFailure(500, "it was not started: " + words);
    }
}
