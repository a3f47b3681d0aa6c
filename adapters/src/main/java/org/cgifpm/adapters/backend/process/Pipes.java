package org.cgifpm.adapters.backend.process;

import org.cgifpm.adapters.os.Syscalls;

/**
 * The daemon's ends of the pipes of a process that answers a request.
 *
 * @param script the script's path, for logs
 * @param stdin the end to write to, -1 if the script got /dev/null
 * @param chained whether links of an {@link ExecChain} came first, so that a failure may be theirs
 */
public record Pipes(String script, int stdin, int stdout, int stderr, boolean chained) {
    public void close(Syscalls syscalls) {
        if (stdin >= 0) {
            syscalls.close(stdin);
        }
        syscalls.close(stdout);
        syscalls.close(stderr);
    }
}
