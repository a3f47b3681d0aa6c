package org.cgifpm.adapters.backend.process;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.os.Syscalls;

/**
 * A fork that can be asked for at once.
 *
 * @param request the request's number
 * @param message what the keeper is told; its position stays
 * @param pipes the daemon's ends
 * @param stdin the child's end; the daemon's /dev/null where there is no body
 * @param stdout likewise
 * @param stderr likewise
 */
public record ForkOrder(
        WarmPlan plan, long request, ByteBuffer message, Pipes pipes, int stdin, int stdout, int stderr) {
    /** The plan's folder, and the child's end of each pipe. */
    public int[] descriptors() {
        return new int[] {stdin, stdout, stderr, plan.script().directory()};
    }

    /** They have been sent: the child's ends are closed here, and the folder. */
    public void sent(Syscalls syscalls) {
        closeTheirs(syscalls);
        syscalls.close(plan.script().directory());
    }

    /** Nobody will be sent it: all pipes are closed. The folder stays open. */
    public void closePipes(Syscalls syscalls) {
        closeTheirs(syscalls);
        pipes.close(syscalls);
    }

    private void closeTheirs(Syscalls syscalls) {
        if (pipes.stdin() >= 0) {
            syscalls.close(stdin);
        }
        syscalls.close(stdout);
        syscalls.close(stderr);
    }
}
