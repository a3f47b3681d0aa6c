package org.cgifpm.adapters.backend.process;

import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.WarmPlan;

/** Makes processes for requests by forking them off interpreters that are kept. */
public interface Forker {
    /**
     * Makes ready what a fork needs. On a launch thread.
     *
     * @return holds the plan's folder open, as well as pipes; not if this throws
     * @throws RefusedException 503 if there is no room for its pipes, 431 if the request's environment is too large
     */
    ForkOrder prepare(WarmPlan plan, long request, boolean withBody) throws RefusedException;

    /** Forks it, now or when an interpreter is there. Loop thread. */
    void fork(ForkOrder order, Told told);

    /** What becomes of an order. Loop thread. */
    interface Told {
        /** A process has been asked for, which gets its descriptors; the daemon has its own ends of the pipes alone. */
        void asked(RequestProcess.Source process);

        /** After {@link #asked}, at most once: its number is known. */
        void numbered(int pid);

        /** There is no interpreter for it: it has to be started by itself. The order is the caller's to close. */
        void cold(String why);

        /** Whether anybody still wants it. */
        boolean wanted();
    }
}
