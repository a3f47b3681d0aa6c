package org.cgifpm.daemon.cli;

import java.util.Map;
import java.util.TreeMap;

/** What {@code explain --all} has counted. */
final class Tally {
    long run;
    long warned;
    long refused;
    /** Of those that would run, warned of or not. */
    long workers;

    long folderLinks;
    long others;
    long unread;
    /** Files that a check has refused, or warned of, by its name; a file may be counted under several. */
    final Map<String, Long> refusedBy = new TreeMap<>();

    final Map<String, Long> warnedOfBy = new TreeMap<>();

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
        verdict.refusals().forEach(check -> refusedBy.merge(check, 1L, Long::sum));
        verdict.warnings().forEach(check -> warnedOfBy.merge(check, 1L, Long::sum));
    }
}
