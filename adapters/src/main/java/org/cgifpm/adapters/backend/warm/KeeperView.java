package org.cgifpm.adapters.backend.warm;

/**
 * One kind of keepers as administrators are shown it: a snapshot.
 *
 * @param interpreter with its flags
 * @param uid whom it runs as
 * @param pid of the one that forks now, -1 while there is none
 * @param version of its Python, "" while there is none
 * @param running requests that it has processes for
 * @param forks since it was started
 * @param waiting requests that wait until it is ready
 * @param lacks modules that scripts import and it does not have, with commas between them
 * @param lastFailure why one failed last, "" if none did
 */
public record KeeperView(
        String interpreter,
        int uid,
        int pid,
        String version,
        int running,
        long forks,
        int waiting,
        String lacks,
        String lastFailure) {}
