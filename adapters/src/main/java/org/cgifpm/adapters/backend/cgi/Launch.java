package org.cgifpm.adapters.backend.cgi;

import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.ChildProcess;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.SpawnOrder;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;

/** Starts what a plan says, with three pipes. On a launch thread; closes all it opened if it fails. */
final class Launch {
    /** util-linux, on every Debian; gives a program its descriptor limit where the daemon's own is higher. */
    private static final String PRLIMIT = "/usr/bin/prlimit";

    private final Syscalls syscalls;
    private final DescriptorLimit descriptors;
    private final int devNull;

    Launch(CgiSurroundings around) {
        this.syscalls = around.syscalls();
        this.descriptors = around.descriptors();
        this.devNull = around.devNull();
    }

    /** Starts the program; the plan's directory stays open. */
    Launched start(LaunchPlan plan, boolean withBody, Spawner spawner) throws RefusedException {
        List<Integer> open = new ArrayList<>(6);
        try {
            int[] stdin = withBody ? pipe(open) : new int[] {devNull, -1};
            int[] stdout = pipe(open);
            int[] stderr = pipe(open);
            if (withBody) {
                syscalls.nonBlocking(stdin[1]);
            }
            syscalls.nonBlocking(stdout[0]);
            syscalls.nonBlocking(stderr[0]);
            ChildProcess child = spawn(plan, stdin[0], stdout[1], stderr[1], spawner);
            if (withBody) {
                syscalls.close(stdin[0]);
            }
            syscalls.close(stdout[1]);
            syscalls.close(stderr[1]);
            return new Launched(child, plan.script(), stdin[1], stdout[0], stderr[0]);
        } catch (SyscallException e) {
            open.forEach(syscalls::close);
            throw LaunchFailure.explain(syscalls, plan, e);
        }
    }

    private int[] pipe(List<Integer> open) throws SyscallException {
        int[] ends = syscalls.pipe();
        open.add(ends[0]);
        open.add(ends[1]);
        return ends;
    }

    private ChildProcess spawn(LaunchPlan plan, int stdin, int stdout, int stderr, Spawner spawner)
            throws SyscallException {
        if (descriptors.raised() && LaunchFailure.hasSoundHead(syscalls, plan)) {
            List<String> arguments = new ArrayList<>(List.of("prlimit", descriptors.link(), "--", plan.program()));
            arguments.addAll(plan.arguments().subList(1, plan.arguments().size()));
            return spawner.spawn(
                    new SpawnOrder(plan.directory(), PRLIMIT, arguments, plan.environment(), stdin, stdout, stderr));
        }
        ChildProcess child = spawner.spawn(new SpawnOrder(
                plan.directory(), plan.program(), plan.arguments(), plan.environment(), stdin, stdout, stderr));
        if (descriptors.raised()) {
            descriptors.lower(child);
        }
        return child;
    }
}
