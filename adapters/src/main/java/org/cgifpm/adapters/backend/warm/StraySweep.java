package org.cgifpm.adapters.backend.warm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.os.CgroupLeaf;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ProcessState;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a keeper's control group for processes that descend from it no more: what a request has left behind there.
 * At most ten times a second, and only after requests. Loop thread only, but for the look itself.
 */
final class StraySweep {
    private static final long SOON_MILLIS = 100;
    /** How far a process may be from its keeper, and how many are taken with one look. */
    private static final int MOST = 256;

    private final WarmSurroundings around;
    private final EventLoop loop;
    private final IntSupplier keeper;
    private final Runnable free;
    private @Nullable Timer timer;
    private boolean looking;
    private boolean stopped;

    /** @param free told when a look is over that {@link #stop} had to wait for */
    StraySweep(WarmSurroundings around, IntSupplier keeper, Runnable free) {
        this.around = around;
        this.loop = around.machine().loop();
        this.keeper = keeper;
        this.free = free;
    }

    /** A request is over; what it started in its first moments may still be in the keeper's group. */
    void requestOver(@Nullable CgroupLeaf ofKeeper, Confinement confinement) {
        LeafSource source = around.leaves();
        if (ofKeeper != null && source != null && timer == null && !looking && !stopped) {
            timer = loop.schedule(SOON_MILLIS * EventLoop.MILLIS, () -> {
                timer = null;
                look(ofKeeper, source, confinement);
            });
        }
    }

    /**
     * No look any more: the control group will be somebody else's.
     *
     * @return false if one is under way; the end of it is told of
     */
    boolean stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        return !looking;
    }

    private void look(CgroupLeaf ofKeeper, LeafSource source, Confinement confinement) {
        looking = true;
        around.machine().threads().submit(around.settings().pool(), spawner -> {
            CgroupLeaf taken = null;
            try {
                List<Integer> strays = strays(ofKeeper.processes());
                if (!strays.isEmpty()) {
                    taken = source.leafFor(confinement);
                    strays.forEach(taken::joinFamily);
                }
            } catch (SyscallException e) {
                // No room for a group: they are looked for again after the next request.
            } finally {
                CgroupLeaf found = taken;
                loop.post(() -> looked(found));
            }
        });
    }

    private void looked(@Nullable CgroupLeaf found) {
        looking = false;
        if (found != null) {
            around.strays().take(found);
        }
        if (stopped) {
            free.run();
        }
    }

    private List<Integer> strays(List<Integer> members) {
        Set<Integer> family = new HashSet<>(Set.of(keeper.getAsInt()));
        List<Integer> strays = new ArrayList<>();
        for (int member : members) {
            if (strays.size() < MOST && !descends(member, family)) {
                strays.add(member);
            }
        }
        return strays;
    }

    /** Whether its parents lead to the keeper; who has ended meanwhile is nobody's business. */
    private boolean descends(int member, Set<Integer> family) {
        List<Integer> line = new ArrayList<>();
        int at = member;
        while (!family.contains(at) && line.size() < MOST) {
            line.add(at);
            at = ProcessState.parent(around.machine().syscalls(), at);
            if (at < 0) {
                return true;
            }
            if (at <= 1) {
                return false;
            }
        }
        family.addAll(line);
        return true;
    }
}
