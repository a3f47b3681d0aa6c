package org.cgifpm.daemon.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.stream.Collectors;
import org.cgifpm.daemon.log.LogText;

/** A line for each file, verdict, checks and path in columns; then the sums. */
record VerdictText(PrintWriter out) implements Verdicts {
    private static final int MOST = 20;

    @Override
    public void file(Verdict verdict) {
        String checks = verdict.checks().isEmpty() ? "" : String.join(",", verdict.checks());
        if (!verdict.served().isEmpty()) {
            checks = (checks + " (" + verdict.served() + ")").strip();
        }
        line(verdict.word(), checks.isEmpty() ? "-" : checks, verdict.path());
        if (verdict.refused() && verdict.refusals().isEmpty()) {
            out.println("         (" + LogText.ofBytes(verdict.why()) + ")");
        }
    }

    @Override
    public void unread(String path) {
        line("?", "could not be read", path);
    }

    private void line(String word, String checks, String path) {
        out.println(String.format("%-8s %-19s %s", word, checks, LogText.ofBytes(path)));
    }

    @Override
    public void end(Tally tally) {
        out.println();
        out.println((tally.run + tally.warned + tally.refused) + " files: " + tally.run + " would run, " + tally.warned
                + " would run with a warning, " + tally.refused + " would be refused");
        sums("refused by ", tally.refusedBy);
        sums("warned of by ", tally.warnedOfBy);
        told(tally.workers, "of those that would run are served by persistent workers");
        told(tally.warm, "of those that would run are forked from a keeper");
        most("run cold: ", tally.coldFor);
        most("import what preload does not name: ", tally.lacking);
        told(tally.folderLinks, "links to folders were not gone through");
        told(tally.others, "were neither files nor folders");
        told(tally.unread, "could not be read");
    }

    private void sums(String what, Map<String, Long> counts) {
        if (!counts.isEmpty()) {
            out.println(what
                    + counts.entrySet().stream()
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .collect(Collectors.joining(", ")));
        }
    }

    /** The most frequent, with their counts; users may have made any number of names up. */
    private void most(String what, Map<String, Long> counts) {
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST)
                .forEach(entry -> out.println(entry.getValue() + " " + what + LogText.ofBytes(entry.getKey())));
        told(Math.max(0, counts.size() - MOST), "more such lines are left out");
    }

    private void told(long count, String what) {
        if (count > 0) {
            out.println(count + " " + what);
        }
    }
}
