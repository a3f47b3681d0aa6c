package org.cgifpm.adapters;

import java.util.Optional;

/**
 * A request that has its process: what {@code list} shows and {@code kill} chooses by. A snapshot; the process may have
 * ended since.
 *
 * @param id the exchange's number
 * @param pid the process that was started, leader of a session and a group of that number
 * @param script its path
 * @param identity who it runs as; empty: who the daemon is
 * @param startedNanos when the loop learnt of its start, on the loop's clock
 */
public record RunningRequest(
        long id, int pid, String script, Optional<Confinement.Identity> identity, long startedNanos) {}
