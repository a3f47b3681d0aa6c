package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.Plan;
import org.cgifpm.adapters.RefusedException;

/** Decides what becomes of the requests of one pool that have their place. */
interface RequestPlanner {
    /**
     * Where scripts have to be found and checked, only on a launch thread; whoever gets a launch plan closes its folder.
     *
     * @throws RefusedException with the status and the reason, if nothing may become of it
     */
    Plan plan(Exchange exchange) throws RefusedException;
}
