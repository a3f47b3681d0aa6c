package org.cgifpm.adapters;

/** What answers requests: processes started for each, or kept. It knows no front end. */
public interface Backend {
    /**
     * Answers one request that has been let in. Loop thread.
     *
     * @param planner is asked what to do; its refusal becomes the answer
     * @param watcher told of the request's way
     */
    void serve(Exchange exchange, Planner planner, Watcher watcher);

    /**
     * Decides what becomes of a request. Called on a launch thread, where it may block; the pools of one application
     * alone have nothing to look for, and call it on the loop thread.
     */
    @FunctionalInterface
    interface Planner {
        Plan plan() throws RefusedException;
    }

    /** Hears what becomes of one request. Called on the loop thread. */
    @FunctionalInterface
    interface Watcher {
        /** It has its process now; at most once, and not for a request that ends before. */
        default void started(RunningRequest running) {}

        /** Its answer is out or given up; at most once. Processes of it may go on. */
        default void answered(Ending how) {}

        /**
         * Nothing of the request is left: the answer is out or given up, and no process of it lives. The place it took
         * is free then and not before. Called exactly once.
         */
        void finished(Outcome outcome);
    }
}
