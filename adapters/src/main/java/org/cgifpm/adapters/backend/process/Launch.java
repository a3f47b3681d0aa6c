package org.cgifpm.adapters.backend.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.CgroupLeaf;
import org.cgifpm.adapters.os.ChildProcess;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.OwnCapabilities;
import org.cgifpm.adapters.os.SpawnOrder;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;

/** Starts what a plan says, with three pipes. On a launch thread; closes all it opened if it fails. */
public final class Launch {
    /** util-linux, on every Debian; gives a program its descriptor limit where the daemon's own is higher. */
    private static final String PRLIMIT = "/usr/bin/prlimit";

    private final Syscalls syscalls;
    private final DescriptorLimit descriptors;
    private final int devNull;
    private final ExecChain.Inherited inherited;
    private final @Nullable LeafSource leaves;

    public Launch(ProcessSurroundings around, @Nullable LeafSource leaves) {
        this.leaves = leaves;
        this.syscalls = around.syscalls();
        this.descriptors = around.descriptors();
        this.devNull = around.devNull();
        this.inherited = new ExecChain.Inherited(
                descriptors.childSoftLimit(), OwnCapabilities.read().passedOn());
    }

    /** What programs would inherit from the daemon. */
    public ExecChain.Inherited inherited() {
        return inherited;
    }

    /** Starts the program; the plan's directory stays open. */
    public Launched start(LaunchPlan plan, boolean withBody, Spawner spawner) throws RefusedException {
        List<Integer> open = new ArrayList<>(6);
        CgroupLeaf leaf = null;
        boolean started = false;
        try {
            boolean chained = ExecChain.needed(plan, inherited);
            // Without a chain there is nobody to join it before the program runs; what runs for long joins later.
            leaf = leaves == null || !chained ? null : leaves.leafFor(plan.confinement());
            int[] stdin = withBody ? pipe(open) : new int[] {devNull, -1};
            int[] stdout = pipe(open);
            int[] stderr = pipe(open);
            if (withBody) {
                syscalls.nonBlocking(stdin[1]);
            }
            syscalls.nonBlocking(stdout[0]);
            syscalls.nonBlocking(stderr[0]);
            ChildProcess child = chained
                    ? spawnChain(plan, leaf, stdin[0], stdout[1], stderr[1], spawner)
                    : spawn(plan, stdin[0], stdout[1], stderr[1], spawner);
            started = true;
            if (withBody) {
                syscalls.close(stdin[0]);
            }
            syscalls.close(stdout[1]);
            syscalls.close(stderr[1]);
            return new Launched(
                    child, chained, leaf, chained ? null : leaves, plan.script(), stdin[1], stdout[0], stderr[0]);
        } catch (SyscallException e) {
            throw LaunchFailure.explain(syscalls, plan, e);
        } finally {
            if (!started) {
                open.forEach(syscalls::close);
                if (leaf != null) {
                    leaf.giveBack();
                }
            }
        }
    }

    /**
     * Starts a worker: its standard input is a listening socket, what it writes to standard output and standard error
     * comes by one pipe. It is in its control group before it runs. The plan's directory stays open.
     *
     * @param listener the socket that it accepts on; stays open
     */
    public Launched startWorker(LaunchPlan plan, int listener, Spawner spawner) throws RefusedException {
        List<Integer> open = new ArrayList<>(2);
        CgroupLeaf leaf = null;
        boolean started = false;
        try {
            leaf = leaves == null ? null : leaves.leafFor(plan.confinement());
            int[] words = pipe(open);
            syscalls.nonBlocking(words[0]);
            int stdout = plan.text().orElse(words[1]);
            boolean chained = leaf != null || ExecChain.needed(plan, inherited);
            ChildProcess child = chained
                    ? spawnChain(plan, leaf, listener, stdout, words[1], spawner)
                    : spawn(plan, listener, stdout, words[1], spawner);
            started = true;
            syscalls.close(words[1]);
            return new Launched(child, chained, leaf, null, plan.script(), -1, -1, words[0]);
        } catch (SyscallException e) {
            throw LaunchFailure.explain(syscalls, plan, e);
        } finally {
            if (!started) {
                open.forEach(syscalls::close);
                if (leaf != null) {
                    leaf.giveBack();
                }
            }
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

    private ChildProcess spawnChain(
            LaunchPlan plan, @Nullable CgroupLeaf leaf, int stdin, int stdout, int stderr, Spawner spawner)
            throws SyscallException, RefusedException {
        outsideOfNoRoot(plan);
        RefusedException unsound = LaunchFailure.unsound(syscalls, plan);
        if (unsound != null) {
            throw unsound;
        }
        ExecChain.Command command =
                ExecChain.command(plan, inherited, Optional.ofNullable(leaf).map(CgroupLeaf::joins));
        try {
            return spawner.spawn(new SpawnOrder(
                    plan.directory(),
                    command.program(),
                    command.arguments(),
                    command.environment(),
                    stdin,
                    stdout,
                    stderr));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.EACCES || e.errno() == Errno.ENOEXEC) {
                throw new RefusedException(500, plan.script(), "no shell to start it with: " + e.getMessage());
            }
            throw e;
        }
    }

    /** The working directory stays as it is when the root changes: one outside of it would be the way out. */
    private void outsideOfNoRoot(LaunchPlan plan) throws SyscallException, RefusedException {
        Optional<String> chroot = plan.confinement().chroot();
        if (chroot.isPresent()) {
            String root = syscalls.realPath(chroot.get());
            String home = syscalls.realPath("/proc/self/fd/" + plan.directory());
            if (!home.startsWith(root.endsWith("/") ? root : root + "/")) {
                throw new RefusedException(500, plan.script(), "chroot: its folder " + home + " is not below " + root);
            }
        }
    }
}
