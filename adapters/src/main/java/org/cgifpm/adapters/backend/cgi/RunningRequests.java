package org.cgifpm.adapters.backend.cgi;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.RunningRequest;
import org.jspecify.annotations.Nullable;

/** The requests of one pool that have a process or are about to get one. Loop thread only. */
final class RunningRequests {
    static final String KILLED = "kill: an operator ended it";

    private final Set<StartingRequest> starting = new LinkedHashSet<>();
    /** In the order of their starts. */
    private final Map<CgiRequest, RunningRequest> running = new LinkedHashMap<>();

    private boolean terminating;

    void starting(StartingRequest request) {
        starting.add(request);
    }

    void started(StartingRequest request) {
        starting.remove(request);
    }

    void add(CgiRequest request, RunningRequest view) {
        running.put(request, view);
    }

    void remove(CgiRequest request) {
        running.remove(request);
    }

    /** The number of its process is known; null if it is over already. */
    @Nullable
    RunningRequest numbered(CgiRequest request, int pid) {
        return running.computeIfPresent(
                request,
                (same, before) -> new RunningRequest(
                        before.id(), pid, before.script(), before.identity(), before.startedNanos()));
    }

    /** Whether those that come to run now are to be ended at once. */
    boolean terminating() {
        return terminating;
    }

    List<RunningRequest> views() {
        return List.copyOf(running.values());
    }

    /** False if there is none of that number. */
    boolean terminate(long id) {
        boolean found = false;
        for (StartingRequest request : List.copyOf(starting)) {
            if (request.id() == id) {
                request.killed();
                found = true;
            }
        }
        return terminate(view -> view.id() == id) > 0 || found;
    }

    int terminate(Predicate<RunningRequest> wanted) {
        List<CgiRequest> found = running.entrySet().stream()
                .filter(entry -> wanted.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        found.forEach(request -> request.stop(500, KILLED, Ending.CUT));
        return found.size();
    }

    void terminateAll() {
        terminating = true;
        List.copyOf(running.keySet()).forEach(CgiRequest::terminate);
    }

    void killAll() {
        terminating = true;
        List.copyOf(running.keySet()).forEach(CgiRequest::kill);
    }
}
