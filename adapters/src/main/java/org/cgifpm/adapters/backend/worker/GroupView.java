package org.cgifpm.adapters.backend.worker;

import org.cgifpm.adapters.backend.process.KeptHealth;

/**
 * One application's workers as administrators are shown them: a snapshot.
 *
 * @param program the application
 * @param uid whom its workers run as
 * @param waiting requests that have their place and wait for a worker
 * @param lastFailure why a worker failed last, "" if none did
 */
public record GroupView(
        String program, int uid, int starting, int idle, int busy, int waiting, Health health, String lastFailure) {
    /** How an application does. */
    public enum Health {
        WELL,
        /** A worker has failed since the last answer. */
        FAILING,
        /** So many in a row that requests are refused until the next try. */
        EMERGENCY;

        static Health of(KeptHealth health) {
            if (health.isEmergency()) {
                return EMERGENCY;
            }
            return health.isFailing() ? FAILING : WELL;
        }
    }
}
