package org.cgifpm.daemon.cli;

import java.util.List;
import java.util.Optional;
import org.cgifpm.daemon.supervisor.Explanation;

/** Who is told what {@code explain --all} finds, while it looks. */
interface Verdicts {
    void file(Verdict verdict);

    /** A folder that could not be read, or a file that went away meanwhile. */
    void unread(String path);

    void end(Tally tally);

    /**
     * What would become of one file.
     *
     * @param path as bytes
     * @param refused it would not run
     * @param workers persistent workers serve it, not a process for each request
     * @param python whether it would run warm; empty in a pool where no script does
     * @param refusals the checks that say no, at least one unless it is no check that refuses it
     * @param warnings the checks that warn
     * @param why the first refusal in words, "" if there is none
     */
    record Verdict(
            String path,
            boolean refused,
            boolean workers,
            Optional<Explanation.Python> python,
            List<String> refusals,
            List<String> warnings,
            String why) {
        static Verdict of(String path, Explanation explanation) {
            return new Verdict(
                    path,
                    explanation.refusal().isPresent(),
                    explanation.workers(),
                    explanation.python(),
                    named(explanation, Explanation.Result.REFUSED),
                    named(explanation, Explanation.Result.WARN),
                    explanation.refusal().map(Explanation.Refusal::why).orElse(""));
        }

        private static List<String> named(Explanation explanation, Explanation.Result result) {
            return explanation.checks().stream()
                    .filter(line -> line.result() == result)
                    .map(Explanation.Line::check)
                    .toList();
        }

        /** {@code ok}, {@code WARN} or {@code REFUSED}. */
        String word() {
            return refused ? "REFUSED" : warnings.isEmpty() ? "ok" : "WARN";
        }

        /** How it is served where that is not by a process of its own: {@code workers}, {@code warm}, "" otherwise. */
        String served() {
            boolean warm = python.map(Explanation.Python::warm).orElse(false);
            return workers ? "workers" : warm ? "warm" : "";
        }

        /** The checks that the word is about. */
        List<String> checks() {
            return refused ? refusals : warnings;
        }
    }
}
