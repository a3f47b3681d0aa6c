package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.RunningRequest;

/** Is told of every request of a pool, those that are refused included. Loop thread. */
public interface RequestObserver {
    /** Nobody. */
    RequestObserver NONE = new RequestObserver() {};

    /** It has its process; {@link #finished} follows. */
    default void started(Exchange exchange, RunningRequest running) {}

    /** Nothing of it is left. Once for each request. */
    default void finished(Visit visit) {}
}
