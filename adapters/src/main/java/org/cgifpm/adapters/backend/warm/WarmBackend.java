package org.cgifpm.adapters.backend.warm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.backend.process.ForkOrder;
import org.cgifpm.adapters.backend.process.Forker;
import org.cgifpm.adapters.backend.process.KeptEvents;
import org.cgifpm.adapters.backend.process.Launch;
import org.cgifpm.adapters.backend.process.LaunchFailure;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.process.Pipes;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.StderrRate;
import org.cgifpm.adapters.os.DescriptorSender;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;

/** Keeps the Python interpreters of one pool that its scripts are forked from. Loop thread only, but for what says so. */
public final class WarmBackend implements Forker, KeeperGroup.Pool {
    /** Where the keepers' source is, beside this class. */
    public static final String SOURCE = "keeper.py";

    private final WarmSurroundings around;
    private final ColdScripts colds;
    private final Map<Application.Key, KeeperGroup> groups = new LinkedHashMap<>();
    private boolean stopping;

    /** @param leaves where keepers and requests get control groups from, or null where there are none */
    public WarmBackend(
            ProcessSurroundings machine,
            @Nullable LeafSource leaves,
            Sockets sockets,
            DescriptorSender sender,
            WarmSettings settings,
            KeptEvents events) {
        this.around = new WarmSurroundings(
                machine,
                new Launch(machine, leaves),
                leaves,
                sockets,
                sender,
                new StderrRate(),
                settings,
                new Strays(machine.loop(), settings),
                events);
        this.colds = new ColdScripts(events);
    }

    /** Starts a keeper before its first request. */
    public void open(Application interpreter) {
        group(interpreter).open();
    }

    @Override
    public ForkOrder prepare(WarmPlan plan, long request, boolean withBody) throws RefusedException {
        boolean ready = false;
        List<Integer> open = new ArrayList<>(6);
        Syscalls syscalls = around.machine().syscalls();
        try {
            ByteBuffer message = message(plan, request);
            int[] stdin = withBody ? pipe(open, 1) : new int[] {around.machine().devNull(), -1};
            int[] stdout = pipe(open, 0);
            int[] stderr = pipe(open, 0);
            Pipes pipes = new Pipes(plan.script().script(), stdin[1], stdout[0], stderr[0], false);
            ready = true;
            return new ForkOrder(plan, request, message, pipes, stdin[0], stdout[1], stderr[1]);
        } catch (SyscallException e) {
            throw new RefusedException(503, plan.script().script(), "no room for its pipes: " + e.getMessage());
        } finally {
            if (!ready) {
                open.forEach(syscalls::close);
                syscalls.close(plan.script().directory());
            }
        }
    }

    private ByteBuffer message(WarmPlan plan, long request) throws RefusedException {
        LaunchPlan script = plan.script();
        // ./NAME, as all scripts are started.
        String name = script.arguments().get(script.arguments().size() - 1).substring(2);
        ByteBuffer message;
        if (plan.how() == WarmPlan.How.FORK) {
            message = KeeperMessages.run(request, name, script.arguments(), script.environment());
        } else {
            // A keeper could only say that it did not work.
            RefusedException unsound = LaunchFailure.unsound(around.machine().syscalls(), script);
            if (unsound != null) {
                throw unsound;
            }
            message = KeeperMessages.execute(request, name, script.program(), script.arguments(), script.environment());
        }
        if (message == null) {
            throw new RefusedException(
                    431, script.script(), "its environment is longer than " + KeeperMessages.LONGEST + " bytes");
        }
        return message;
    }

    /** @param ours which end must not block */
    private int[] pipe(List<Integer> open, int ours) throws SyscallException {
        Syscalls syscalls = around.machine().syscalls();
        int[] ends = syscalls.pipe();
        open.add(ends[0]);
        open.add(ends[1]);
        syscalls.nonBlocking(ends[ours]);
        return ends;
    }

    @Override
    public void fork(ForkOrder order, Told told) {
        group(order.plan().keeper()).fork(order, told);
    }

    private KeeperGroup group(Application interpreter) {
        KeeperGroup known = groups.get(interpreter.key());
        if (known == null) {
            known = new KeeperGroup(around, interpreter, this, colds);
            groups.put(interpreter.key(), known);
            if (stopping) {
                known.stop();
            }
        }
        return known;
    }

    @Override
    public boolean room(KeeperGroup group) {
        int max = around.settings().maxKeepers();
        int size = groups.values().stream().mapToInt(KeeperGroup::size).sum();
        // Its successor takes the place of the one that forks now.
        if (size < max || group.size() > 0) {
            return true;
        }
        Optional<KeeperGroup> unused = groups.values().stream()
                .filter(other -> other.unusedSinceNanos() != Long.MAX_VALUE)
                .min(Comparator.comparingLong(KeeperGroup::unusedSinceNanos));
        unused.ifPresent(KeeperGroup::letGo);
        return unused.isPresent();
    }

    @Override
    public void empty(KeeperGroup group) {
        groups.remove(group.key(), group);
    }

    /** All kinds of keepers that there are. */
    public List<KeeperView> views() {
        return groups.values().stream().map(KeeperGroup::view).toList();
    }

    /** The daemon stops: keepers end with their last request. */
    public void stop() {
        stopping = true;
        List.copyOf(groups.values()).forEach(KeeperGroup::stop);
    }

    /** True when no process of any keeper is left, nor of a request. */
    public boolean idle() {
        return around.strays().isEmpty() && groups.values().stream().noneMatch(KeeperGroup::busy);
    }

    /** No request is waited for: what has none ends now, and the others with it. */
    public void end() {
        stop();
        around.strays().end();
        List.copyOf(groups.values()).forEach(KeeperGroup::kill);
    }
}
