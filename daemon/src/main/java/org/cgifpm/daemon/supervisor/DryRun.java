package org.cgifpm.daemon.supervisor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.supervisor.checks.Checks;
import org.cgifpm.daemon.supervisor.checks.Finding;
import org.cgifpm.daemon.supervisor.checks.Verdict;
import org.cgifpm.daemon.supervisor.python.PreloadGaps;
import org.cgifpm.daemon.supervisor.python.Warmth;
import org.cgifpm.protocol.cgi.Params;

/**
 * Does for one pool what a request does, up to the start of a script, and tells about it instead: the walk, the checks
 * and the plan are the very ones. Sees what this process may see. Not for the loop thread.
 */
public final class DryRun {
    private final Syscalls syscalls;
    private final Start start;
    private final ScriptPlanner planner;
    private final Optional<PreloadGaps> gaps;

    /** Tells of a program that passes the checks what keeps the kernel from starting it, as far as that can be seen. */
    public interface Start {
        Optional<RefusedException> whyNot(LaunchPlan plan);
    }

    /** @param user the name of this process's own user */
    public DryRun(Syscalls syscalls, PoolSettings settings, String user, Start start) {
        this.start = start;
        this.syscalls = syscalls;
        this.planner = new ScriptPlanner(syscalls, settings, user, OptionalInt.empty());
        this.gaps = settings.python().map(python -> new PreloadGaps(syscalls, python.keepers()));
    }

    /** Whether the checks let it run, found out exactly as a request does it, and not a word more. */
    public boolean passes(Params params) {
        try {
            Reviewed reviewed = planner.review(params);
            syscalls.close(reviewed.script().directory());
            return reviewed.refusal().isEmpty();
        } catch (RefusedException e) {
            return false;
        }
    }

    /** What would become of a request with these params. */
    public Explanation explain(Params params) {
        Reviewed reviewed;
        try {
            reviewed = planner.review(params);
        } catch (RefusedException e) {
            return nothing(e);
        }
        try {
            return explain(params, reviewed);
        } finally {
            syscalls.close(reviewed.script().directory());
        }
    }

    private static Explanation nothing(RefusedException refused) {
        List<Explanation.Line> lines = Arrays.stream(CheckName.values())
                .map(Finding::nameOf)
                .map(name -> name.equals(refused.check())
                        ? new Explanation.Line(name, Explanation.Result.REFUSED, refused.why())
                        : new Explanation.Line(name, Explanation.Result.NOT_REACHED, ""))
                .toList();
        return new Explanation(
                refused.script(),
                "",
                "",
                Optional.of(refusal(refused)),
                false,
                Optional.empty(),
                lines,
                Optional.empty(),
                Optional.empty());
    }

    private Explanation explain(Params params, Reviewed reviewed) {
        Optional<Explanation.Refusal> refusal =
                reviewed.refusal().map(finding -> new Explanation.Refusal(403, finding.name(), finding.line()));
        Optional<LaunchPlan> plan = Optional.empty();
        try {
            LaunchPlan found = planner.launch(params, reviewed);
            plan = Optional.of(found);
            refusal = refusal.or(() -> start.whyNot(found).map(DryRun::refusal));
        } catch (RefusedException e) {
            refusal = refusal.or(() -> Optional.of(refusal(e)));
        }
        FoundScript script = reviewed.script();
        return new Explanation(
                script.path(),
                reviewed.subject().path(),
                script.pathInfo(),
                refusal,
                planner.hasWorkers(reviewed),
                planner.warmth(reviewed).map(warmth -> python(warmth, reviewed)),
                lines(reviewed),
                Optional.of(reviewed.subject().runner()),
                plan);
    }

    private Explanation.Python python(Warmth warmth, Reviewed reviewed) {
        if (warmth instanceof Warmth.Warm warm) {
            FoundScript script = reviewed.script();
            List<String> lacks =
                    gaps.map(look -> look.of(script.directory(), script.name())).orElse(List.of());
            return new Explanation.Python(true, warm.words(), keeper(warm, reviewed), lacks);
        }
        return new Explanation.Python(false, ((Warmth.Cold) warmth).why(), Optional.empty(), List.of());
    }

    private Optional<LaunchPlan> keeper(Warmth.Warm warm, Reviewed reviewed) {
        try {
            LaunchPlan plan = planner.keeper(warm, reviewed).plan();
            syscalls.close(plan.directory());
            return Optional.of(plan);
        } catch (RefusedException e) {
            return Optional.empty(); // then neither would the script be started, which says why
        }
    }

    private List<Explanation.Line> lines(Reviewed reviewed) {
        Checks checks = planner.checks();
        List<Explanation.Line> lines = new ArrayList<>();
        for (Finding finding : reviewed.findings()) {
            Verdict verdict = finding.verdict();
            if (verdict instanceof Verdict.Failed failed) {
                Explanation.Result result = finding.refuses() ? Explanation.Result.REFUSED : Explanation.Result.WARN;
                lines.add(new Explanation.Line(finding.name(), result, failed.words()));
            } else if (verdict instanceof Verdict.Skipped skipped) {
                lines.add(new Explanation.Line(finding.name(), Explanation.Result.OFF, skipped.why()));
            } else {
                lines.add(new Explanation.Line(
                        finding.name(), Explanation.Result.OK, checks.saw(finding.check(), reviewed.subject())));
            }
        }
        return lines;
    }

    private static Explanation.Refusal refusal(RefusedException e) {
        return new Explanation.Refusal(e.status(), e.check(), e.why());
    }
}
