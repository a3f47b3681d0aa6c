package org.cgifpm.daemon.config;

import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code pm} and what belongs to {@code pm = "dynamic"}, with php-fpm's rules. */
final class ProcessManagementKeys {
    private enum Word {
        STATIC,
        DYNAMIC,
        ONDEMAND
    }

    private static final int MOST = 65_536;

    private final Section pool;
    private final int maxChildren;

    /** @param maxChildren the pool's, which bounds the spare ones */
    ProcessManagementKeys(Section pool, int maxChildren) {
        this.pool = pool;
        this.maxChildren = maxChildren;
    }

    /** Empty if {@code pm} is no word that it may be, which is a problem then. */
    Optional<ProcessManagement> read() {
        if (!pool.has("pm")) {
            return Optional.of(WorkerSettings.DEFAULT.pm());
        }
        return pool.word("pm", Word.class).map(word -> switch (word) {
            case STATIC -> new ProcessManagement.Static();
            case ONDEMAND -> new ProcessManagement.OnDemand();
            case DYNAMIC -> dynamic();
        });
    }

    private ProcessManagement dynamic() {
        OptionalInt min = spare("min_spare_servers", 2);
        OptionalInt max = spare("max_spare_servers", 5);
        OptionalInt start = pool.optionalInteger("start_servers", 1, MOST);
        if (max.isPresent() && max.getAsInt() > maxChildren) {
            pool.problem(
                    "max_spare_servers",
                    max.getAsInt() + " is more than max_children = " + maxChildren + "; write at most that");
        }
        if (min.isEmpty() || max.isEmpty()) {
            return new ProcessManagement.Dynamic(1, 1, 1);
        }
        int least = min.getAsInt();
        int most = max.getAsInt();
        if (least > most) {
            pool.problem(
                    "min_spare_servers", least + " is more than max_spare_servers = " + most + "; write at most that");
        } else if (start.isPresent() && (start.getAsInt() < least || start.getAsInt() > most)) {
            pool.problem(
                    "start_servers",
                    start.getAsInt() + " is not from min_spare_servers = " + least + " to max_spare_servers = " + most
                            + "; write such as " + ProcessManagement.Dynamic.usualStart(least, most)
                            + ", or remove the key");
        }
        return new ProcessManagement.Dynamic(
                start.orElse(ProcessManagement.Dynamic.usualStart(least, most)), least, most);
    }

    /** What dynamic cannot be without. */
    private OptionalInt spare(String key, int example) {
        if (!pool.has(key)) {
            pool.problem(key, "missing: pm = \"dynamic\" needs it; write such as " + key + " = " + example);
        }
        return pool.optionalInteger(key, 1, MOST);
    }
}
