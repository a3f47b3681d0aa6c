package org.cgifpm.adapters;

import java.util.function.Consumer;

/** What answers requests: processes started for each, or kept. It knows no front end. */
public interface Backend {
    /**
     * Answers one request that has been let in. Loop thread.
     *
     * @param planner is asked, on a launch thread, what to start; its refusal becomes the answer
     * @param finished told exactly once, on the loop thread, when nothing of the request is left: the answer is out or
     *     given up, and no process of it lives. The place it took is free then and not before.
     */
    void serve(Exchange exchange, Planner planner, Consumer<Outcome> finished);

    /** Decides what to start for a request. Called on a launch thread, where it may block. */
    @FunctionalInterface
    interface Planner {
        LaunchPlan plan() throws RefusedException;
    }
}
