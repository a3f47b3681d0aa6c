package org.cgifpm.adapters.backend.worker;

import org.cgifpm.adapters.backend.process.KeptEvents;
import org.cgifpm.adapters.backend.process.Launch;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.StderrRate;
import org.cgifpm.adapters.buffers.BufferPool;
import org.cgifpm.adapters.os.SocketFolder;

/**
 * What all workers of a pool share.
 *
 * @param stderrRate how much of their standard error goes into the log
 */
record WorkerSurroundings(
        ProcessSurroundings machine,
        Launch launch,
        SocketFolder sockets,
        BufferPool buffers,
        StderrRate stderrRate,
        RelaySettings settings,
        KeptEvents events) {}
