package org.cgifpm.adapters;

/**
 * A process of its own for a request, which is made by a keeper: an interpreter of Python that is the script's user already.
 *
 * @param script what would start it without a keeper; whoever gets the plan closes its folder
 * @param keeper the interpreter. Requests of equal {@link Application#key}s share it; its uid is the script's, and its name
 *     differs where the interpreter or its flags do. The command line that {@link Application#plan} gives is complete, its
 *     text the keeper's source
 * @param how what the keeper does
 */
public record WarmPlan(LaunchPlan script, Application keeper, How how) implements Plan {
    /** What a keeper does with a script. */
    public enum How {
        /** It runs the script, which is Python, in a fork of itself. */
        FORK,
        /** It executes the program, whatever that is: as the user, without the links that a chain needs for it. */
        EXECUTE
    }

    /** A Python script for a fork of the keeper. */
    public WarmPlan(LaunchPlan script, Application keeper) {
        this(script, keeper, How.FORK);
    }
}
