package org.cgifpm.daemon.cli;

import java.util.Map;
import java.util.TreeMap;
import org.cgifpm.daemon.supervisor.Explanation;

/** What {@code explain --all} has counted. */
final class Tally {
    private static final int MOST_NAMES = 1000;

    long run;
    long warned;
    long refused;
    /** Of those that would run, warned of or not. */
    long workers;

    /** Likewise. */
    long warm;

    long folderLinks;
    long others;
    long unread;
    /** Files that a check has refused, or warned of, by its name; a file may be counted under several. */
    final Map<String, Long> refusedBy = new TreeMap<>();

    final Map<String, Long> warnedOfBy = new TreeMap<>();

    /** Of those that would run cold in a pool with keepers: why. */
    final Map<String, Long> coldFor = new TreeMap<>();
    /** Modules that scripts which would run warm import and preload does not name. */
    final Map<String, Long> lacking = new TreeMap<>();

    void count(Verdicts.Verdict verdict) {
        if (verdict.refused()) {
            refused++;
        } else if (verdict.warnings().isEmpty()) {
            run++;
        } else {
            warned++;
        }
        if (verdict.workers() && !verdict.refused()) {
            workers++;
        }
        if (!verdict.refused()) {
            verdict.python().ifPresent(this::count);
        }
        verdict.refusals().forEach(check -> refusedBy.merge(check, 1L, Long::sum));
        verdict.warnings().forEach(check -> warnedOfBy.merge(check, 1L, Long::sum));
    }

    private void count(Explanation.Python python) {
        if (python.warm()) {
            warm++;
            python.lacks().forEach(module -> add(module, lacking));
        } else {
            add(python.words(), coldFor);
        }
    }

    /** Users make any number of names up. */
    private static void add(String what, Map<String, Long> counts) {
        boolean room = counts.size() < MOST_NAMES || counts.containsKey(what);
        counts.merge(room ? what : "(others)", 1L, Long::sum);
    }
}
