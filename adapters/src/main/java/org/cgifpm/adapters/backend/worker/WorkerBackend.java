package org.cgifpm.adapters.backend.worker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.Plan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.backend.process.Launch;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.StderrRate;
import org.cgifpm.adapters.buffers.BufferPool;
import org.cgifpm.adapters.os.SocketFolder;
import org.jspecify.annotations.Nullable;

/** Keeps the workers of one pool's applications and relays requests to them. Loop thread only. */
public final class WorkerBackend implements Backend, WorkerGroup.Pool {
    private static final String KILLED = "kill: an operator ended it";

    private final WorkerSurroundings around;
    private final Map<Application.Key, WorkerGroup> groups = new LinkedHashMap<>();
    private final Map<Long, RelayRequest> running = new LinkedHashMap<>();
    private IntConsumer concurrency = requests -> {};
    /** Those that were given fewer workers than their requests need. */
    private final Set<WorkerGroup> starved = new LinkedHashSet<>();

    private boolean stopping;
    private boolean ending;

    /** @param leaves where each worker gets a control group from, or null where there are none */
    public WorkerBackend(
            ProcessSurroundings machine,
            @Nullable LeafSource leaves,
            SocketFolder sockets,
            BufferPool buffers,
            RelaySettings settings,
            WorkerEvents events) {
        this.around = new WorkerSurroundings(
                machine, new Launch(machine, leaves), sockets, buffers, new StderrRate(), settings, events);
    }

    /** Who is told how many requests at once a worker turned out to take. */
    public void onConcurrency(IntConsumer told) {
        concurrency = told;
    }

    /** Starts the workers that an application has before its first request. */
    public void open(Application application) {
        group(application).open();
    }

    /** Of a pool with one application: its planner does not block. */
    @Override
    public void serve(Exchange exchange, Planner planner, Watcher watcher) {
        try {
            Plan plan = planner.plan();
            if (plan instanceof RelayPlan relay) {
                relay(exchange, relay, watcher);
                return;
            }
            throw new RefusedException(500, "", "a program of its own where there are only workers");
        } catch (RefusedException e) {
            Answers.error(exchange, e.status(), e.why(), "");
            watcher.finished(Outcome.refused(e.status(), e.script(), e.why(), e.check()));
        }
    }

    /** Relays a request that has been let in and planned. */
    public void relay(Exchange exchange, RelayPlan plan, Watcher watcher) {
        WorkerGroup group = group(plan.application());
        RelayRequest request = new RelayRequest(around, exchange, plan, watcher(exchange.id(), watcher), group);
        running.put(exchange.id(), request);
        group.serve(request);
    }

    private Watcher watcher(long id, Watcher told) {
        return new Watcher() {
            @Override
            public void started(org.cgifpm.adapters.RunningRequest request) {
                told.started(request);
            }

            @Override
            public void answered(Ending how) {
                told.answered(how);
            }

            @Override
            public void finished(Outcome outcome) {
                running.remove(id);
                told.finished(outcome);
            }
        };
    }

    private WorkerGroup group(Application application) {
        return groups.computeIfAbsent(application.key(), key -> {
            WorkerGroup group = new WorkerGroup(around, application, this);
            if (ending) {
                group.terminate();
            } else if (stopping) {
                group.stop();
            }
            return group;
        });
    }

    @Override
    public int room(WorkerGroup group, int wanted) {
        int room = around.settings().maxWorkers()
                - groups.values().stream().mapToInt(WorkerGroup::size).sum();
        // Not for workers that would be there for nobody yet: two applications would take their places in turns for
        // ever.
        int needed = Math.min(wanted, group.needed());
        while (room < needed && makeRoom(group)) {
            room++;
        }
        if (room < needed) {
            starved.add(group);
        }
        return Math.max(0, Math.min(room, wanted));
    }

    @Override
    public void freed() {
        if (!starved.isEmpty()) {
            List<WorkerGroup> hopeful = List.copyOf(starved);
            starved.clear();
            hopeful.forEach(WorkerGroup::lookSoon);
        }
    }

    /** The worker of another application that has been idle longest ends. */
    private boolean makeRoom(WorkerGroup forWhom) {
        return groups.values().stream()
                .filter(group -> group != forWhom && group.hasSpare())
                .min(Comparator.comparingLong(WorkerBackend::idleSince))
                .map(WorkerGroup::stopLongestIdle)
                .orElse(false);
    }

    private static long idleSince(WorkerGroup group) {
        Worker worker = group.longestIdle();
        return worker == null ? Long.MAX_VALUE : worker.sinceNanos();
    }

    @Override
    public void empty(WorkerGroup group) {
        groups.remove(group.application().key(), group);
        starved.remove(group);
    }

    @Override
    public void concurrency(int requests) {
        concurrency.accept(requests);
    }

    /** All applications that have workers or requests. */
    public List<GroupView> groups() {
        return groups.values().stream().map(WorkerGroup::view).toList();
    }

    /**
     * Ends one request with a 500, and the worker that is at it.
     *
     * @return false if there is none of that number
     */
    public boolean terminate(long exchangeId) {
        RelayRequest request = running.get(exchangeId);
        if (request != null) {
            request.stop(500, KILLED, Ending.CUT);
        }
        return request != null;
    }

    /**
     * Ends every worker of that user with the requests that it is at.
     *
     * @param uid as the kernel has it, unsigned
     * @return how many requests there were
     */
    public int terminateUser(int uid) {
        int count = 0;
        for (WorkerGroup group : List.copyOf(groups.values())) {
            // By the application: a worker that is being started has no process yet that could tell.
            for (Worker worker : group.application().key().uid() == uid ? group.workers() : List.<Worker>of()) {
                List<RelayRequest> requests = new ArrayList<>(worker.requests());
                requests.forEach(request -> request.stop(500, KILLED, Ending.CUT));
                count += requests.size();
                worker.stop();
            }
        }
        return count;
    }

    /** The daemon stops: workers without a request end now, the others with their last. */
    public void stop() {
        stopping = true;
        List.copyOf(groups.values()).forEach(WorkerGroup::stop);
    }

    /** True when no process of any worker is left. */
    public boolean idle() {
        return groups.values().stream().noneMatch(WorkerGroup::busy);
    }

    /** TERM to every worker, KILL after {@code kill_grace}. */
    public void terminateAll() {
        stop();
        ending = true;
        List.copyOf(groups.values()).forEach(WorkerGroup::terminate);
    }

    /** KILL to every worker. */
    public void killAll() {
        stop();
        ending = true;
        List.copyOf(groups.values()).forEach(WorkerGroup::kill);
    }
}
