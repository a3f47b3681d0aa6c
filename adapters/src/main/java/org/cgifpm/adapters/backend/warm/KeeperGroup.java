package org.cgifpm.adapters.backend.warm;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.backend.process.ForkOrder;
import org.cgifpm.adapters.backend.process.Forker;
import org.cgifpm.adapters.backend.process.KeptHealth;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The keepers of one interpreter and user: one that forks, perhaps its successor, and those that end with their last
 * request. Loop thread only.
 */
final class KeeperGroup implements Keeper.Events {
    /** What the pool does for its groups. */
    interface Pool {
        /** Whether one more keeper may be started; one that nobody uses makes way. */
        boolean room(KeeperGroup group);

        /** It has neither keepers nor requests. */
        void empty(KeeperGroup group);
    }

    private record Waiting(ForkOrder order, Forker.Told told) {
        boolean executes() {
            return order.plan().how() == WarmPlan.How.EXECUTE;
        }
    }

    private static final int MOST_LACKING = 64;

    private final WarmSurroundings around;
    private final EventLoop loop;
    private final Application interpreter;
    private final Pool pool;
    private final ColdScripts colds;
    private final KeptHealth health;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    /** All that have a process, those that are ending too. */
    private final Set<Keeper> keepers = new LinkedHashSet<>();

    private final Set<String> lacks = new TreeSet<>();
    private @Nullable Keeper current;
    private @Nullable Keeper next;
    private @Nullable Timer idleTimer;
    private @Nullable Timer forgetTimer;
    private boolean stopping;

    KeeperGroup(WarmSurroundings around, Application interpreter, Pool pool, ColdScripts colds) {
        this.around = around;
        this.loop = around.machine().loop();
        this.interpreter = interpreter;
        this.pool = pool;
        this.colds = colds;
        this.health = new KeptHealth(loop::now, around.events(), "keeper " + name(), "have forked nothing");
    }

    private String name() {
        return interpreter.key().program();
    }

    Application.Key key() {
        return interpreter.key();
    }

    /** Those that fork or are about to; the others do not count. */
    int size() {
        return (current == null ? 0 : 1) + (next == null ? 0 : 1);
    }

    boolean busy() {
        return !keepers.isEmpty() || !waiting.isEmpty();
    }

    /** Since when nobody has used it; {@link Long#MAX_VALUE} if somebody does. */
    long unusedSinceNanos() {
        Keeper keeper = current;
        if (keeper == null || next != null || !waiting.isEmpty() || keeper.load() > 0) {
            return Long.MAX_VALUE;
        }
        return keeper.idleSinceNanos();
    }

    KeeperView view() {
        Keeper keeper = current;
        return new KeeperView(
                name(),
                key().uid(),
                keeper == null ? -1 : keeper.pid(),
                keeper == null ? "" : keeper.version(),
                keepers.stream().mapToInt(Keeper::load).sum(),
                keeper == null ? 0 : keeper.forks(),
                waiting.size(),
                String.join(",", lacks),
                health.lastFailure());
    }

    /** Starts one before it is needed. */
    void open() {
        if (current == null && next == null) {
            startNext();
        }
    }

    void fork(ForkOrder order, Forker.Told told) {
        cancelIdle();
        waiting.addLast(new Waiting(order, told));
        pump();
    }

    private void pump() {
        while (!waiting.isEmpty()) {
            Waiting first = waiting.element();
            if (!first.told().wanted()) {
                waiting.remove();
                first.told().cold("nobody waits for it any more");
                continue;
            }
            Keeper keeper = current;
            if (keeper == null && first.executes()) {
                // It needs nothing that the interpreter has: the next may be quicker, this one does not wait.
                waiting.remove();
                first.told().cold("its keeper is not ready");
                open();
                continue;
            }
            if (keeper == null) {
                await();
                return;
            }
            if (!keeper.ask(first.order(), first.told())) {
                return; // it will say when it has room, or that it is no more
            }
            waiting.remove();
            succeed(keeper);
        }
        if (stopping) {
            stop();
        }
    }

    /** Until there is one; where there may be none, scripts are started by themselves. */
    private void await() {
        if (next == null && !startNext()) {
            runCold(health.isFailing() ? failing() : "no room for a keeper");
        }
    }

    /** The same whether a try has just failed or the next is not due: it is logged for each script when it changes. */
    private String failing() {
        return "its keeper fails: " + health.lastFailure();
    }

    private boolean startNext() {
        if (stopping || health.delayNanos() > 0 || !pool.room(this)) {
            return false;
        }
        Keeper keeper = new Keeper(around, interpreter, this);
        next = keeper;
        keepers.add(keeper);
        keeper.start();
        return true;
    }

    private void runCold(String why) {
        while (!waiting.isEmpty()) {
            Waiting request = waiting.remove();
            colds.say(request.order().plan().script().script(), why);
            request.told().cold(why);
        }
    }

    /** One that is tired goes on until another is ready. */
    private void succeed(Keeper keeper) {
        if (next == null && keeper == current) {
            keeper.tired().ifPresent(why -> {
                if (startNext()) {
                    around.events().info("keeper " + keeper.pid() + " of " + name() + " is replaced: " + why);
                }
            });
        }
    }

    // What its keepers say

    @Override
    public void ready(Keeper keeper) {
        if (keeper != next) {
            return;
        }
        Keeper before = current;
        current = keeper;
        next = null;
        around.events().info("keeper " + keeper.pid() + " of " + name() + " is ready: Python " + keeper.version());
        if (before != null) {
            before.retire();
        }
        pump();
        awaitUse();
    }

    @Override
    public void writable(Keeper keeper) {
        pump();
    }

    @Override
    public void failed(Keeper keeper, String why) {
        health.failed("the keeper " + why, keeper.startedNanos(), keeper.proven());
        boolean wasNext = keeper == next;
        if (wasNext) {
            next = null;
        } else if (keeper == current) {
            current = null;
        }
        if (wasNext && current == null) {
            runCold(failing());
        } else {
            // One that worked: whoever waits gets another.
            loop.atTurnEnd(this::pump);
        }
    }

    @Override
    public void left(Keeper keeper) {
        if (keeper.proven() && health.proven(keeper.startedNanos())) {
            around.events().info("keeper " + name() + ": forks again");
        }
        if (keeper == current) {
            awaitUse();
        }
        pump();
    }

    @Override
    public void cold(String script, String why) {
        colds.say(script, why);
    }

    @Override
    public void lacks(String script, List<String> modules) {
        if (lacks.size() < MOST_LACKING && lacks.addAll(modules)) {
            around.events()
                    .info(script + " imports " + String.join(", ", modules) + ", which preload in [pool."
                            + around.settings().pool() + ".python] does not name");
        }
    }

    @Override
    public void gone(Keeper keeper) {
        keepers.remove(keeper);
        forgetIfEmpty();
    }

    /** How it has failed is remembered for a while, or a script that ends its keeper would get one after the other. */
    private void forgetIfEmpty() {
        if (busy()) {
            return;
        }
        long remembered = stopping ? 0 : health.rememberedNanos();
        if (remembered <= 0) {
            cancelIdle();
            pool.empty(this);
        } else if (forgetTimer == null) {
            forgetTimer = loop.schedule(remembered, () -> {
                forgetTimer = null;
                forgetIfEmpty();
            });
        }
    }

    // Idle ones

    private void awaitUse() {
        long idle = around.settings().idleTimeoutNanos();
        if (idle > 0 && idleTimer == null && unusedSinceNanos() != Long.MAX_VALUE) {
            idleTimer = loop.schedule(idle, () -> {
                idleTimer = null;
                letGo();
            });
        }
    }

    private void cancelIdle() {
        if (idleTimer != null) {
            idleTimer.cancel();
            idleTimer = null;
        }
    }

    /** The one that nobody uses ends. */
    void letGo() {
        Keeper keeper = current;
        if (keeper != null && unusedSinceNanos() != Long.MAX_VALUE) {
            cancelIdle();
            current = null;
            keeper.retire();
        }
    }

    // The end

    /** No new ones; those that are there end with their last request. */
    void stop() {
        stopping = true;
        Keeper keeper = current;
        if (waiting.isEmpty() && keeper != null) {
            current = null;
            keeper.retire();
        }
        if (waiting.isEmpty() && next != null) {
            next.retire();
            next = null;
        }
        forgetIfEmpty();
    }

    /** All that is left ends now. */
    void kill() {
        stop();
        runCold("the daemon stops");
        for (Keeper keeper : List.copyOf(keepers)) {
            if (keeper.load() == 0) {
                keeper.fail("is ended: the daemon stops");
            }
        }
    }
}
