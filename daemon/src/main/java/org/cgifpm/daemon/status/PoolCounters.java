package org.cgifpm.daemon.status;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.daemon.supervisor.RequestObserver;
import org.cgifpm.daemon.supervisor.Visit;

/** What a pool has done since it is there, over all changes of its settings. Loop thread only. */
public final class PoolCounters implements RequestObserver {
    private final Map<Ending, Long> endings = new EnumMap<>(Ending.class);
    private final long[] classes = new long[CLASSES];
    private final Histogram durations = new Histogram();
    private final Histogram queued = new Histogram();
    private long received;
    private long sent;
    private long cpuMicros;
    private final Map<String, UserTally> users = new HashMap<>();

    /** Users that are counted each by its name. */
    private static final int MOST_USERS = 4096;

    /** Requests that run as the daemon's own user have no identity of theirs; no user can have this name. */
    private static final String DAEMON = "(daemon)";
    /** All whose names came when there were {@link #MOST_USERS}. */
    private static final String OTHERS = "(others)";

    /** 1xx to 5xx; nothing else is ever counted. */
    private static final int CLASSES = 6;

    /**
     * What was counted until some moment.
     *
     * @param endings how many requests ended in each way
     * @param classes how many were answered with each class of status, at its hundreds' digit
     * @param durations from a request's arrival until its answer was out
     * @param queued from a request's arrival until it had its place
     * @param received bytes of request bodies
     * @param sent bytes of response bodies
     * @param cpuMicros of the programs that were started for a request, where the kernel told
     * @param users the requests that had a process, by the name of whom they ran as
     */
    public record Values(
            Map<Ending, Long> endings,
            List<Long> classes,
            Histogram.Values durations,
            Histogram.Values queued,
            long received,
            long sent,
            long cpuMicros,
            Map<String, User> users) {
        public Values {
            endings = Map.copyOf(endings);
            classes = List.copyOf(classes);
            users = Map.copyOf(users);
        }

        /** All requests that are over. */
        public long requests() {
            return endings.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** What one user's requests did: how they ended, and what {@code cpuMicros} has for all. */
    public record User(Map<Ending, Long> endings, long cpuMicros) {
        public User {
            endings = Map.copyOf(endings);
        }
    }

    private static final class UserTally {
        private final Map<Ending, Long> endings = new EnumMap<>(Ending.class);
        private long cpuMicros;
    }

    @Override
    public void finished(Visit visit) {
        endings.merge(visit.ending(), 1L, Long::sum);
        int digit = visit.outcome().status() / 100;
        classes[digit > 0 && digit < CLASSES ? digit : 0]++;
        durations.add(visit.answeredNanos() - visit.arrivedNanos());
        queued.add(visit.admittedNanos() - visit.arrivedNanos());
        received += visit.exchange().body().received();
        sent += visit.exchange().bytesWritten();
        ExitStatus exit = visit.outcome().exit();
        long used = exit == null ? 0 : exit.userMicros() + exit.systemMicros();
        cpuMicros += used;
        if (visit.running() != null) {
            UserTally user = user(
                    visit.running().identity().map(Confinement.Identity::user).orElse(DAEMON));
            user.endings.merge(visit.ending(), 1L, Long::sum);
            user.cpuMicros += used;
        }
    }

    private UserTally user(String name) {
        boolean room = users.containsKey(name) || users.size() < MOST_USERS;
        return users.computeIfAbsent(room ? name : OTHERS, any -> new UserTally());
    }

    /** What was counted until now. */
    public Values values() {
        Map<Ending, Long> named = new EnumMap<>(Ending.class);
        for (Ending ending : Ending.values()) {
            named.put(ending, endings.getOrDefault(ending, 0L));
        }
        Map<String, User> byUser = new HashMap<>();
        users.forEach((user, tally) -> byUser.put(user, new User(tally.endings, tally.cpuMicros)));
        return new Values(
                named,
                Arrays.stream(classes).boxed().toList(),
                durations.values(),
                queued.values(),
                received,
                sent,
                cpuMicros,
                byUser);
    }
}
