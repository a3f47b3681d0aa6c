package org.cgifpm.daemon.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.cgifpm.daemon.config.DaemonSettings;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.LogLevel;
import org.cgifpm.daemon.config.PoolSettings;
import org.junit.jupiter.api.Test;

class ReloadPlanTest {
    private static PoolSettings pool(String name, String root) {
        return PoolSettings.defaults(name, new ListenAddress.UnixPath("/run/" + name + ".sock"), root);
    }

    @Test
    void equalSettingsAreKeptWhateverTheirOrder() {
        ReloadPlan plan = ReloadPlan.of(
                List.of(pool("a", "/srv/a"), pool("b", "/srv/b")),
                Set.of(),
                List.of(pool("b", "/srv/b"), pool("a", "/srv/a")));
        assertEquals(new ReloadPlan(List.of(), List.of(), List.of(), List.of("b", "a")), plan);
    }

    @Test
    void whatIsNewDifferentOrMissingIsToldApart() {
        PoolSettings added = pool("new", "/srv/new");
        PoolSettings changed = pool("b", "/srv/other");
        ReloadPlan plan = ReloadPlan.of(
                List.of(pool("gone", "/srv/gone"), pool("b", "/srv/b"), pool("c", "/srv/c")),
                Set.of(),
                List.of(added, changed, pool("c", "/srv/c")));
        assertEquals(new ReloadPlan(List.of(added), List.of(changed), List.of("gone"), List.of("c")), plan);
        assertEquals(List.of(changed, added), plan.upcoming());
    }

    @Test
    void aPoolThatTakesNoRequestsComesUpAgainThoughNothingHasChanged() {
        PoolSettings drained = pool("drained", "/srv/d");
        ReloadPlan plan = ReloadPlan.of(List.of(drained), Set.of("drained"), List.of(drained));
        assertEquals(new ReloadPlan(List.of(), List.of(drained), List.of(), List.of()), plan);
    }

    @Test
    void aNameThatIsUsedForAnotherAddressIsAChange() {
        PoolSettings before = pool("a", "/srv/a");
        PoolSettings moved = PoolSettings.defaults("a", new ListenAddress.Tcp("127.0.0.1", 9000), "/srv/a");
        assertEquals(
                List.of(moved),
                ReloadPlan.of(List.of(before), Set.of(), List.of(moved)).changed());
    }

    @Test
    void keysOfTheDaemonThatCannotChangeWhileItRunsAreNamed() {
        DaemonSettings before = DaemonSettings.DEFAULT;
        DaemonSettings now = new DaemonSettings(
                "/run/other.sock",
                before.maxChildren() + 1,
                before.maxConnections() + 1,
                before.launchThreads() + 1,
                LogLevel.DEBUG,
                before.log(),
                Duration.ofSeconds(1),
                before.metricsListen(),
                before.metricsUsers());
        assertEquals(List.of(), ReloadPlan.waitForRestart(before, before));
        assertEquals(
                List.of(
                        "daemon.control: takes effect with a restart",
                        "daemon.launch_threads: takes effect with a restart"),
                ReloadPlan.waitForRestart(before, now));
    }
}
