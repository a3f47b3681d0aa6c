package org.cgifpm.daemon.wiring;

import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.cgifpm.adapters.backend.warm.KeeperView;
import org.cgifpm.adapters.backend.worker.GroupView;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.daemon.status.PoolState;
import org.cgifpm.daemon.status.RunningReport;
import org.cgifpm.daemon.status.page.PoolPages;
import org.cgifpm.daemon.status.page.PoolView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool as its administrator knows it: what bears its name, over all changes of its settings. Requests that come now are
 * answered by the current {@link PoolAtWork}, those before it finish what they have. Loop thread only, or before the
 * loop runs; {@link #settle} must be called now and then while {@link #unsettled}.
 */
final class StandingPool implements StopSequence.Work {
    private static final Logger LOG = LoggerFactory.getLogger(StandingPool.class);

    private final PoolFigures figures;
    private final RunningTable running;
    private PoolSettings settings;
    private PoolState state = PoolState.DOWN;
    private @Nullable PoolAtWork current;
    private @Nullable PoolDoor door;
    private final List<PoolDoor> closing = new ArrayList<>();
    private final List<PoolAtWork> leaving = new ArrayList<>();

    /** One that is not up. */
    StandingPool(PoolSettings settings, PoolFigures figures, RunningTable running) {
        this.running = running;
        this.settings = settings;
        this.figures = figures;
    }

    String name() {
        return settings.name();
    }

    PoolSettings settings() {
        return settings;
    }

    PoolFigures figures() {
        return figures;
    }

    PoolState state() {
        return state;
    }

    /** The one that takes requests now; null while there is none. */
    @Nullable
    PoolDoor door() {
        return door;
    }

    /** It is not up, and stays so, with those settings. */
    void staysDown(PoolSettings wanted) {
        settings = wanted;
        state = PoolState.DOWN;
    }

    /**
     * Its address is another pool's from now on; the door to it is returned. Connections go along to a pool that can
     * answer them; otherwise they stay here, until what has begun on them is answered.
     *
     * @param relays whether the daemon relays the other pool's requests
     */
    PoolDoor giveUpDoor(boolean relays) {
        PoolDoor given = Objects.requireNonNull(door);
        door = null;
        if (relays || !given.relays()) {
            return given;
        }
        closing.add(given);
        return given.handOver();
    }

    /**
     * Requests are answered by that one from now on.
     *
     * @param entry its own door, which may have been this pool's, or another's, before
     */
    void become(PoolAtWork successor, PoolDoor entry) {
        PoolAtWork before = current;
        PoolDoor old = door;
        boolean sameSocket = old != null && old.socket().fd() == entry.socket().fd();
        // A socket that is another pool's from now on must not be shut.
        if (before instanceof DirectPool && (old == null || sameSocket)) {
            before.leave();
        } else if (before instanceof DirectPool) {
            before.drain();
        }
        PoolDoor now = entry;
        if (successor instanceof DirectPool && entry.relays()) {
            now = entry.handOver();
            closing.add(entry);
        }
        successor.begin();
        if (successor instanceof Pool pool) {
            pool.pages(new PoolPages(pool.settings().pages(), view(), Clock.system(ZoneId.systemDefault()))::answers);
            lead(now, pool);
        }
        if (old != null && !sameSocket) {
            old.close(false);
            closing.add(old);
        }
        if (successor instanceof Pool pool) {
            closing.stream().filter(PoolDoor::relays).forEach(other -> lead(other, pool));
        }
        if (before != null) {
            leaving.add(before);
        }
        settings = successor.settings();
        current = successor;
        door = now;
        state = PoolState.UP;
    }

    private PoolView view() {
        return new PoolView() {
            @Override
            public PoolReport report() {
                return StandingPool.this.report();
            }

            @Override
            public void running(Consumer<List<RunningReport>> told) {
                running.reports(name(), told);
            }
        };
    }

    private static void lead(PoolDoor door, Pool pool) {
        try {
            door.leadTo(pool);
        } catch (SyscallException e) {
            LOG.error("pool {}: nobody can be let in: {}", pool.settings().name(), e.getMessage());
        }
    }

    /** No more requests; what there is goes on to its end. A daemon that stops does the same by {@link #drain}. */
    void takeNoMore() {
        end(false);
    }

    private void end(boolean stopping) {
        if (state != PoolState.UP) {
            return;
        }
        state = PoolState.DRAINING;
        if (current instanceof DirectPool && door == null) {
            current.leave();
        } else if (current instanceof DirectPool) {
            current.drain();
        }
        if (door != null) {
            door.close(stopping);
            closing.add(door);
            door = null;
        }
    }

    /** Whether something is on its way out. */
    boolean unsettled() {
        return state == PoolState.DRAINING || !closing.isEmpty() || !leaving.isEmpty();
    }

    /** Lets go of what has come to its end; true if nothing is on its way out any more. */
    boolean settle() {
        closing.removeIf(old -> {
            boolean over = old.over();
            if (over) {
                figures.accepted(old.accepted());
            }
            return over;
        });
        if (state == PoolState.DRAINING && closing.isEmpty() && current != null) {
            leaving.add(current);
            current = null;
        }
        // While workers take their requests themselves, a door that is closing still leads to what was before them.
        if (closing.isEmpty() || current instanceof Pool) {
            leaving.removeIf(one -> {
                boolean over = one.idle();
                if (over) {
                    one.close();
                }
                return over;
            });
        }
        if (state == PoolState.DRAINING && current == null && leaving.isEmpty()) {
            state = PoolState.DRAINED;
        }
        return !unsettled();
    }

    private Stream<PoolAtWork> all() {
        return current == null ? leaving.stream() : Stream.concat(Stream.of(current), leaving.stream());
    }

    private Stream<PoolDoor> doors() {
        return door == null ? closing.stream() : Stream.concat(Stream.of(door), closing.stream());
    }

    private int sum(ToIntFunction<PoolAtWork> figure) {
        return all().mapToInt(figure).sum();
    }

    PoolReport report() {
        ToLongFunction<PoolDoor> accepted = PoolDoor::accepted;
        List<GroupView> workers = new ArrayList<>();
        List<KeeperView> keepers = new ArrayList<>();
        all().forEach(one -> {
            workers.addAll(one.workers());
            keepers.addAll(one.keepers());
        });
        return new PoolReport(
                settings,
                state,
                figures.sinceMillis(),
                figures.accepted() + doors().mapToLong(accepted).sum(),
                doors().mapToInt(PoolDoor::connections).sum(),
                sum(PoolAtWork::active),
                sum(PoolAtWork::waiting),
                figures.peaks(),
                figures.slow(),
                figures.counters(),
                workers,
                keepers);
    }

    /** Ends one request; false if there is none of that number. */
    boolean terminate(long id) {
        return all().anyMatch(one -> one.terminate(id));
    }

    /** Ends all requests of that user; how many there were. */
    int terminateUser(int uid) {
        return sum(one -> one.terminateUser(uid));
    }

    @Override
    public void drain() {
        end(true);
    }

    /** Connections without a request are nothing to wait for here. */
    @Override
    public boolean idle() {
        boolean idle = doors().noneMatch(PoolDoor::busy);
        if (idle) {
            for (PoolAtWork one : all().toList()) {
                idle &= one.idle();
            }
        }
        return idle;
    }

    @Override
    public void terminate() {
        all().toList().forEach(PoolAtWork::terminate);
    }

    @Override
    public void kill() {
        all().toList().forEach(PoolAtWork::kill);
    }

    @Override
    public long killGraceNanos() {
        return all().mapToLong(PoolAtWork::killGraceNanos).max().orElse(0);
    }
}
