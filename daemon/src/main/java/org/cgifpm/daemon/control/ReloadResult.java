package org.cgifpm.daemon.control;

import java.util.List;
import org.cgifpm.daemon.config.Problem;

/** What became of a reload. */
public sealed interface ReloadResult {
    /**
     * The new configuration is in force.
     *
     * @param added names of pools; so are the other three
     * @param warnings what should be known, such as keys whose change waits for a restart
     */
    record Done(
            List<String> added, List<String> changed, List<String> removed, List<String> kept, List<String> warnings)
            implements ReloadResult {
        public Done {
            added = List.copyOf(added);
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
            kept = List.copyOf(kept);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The old configuration stays in force, untouched.
     *
     * @param problems each a line; of the configuration's own each is a {@link Problem} as {@code check} prints it
     */
    record Refused(List<String> problems) implements ReloadResult {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
