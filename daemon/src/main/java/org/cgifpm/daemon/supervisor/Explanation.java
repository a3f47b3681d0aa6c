package org.cgifpm.daemon.supervisor;

import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.daemon.supervisor.checks.Runner;

/**
 * What would become of a request, or of the workers that a pool's requests need. Strings are ISO-8859-1 with what users wrote in them: escape them before they are
 * printed.
 *
 * @param asked the path that was asked for; where a pool has one application for all requests, that application
 * @param file the script that it leads to, links resolved; "" if it leads nowhere
 * @param pathInfo what of the path follows the script
 * @param refusal empty if it would run
 * @param workers whether persistent workers serve it, not a process of its own for each request
 * @param python whether it would run warm; empty in a pool where no script does, and for persistent applications
 * @param checks every check, in their order; none for what is no script
 * @param runner whom it would run as, if there is a script
 * @param plan what would start it, or one of its workers, also where a check says no; its directory is closed. Empty if there is nothing to
 *     start
 */
public record Explanation(
        String asked,
        String file,
        String pathInfo,
        Optional<Refusal> refusal,
        boolean workers,
        Optional<Python> python,
        List<Line> checks,
        Optional<Runner> runner,
        Optional<LaunchPlan> plan) {
    public Explanation {
        checks = List.copyOf(checks);
    }

    /**
     * Why it would not run.
     *
     * @param status what the client would get
     * @param check the name of the check that says no, "" if none does
     * @param why as the log would have it
     */
    public record Refusal(int status, String check, String why) {}

    /**
     * Whether it would run warm.
     *
     * @param warm as a fork of a keeper; otherwise it would be started as any program
     * @param words the interpreter of the keeper with its flags; or why there is none
     * @param keeper what would start the keeper; its directory is closed. Empty if there would be none
     * @param lacks modules that the script imports, as far as its lines tell, and preload does not name
     */
    public record Python(boolean warm, String words, Optional<LaunchPlan> keeper, List<String> lacks) {
        public Python {
            lacks = List.copyOf(lacks);
        }
    }

    /** What one check says, with what it saw or what is wrong. */
    public record Line(String check, Result result, String words) {}

    /** How a check ends. */
    public enum Result {
        OK("ok"),
        WARN("WARN"),
        REFUSED("REFUSED"),
        OFF("off"),
        /** The script was not found, so that there was nothing to look at. */
        NOT_REACHED("-");

        private final String word;

        Result(String word) {
            this.word = word;
        }

        /** For people. */
        public String word() {
            return word;
        }
    }
}
