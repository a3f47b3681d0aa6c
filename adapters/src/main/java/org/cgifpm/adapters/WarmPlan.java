package org.cgifpm.adapters;

/**
 * A Python script for a process of its own that is forked from a keeper: an interpreter which has the usual modules
 * already and is the script's user.
 *
 * @param script what would start it without a keeper; whoever gets the plan closes its folder
 * @param keeper the interpreter to fork from. Requests of equal {@link Application#key}s share it; its uid is the
 *     script's, and its name differs where the interpreter or its flags do. The command line that {@link Application#plan}
 *     gives is complete, its text the keeper's source
 */
public record WarmPlan(LaunchPlan script, Application keeper) implements Plan {}
