package org.cgifpm.adapters.backend.worker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.backend.process.KeptEvents;
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
            KeptEvents events) {
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
            relay(exchange, planned(planner), watcher);
        } catch (RefusedException e) {
            Answers.error(exchange, e.status(), e.why(), "");
            watcher.finished(Outcome.refused(e.status(), e.script(), e.why(), e.check()));
        }
    }

    private static RelayPlan planned(Planner planner) throws RefusedException {
        Plan plan;
        try {
            plan = planner.plan();
        } catch (RuntimeException e) {
            throw new RefusedException(500, "", "internal error: " + e);
        }
        if (plan instanceof RelayPlan relay) {
            return relay;
        }
        throw new RefusedException(500, "", "a program of its own where there are only workers");
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
            public void started(RunningRequest request) {
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
        // Not for workers that would be there for nobody yet: two applications would take their places in turns for
        // ever.
        int needed = Math.min(wanted, group.needed());
        // A user's own share first: who has no room there must not have another user's worker ended for nothing.
        int ofUser = roomOfUser(group, needed);
        int usable = Math.min(needed, ofUser);
        int room = around.settings().maxWorkers() - size(groups.values());
        while (room < usable && makeRoom(groups.values(), group)) {
            room++;
        }
        room = Math.min(room, ofUser);
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

    /** With {@code max_children_per_user}: one user's many applications take no more than their share. */
    private int roomOfUser(WorkerGroup group, int needed) {
        int max = around.settings().maxPerUser();
        if (max == 0) {
            return Integer.MAX_VALUE;
        }
        int uid = group.application().key().uid();
        List<WorkerGroup> theirs = groups.values().stream()
                .filter(other -> other.application().key().uid() == uid)
                .toList();
        int room = max - size(theirs);
        while (room < needed && makeRoom(theirs, group)) {
            room++;
        }
        return room;
    }

    private static int size(Collection<WorkerGroup> groups) {
        return groups.stream().mapToInt(WorkerGroup::size).sum();
    }

    /** The worker of another application of these that nobody has waited for longest ends. */
    private static boolean makeRoom(Collection<WorkerGroup> among, WorkerGroup forWhom) {
        Optional<Worker> spare = among.stream()
                .filter(group -> group != forWhom)
                .map(WorkerGroup::spare)
                .filter(Objects::nonNull)
                .min(Comparator.comparingLong(Worker::sinceNanos));
        spare.ifPresent(Worker::stop);
        return spare.isPresent();
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
