package org.cgifpm.daemon.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.stream.Collectors;
import org.cgifpm.daemon.log.LogText;

/** A line for each file, verdict, checks and path in columns; then the sums. */
record VerdictText(PrintWriter out) implements Verdicts {
    @Override
    public void file(Verdict verdict) {
        String checks = verdict.checks().isEmpty() ? "" : String.join(",", verdict.checks());
        if (verdict.workers()) {
            checks = checks.isEmpty() ? "(workers)" : checks + " (workers)";
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

    private void told(long count, String what) {
        if (count > 0) {
            out.println(count + " " + what);
        }
    }
}
