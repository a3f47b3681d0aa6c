package org.cgifpm.adapters.backend.cgi;

import java.util.List;
import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.backend.process.Forker;
import org.cgifpm.adapters.backend.process.Launch;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.StderrRate;
import org.jspecify.annotations.Nullable;

/** Starts a process for each request of one pool. Loop thread only; starts happen on launch threads. */
public final class CgiBackend implements Backend {
    /** What answers requests for persistent applications. Loop thread. */
    @FunctionalInterface
    public interface Relay {
        /** Answers a request that has been let in and planned. */
        void relay(Exchange exchange, RelayPlan plan, Watcher watcher);
    }

    private final ProcessSurroundings around;
    private final CgiSettings settings;
    private final Launch launch;
    private final StderrRate stderrRate = new StderrRate();
    private final FirstLook firstLook = new FirstLook();
    private final RunningRequests requests = new RunningRequests();
    private Relay relay = (exchange, plan, watcher) -> {
        String why = "a persistent application where there are no workers";
        Answers.error(exchange, 500, why, "");
        watcher.finished(Outcome.refused(500, plan.application().key().program(), why));
    };
    private @Nullable Forker forker;

    /** Without control groups. */
    public CgiBackend(ProcessSurroundings around, CgiSettings settings) {
        this(around, settings, null);
    }

    /** @param leaves where each request gets a control group from, or null where there are none */
    public CgiBackend(ProcessSurroundings around, CgiSettings settings, @Nullable LeafSource leaves) {
        this.around = around;
        this.settings = settings;
        this.launch = new Launch(around, leaves);
    }

    /** What forks Python scripts; without it every plan is to be a program's or a worker's. Before the first request. */
    public void forksBy(Forker wanted) {
        forker = wanted;
    }

    /** Where requests go that turn out to be for a persistent application. */
    public void relaysTo(Relay wanted) {
        relay = wanted;
    }

    @Override
    public void serve(Exchange exchange, Planner planner, Watcher watcher) {
        CgiGround ground = new CgiGround(around, settings, launch, stderrRate, firstLook, relay, forker);
        new StartingRequest(ground, requests, exchange, watcher).begin(planner);
    }

    /** The requests that have their process, the oldest first. */
    public List<RunningRequest> running() {
        return requests.views();
    }

    /**
     * Ends one request as a time-out would, but with a 500: TERM, KILL after {@code kill_grace}.
     *
     * @return false if there is none of that number, neither running nor being started
     */
    public boolean terminate(long exchangeId) {
        return requests.terminate(exchangeId);
    }

    /**
     * Ends every running request of that user, as {@link #terminate}.
     *
     * @param uid as the kernel has it, unsigned
     * @return how many there were
     */
    public int terminateUser(int uid) {
        return requests.terminate(
                view -> view.identity().map(Identity::uid).orElseGet(around.syscalls()::effectiveUser) == uid);
    }

    /** TERM to every process group, KILL after {@code kill_grace}; requests that are being started follow. */
    public void terminateAll() {
        requests.terminateAll();
    }

    /** KILL to every process group. */
    public void killAll() {
        requests.killAll();
    }
}
