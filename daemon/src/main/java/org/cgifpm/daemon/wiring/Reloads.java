package org.cgifpm.daemon.wiring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.control.ReloadResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads, one at a time: {@link Reload} makes ready on a thread of its own, the switch is done here in one turn of the
 * loop. Those who ask while one is under way share the next. Loop thread only.
 */
final class Reloads {
    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

    /** Hears of reloads. Loop thread. */
    interface Watcher {
        /** One begins; {@link #ended} follows. */
        void begun();

        /** @param inForce the configuration that is from now on; null if the one before stays */
        void ended(ReloadResult result, @Nullable Config inForce);
    }

    private final PoolGround ground;
    private final EventLoop loop;
    private final Pools pools;
    private final ConfigSource source;
    private final Watcher watcher;
    private final List<Consumer<ReloadResult>> asked = new ArrayList<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private Config inForce;
    private boolean working;
    private @Nullable CompletableFuture<Reload.Prepared> preparing;
    private boolean refusing;
    private long count;

    Reloads(PoolGround ground, Pools pools, Config inForce, ConfigSource source, Watcher watcher) {
        this.ground = ground;
        this.loop = ground.machine().loop();
        this.pools = pools;
        this.inForce = inForce;
        this.source = source;
        this.watcher = watcher;
    }

    /** The configuration that is in force. */
    Config inForce() {
        return inForce;
    }

    /** How many took effect. */
    long count() {
        return count;
    }

    /** The daemon stops: nothing is reloaded any more, also not what is being made ready. */
    void refuse() {
        refusing = true;
    }

    void reload(Consumer<ReloadResult> told) {
        asked.add(told);
        if (!working) {
            begin();
        }
    }

    /** Runs that now, or, while a reload is under way, after it: what that has been made ready for must not change. */
    void undisturbed(Runnable task) {
        if (working) {
            afterwards.add(task);
        } else {
            task.run();
        }
    }

    private void begin() {
        List<Consumer<ReloadResult>> whom = List.copyOf(asked);
        asked.clear();
        if (refusing) {
            whom.forEach(one -> one.accept(new ReloadResult.Refused(List.of("the daemon is stopping"))));
            return;
        }
        working = true;
        watcher.begun();
        Reload reload = new Reload(ground, pools, inForce.daemon(), source);
        CompletableFuture<Reload.Prepared> future = new CompletableFuture<>();
        preparing = future;
        Thread thread = new Thread(
                () -> {
                    Reload.Prepared prepared = reload.prepare();
                    future.complete(prepared);
                    loop.post(() -> finish(prepared, whom));
                },
                "reload");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * After the loop has ended: undoes what a reload has made ready that came too late.
     *
     * @param millis how long it may take to get that far; a dead file server may hold it for ever
     */
    void abandon(long millis) throws InterruptedException {
        if (working && preparing != null) {
            try {
                givenUp(preparing.get(millis, TimeUnit.MILLISECONDS), "the daemon has stopped");
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn("a reload was not over when the daemon stopped");
            }
        }
    }

    private void finish(Reload.Prepared prepared, List<Consumer<ReloadResult>> whom) {
        ReloadResult result = refusing ? givenUp(prepared, "the daemon is stopping") : takeEffect(prepared);
        tell(result);
        working = false;
        watcher.ended(result, result instanceof ReloadResult.Done ? inForce : null);
        whom.forEach(one -> one.accept(result));
        List<Runnable> tasks = List.copyOf(afterwards);
        afterwards.clear();
        tasks.forEach(Runnable::run);
        if (!asked.isEmpty() && !working) {
            begin();
        }
    }

    private static ReloadResult givenUp(Reload.Prepared prepared, String why) {
        if (prepared.upcoming() != null) {
            prepared.upcoming().undo();
        }
        List<String> problems = new ArrayList<>(prepared.problems());
        problems.add(why);
        return new ReloadResult.Refused(problems);
    }

    private ReloadResult takeEffect(Reload.Prepared prepared) {
        Config config = prepared.config();
        if (config == null || prepared.upcoming() == null) {
            return new ReloadResult.Refused(prepared.problems());
        }
        List<String> order = config.pools().stream().map(PoolSettings::name).toList();
        try {
            pools.change(prepared.upcoming().pools(), prepared.plan().removed(), order);
        } catch (SyscallException e) {
            return givenUp(prepared, String.valueOf(e.getMessage()));
        }
        ground.gate().max(config.daemon().maxChildren());
        ground.stopTimeoutNanos().set(config.daemon().stopTimeout().toNanos());
        ground.machine().acceptors().budget().max(config.daemon().maxConnections());
        inForce = config;
        count++;
        for (PoolSettings pool : prepared.plan().changed()) {
            ground.machine()
                    .cgi()
                    .threads()
                    .submit(this, spawner -> ground.groups().limit(pool));
        }
        return Reload.result(prepared);
    }

    private static void tell(ReloadResult result) {
        if (result instanceof ReloadResult.Done done) {
            done.warnings().forEach(warning -> LOG.warn("reload: {}", warning));
            LOG.info(
                    "reloaded: {} added{}, {} changed{}, {} removed{}, {} kept",
                    done.added().size(),
                    names(done.added()),
                    done.changed().size(),
                    names(done.changed()),
                    done.removed().size(),
                    names(done.removed()),
                    done.kept().size());
        } else if (result instanceof ReloadResult.Refused refused) {
            refused.problems().forEach(problem -> LOG.error("reload: {}", problem));
            LOG.error(
                    "reload refused, the configuration before stays in force: {} {}",
                    refused.problems().size(),
                    refused.problems().size() == 1 ? "problem" : "problems");
        }
    }

    /** As many as a line can bear. */
    private static String names(List<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        int most = 10;
        String more = names.size() > most ? ", …" : "";
        return " (" + String.join(", ", names.subList(0, Math.min(most, names.size()))) + more + ")";
    }
}
