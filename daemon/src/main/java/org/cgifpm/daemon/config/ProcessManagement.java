package org.cgifpm.daemon.config;

/** How many workers are kept, in php-fpm's words; never more than {@link Admission#maxChildren}. */
public sealed interface ProcessManagement {
    /** Always {@code max_children}. */
    record Static() implements ProcessManagement {
        @Override
        public String word() {
            return "static";
        }
    }

    /**
     * As many as there is work, and some that wait for more.
     *
     * @param startServers at the start, from {@code minSpare} to {@code maxSpare}
     * @param minSpare fewer idle ones: more are started; at least 1
     * @param maxSpare more idle ones: some are ended; at least {@code minSpare}, at most {@code max_children}
     */
    record Dynamic(int startServers, int minSpare, int maxSpare) implements ProcessManagement {
        /** What php-fpm takes for {@code start_servers} if that is not written. */
        static int usualStart(int minSpare, int maxSpare) {
            return minSpare + (maxSpare - minSpare) / 2;
        }

        @Override
        public String word() {
            return "dynamic";
        }
    }

    /** None until a request comes; idle ones end after {@link WorkerSettings#processIdleTimeout}. */
    record OnDemand() implements ProcessManagement {
        @Override
        public String word() {
            return "ondemand";
        }
    }

    /** The value of {@code pm} in a file. */
    String word();
}
