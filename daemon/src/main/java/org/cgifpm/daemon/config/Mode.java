package org.cgifpm.daemon.config;

/** How a pool answers its requests. */
public enum Mode {
    /** A process of its own for each request. */
    EXEC,
    /** As {@link #EXEC}, but scripts whose first line names a Python run as forks of a keeper that has been started. */
    WARM,
    /** One persistent FastCGI application answers all of them. */
    WORKER,
    /** One WSGI application of Python answers all of them, served by our own runner. */
    WSGI,
    /**
     * The best that the script allows: workers of its own if its extension is in {@link WorkerSettings#extensions}; as with
     * {@link #WARM} where the pool has a table {@code python}; a process for each request otherwise.
     */
    AUTO;

    /** Whether one application answers every request of the pool, so that no script is looked for. */
    public boolean hasOneApplication() {
        return this == WORKER || this == WSGI;
    }
}
