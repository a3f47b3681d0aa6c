package org.cgifpm.adapters.backend.process;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.Syscalls;

/**
 * What all CGI backends of a daemon share.
 *
 * @param devNull a descriptor of /dev/null, the standard input of scripts whose request has no body
 * @param scratch a direct buffer for what is read from pipes; used within one call only, on the loop thread
 */
public record ProcessSurroundings(
        EventLoop loop,
        Syscalls syscalls,
        LaunchThreads threads,
        DescriptorLimit descriptors,
        int devNull,
        ByteBuffer scratch,
        ScriptStderr stderr) {
    /** Bytes in the scratch buffer: a pipe's usual capacity. */
    public static final int SCRATCH_SIZE = 64 * 1024;
}
