package org.cgifpm.adapters.backend.worker;

import java.util.Map;
import java.util.Optional;

/**
 * What a worker says it can do at once (FastCGI 1.0, 4.1), within reason.
 *
 * @param requests at once, 1 or more
 * @param connections at once, 1 or more
 */
record Multiplexing(int requests, int connections) {
    /** Empty if it does one thing at a time, or does not say. */
    static Optional<Multiplexing> of(Map<String, String> told) {
        if (!"1".equals(told.get("FCGI_MPXS_CONNS"))) {
            return Optional.empty();
        }
        return Optional.of(new Multiplexing(
                number(told, "FCGI_MAX_REQS", RelaySettings.UNTOLD_REQUESTS),
                number(told, "FCGI_MAX_CONNS", RelaySettings.MAX_CONCURRENCY)));
    }

    private static int number(Map<String, String> told, String name, int otherwise) {
        String text = told.getOrDefault(name, "");
        if (!text.matches("[0-9]{1,6}")) {
            return otherwise;
        }
        return Math.max(1, Math.min(RelaySettings.MAX_CONCURRENCY, Integer.parseInt(text)));
    }
}
