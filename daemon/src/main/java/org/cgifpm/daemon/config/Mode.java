package org.cgifpm.daemon.config;

/** How a pool answers its requests. */
public enum Mode {
    /** A process of its own for each request. */
    EXEC,
    /** One persistent FastCGI application answers all of them. */
    WORKER,
    /** One WSGI application of Python answers all of them, served by our own runner. */
    WSGI,
    /**
     * The best that the script allows: workers of its own if its extension is in {@link WorkerSettings#extensions}, a
     * process for each request otherwise.
     */
    AUTO;

    /** Whether one application answers every request of the pool, so that no script is looked for. */
    public boolean hasOneApplication() {
        return this == WORKER || this == WSGI;
    }
}
