package org.cgifpm.daemon.supervisor;

import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Syscalls;

/**
 * Does for the application of a pool what the start of a worker does, up to the start, and tells about it instead. Sees
 * what this process may see. Not for the loop thread.
 */
public final class ApplicationDryRun {
    private ApplicationDryRun() {}

    /** Whether one of its workers would be started, and how. */
    public static Explanation explain(Syscalls syscalls, Application application) {
        try {
            LaunchPlan plan = application.plan();
            syscalls.close(plan.directory());
            return explanation(application, Optional.empty(), Optional.of(plan));
        } catch (RefusedException e) {
            return explanation(
                    application,
                    Optional.of(new Explanation.Refusal(e.status(), e.check(), e.why())),
                    Optional.empty());
        }
    }

    private static Explanation explanation(
            Application application, Optional<Explanation.Refusal> refusal, Optional<LaunchPlan> plan) {
        return new Explanation(
                application.key().program(),
                "",
                "",
                refusal,
                true,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                plan);
    }
}
