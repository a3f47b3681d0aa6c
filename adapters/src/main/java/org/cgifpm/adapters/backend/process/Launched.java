package org.cgifpm.adapters.backend.process;

import org.cgifpm.adapters.os.CgroupLeaf;
import org.cgifpm.adapters.os.ChildProcess;
import org.cgifpm.adapters.os.ExitStatus;
import org.jspecify.annotations.Nullable;

/**
 * A process just started and the daemon's ends of its pipes.
 *
 * @param chained whether links of an {@link ExecChain} came first
 * @param leaf the control group that it is in, or null where there are none
 * @param joinsLater where it gets one from if it runs for long, or null if it has one or there are none
 * @param script the script's path, for logs
 * @param stdin the end to write to, -1 if the script got /dev/null or listens on it
 * @param stdout the end to read from, -1 if that is {@code stderr} too
 */
public record Launched(
        ChildProcess child,
        boolean chained,
        @Nullable CgroupLeaf leaf,
        @Nullable LeafSource joinsLater,
        String script,
        int stdin,
        int stdout,
        int stderr) {
    /** Waits for its end, which must be near, and gives its control group back. Blocks; not on the loop thread. */
    public ExitStatus waitFor() {
        ExitStatus status = child.waitFor();
        if (leaf != null) {
            leaf.giveBack();
        }
        return status;
    }

    /** The daemon's ends of the pipes; only of what answers a request. */
    public Pipes pipes() {
        return new Pipes(script, stdin, stdout, stderr, chained);
    }
}
