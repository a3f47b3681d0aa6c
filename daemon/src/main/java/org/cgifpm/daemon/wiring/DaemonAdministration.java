package org.cgifpm.daemon.wiring;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.control.Administration;
import org.cgifpm.daemon.control.ReloadResult;
import org.cgifpm.daemon.status.DaemonReport;
import org.cgifpm.daemon.status.PoolState;
import org.cgifpm.daemon.status.RunningReport;

/** What can be asked of this daemon. Loop thread only. */
final class DaemonAdministration implements Administration {
    private final PoolGround ground;
    private final Pools pools;
    private final Reloads reloads;
    private final InstantSource clock;
    private final long sinceMillis;
    private final Consumer<Boolean> stop;
    private long reloadedMillis;
    private boolean stopping;

    /** @param stop told to stop, and whether at once */
    DaemonAdministration(PoolGround ground, Pools pools, Reloads reloads, InstantSource clock, Consumer<Boolean> stop) {
        this.ground = ground;
        this.pools = pools;
        this.reloads = reloads;
        this.clock = clock;
        this.sinceMillis = clock.millis();
        this.stop = stop;
    }

    @Override
    public DaemonReport report() {
        Config config = reloads.inForce();
        return new DaemonReport(
                version(),
                ground.machine().cgi().syscalls().pid(),
                ground.user(),
                config.file().toString(),
                sinceMillis,
                clock.millis(),
                reloads.count(),
                reloadedMillis,
                stopping,
                ground.machine().acceptors().budget().open(),
                ground.machine().acceptors().budget().max(),
                ground.gate().busy(),
                ground.gate().max(),
                pools.all().stream().map(StandingPool::report).toList());
    }

    private static String version() {
        String packaged = DaemonAdministration.class.getPackage().getImplementationVersion();
        return packaged == null ? "not packaged" : packaged;
    }

    @Override
    public void running(Consumer<List<RunningReport>> told) {
        ground.running().reports(told);
    }

    @Override
    public void reload(Consumer<ReloadResult> told) {
        reloads.reload(result -> {
            if (result instanceof ReloadResult.Done) {
                reloadedMillis = clock.millis();
            }
            told.accept(result);
        });
    }

    @Override
    public void stop(boolean atOnce) {
        stopping = true;
        reloads.refuse();
        stop.accept(atOnce);
    }

    @Override
    public void reopenLogs() {
        ground.machine().logFiles().reopen();
    }

    @Override
    public void drain(String name, Consumer<String> told) {
        reloads.undisturbed(() -> {
            Optional<StandingPool> pool = pools.named(name);
            if (pool.isEmpty()) {
                told.accept("there is no pool " + name);
            } else if (pool.get().state() == PoolState.DOWN) {
                told.accept("pool " + name + " is not up");
            } else {
                pools.drain(pool.get(), told);
            }
        });
    }

    @Override
    public boolean kill(long id) {
        return pools.withRemoved().stream().anyMatch(pool -> pool.terminate(id));
    }

    @Override
    public int killUser(int uid) {
        return pools.withRemoved().stream()
                .mapToInt(pool -> pool.terminateUser(uid))
                .sum();
    }
}
