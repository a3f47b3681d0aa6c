package org.cgifpm.adapters.backend.warm;

import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.backend.process.KeptProcess;
import org.cgifpm.adapters.backend.process.Launched;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;

/** Starts the process of a keeper, with one end of a socket as its standard input. On a launch thread. */
final class KeeperStart implements KeptProcess.Start {
    private final WarmSurroundings around;
    private final Application interpreter;
    private volatile int socket = -1;

    KeeperStart(WarmSurroundings around, Application interpreter) {
        this.around = around;
        this.interpreter = interpreter;
    }

    /** The daemon's end. Only after it has been started. */
    int socket() {
        return socket;
    }

    @Override
    public Launched run(Spawner spawner) throws RefusedException {
        LaunchPlan plan = interpreter.plan();
        try {
            int[] ends = around.sockets().pair();
            boolean runs = false;
            try {
                Launched launched = around.launch().startWorker(plan, ends[1], spawner);
                runs = true;
                socket = ends[0];
                return launched;
            } finally {
                around.machine().syscalls().close(ends[1]);
                if (!runs) {
                    around.machine().syscalls().close(ends[0]);
                }
            }
        } catch (SyscallException e) {
            throw new RefusedException(503, plan.script(), "no socket for a keeper: " + e.getMessage());
        } finally {
            around.machine().syscalls().close(plan.directory());
        }
    }
}
