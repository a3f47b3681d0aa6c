package org.cgifpm.daemon.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.wiring.ServiceManager.Figures;
import org.cgifpm.systemd.Notify;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real loop on a thread of its own; the tests wait for what the service manager hears. */
@SuppressWarnings("NullAway.Init")
class ServiceManagerTest {
    private static final long LIMIT_SECONDS = 60;
    private static final Duration STATUS = Duration.ofMillis(20);
    private static final Optional<Duration> NO_WATCHDOG = Optional.empty();
    private static final String AT_REST = "STATUS=0 requests/s, 0 active, 0 queued";

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Figures figures = new Figures(0, 0, 0);
    private EventLoop loop;
    private Thread thread;

    @BeforeEach
    void startLoop() throws Exception {
        loop = new EventLoop(new Syscalls(), failures::add);
        thread = new Thread(loop::run, "loop");
        thread.start();
    }

    @AfterEach
    void stopLoop() throws Exception {
        loop.post(loop::stop);
        thread.join();
        loop.close();
        assertEquals(0, failures.size(), failures::toString);
    }

    @Test
    void tellsThatItIsReadyAndHowItIsDoing() throws Exception {
        ready(NO_WATCHDOG);
    }

    @Test
    void tellsOfWorkAndOfItsEnd() throws Exception {
        ServiceManager manager = ready(NO_WATCHDOG);
        figures = new Figures(1_000_000, 3, 2);

        onLoop(manager, ServiceManager::worked);
        assertTrue(next().endsWith(" requests/s, 3 active, 2 queued"));

        figures = new Figures(1_000_000, 0, 0);
        onLoop(manager, ServiceManager::worked);
        String message = next();
        while (message.equals("STATUS=0 requests/s, 3 active, 2 queued")) {
            message = next(); // it has looked before the figures changed
        }
        assertEquals(AT_REST, message);
    }

    @Test
    void isNotWokenForADaemonAtRest() throws Exception {
        ServiceManager manager = ready(NO_WATCHDOG);
        int before = asked.get();
        onLoop(manager, ServiceManager::worked);

        // The first look sees that nothing has changed, and there is no second one.
        pass(STATUS.multipliedBy(5));

        assertEquals(before + 1, asked.get());
    }

    @Test
    void saysAgainAndAgainThatTheLoopTurns() throws Exception {
        ready(Optional.of(Duration.ofMillis(5)));

        for (int i = 0; i < 3; i++) {
            assertEquals("WATCHDOG=1", next());
        }
    }

    @Test
    void seesWorkThatNobodyTellsOfWhenItIsAwakeForTheWatchdog() throws Exception {
        ready(Optional.of(Duration.ofMillis(5)));
        figures = new Figures(0, 1, 0);

        String message = next();
        while (message.equals("WATCHDOG=1")) {
            message = next();
        }

        assertEquals("STATUS=0 requests/s, 1 active, 0 queued", message);
    }

    @Test
    void isReadyAgainAfterAReload() throws Exception {
        ServiceManager manager = ready(NO_WATCHDOG);

        onLoop(manager, ServiceManager::reloading);
        onLoop(manager, told -> told.reloaded(""));

        assertReloading(next());
        assertEquals("READY=1", next());
    }

    @Test
    void isReadyAgainAfterAReloadThatWasRefusedAndSaysWhyUntilTheNext() throws Exception {
        ServiceManager manager = ready(NO_WATCHDOG);

        onLoop(manager, ServiceManager::reloading);
        onLoop(manager, told -> told.reloaded("a.toml:3: pool.a.root: is missing"));
        onLoop(manager, ServiceManager::reloading);
        onLoop(manager, told -> told.reloaded(""));

        assertReloading(next());
        assertEquals(AT_REST + "; the last reload was refused: a.toml:3: pool.a.root: is missing", next());
        assertEquals("READY=1", next());
        assertReloading(next());
        assertEquals(AT_REST, next());
        assertEquals("READY=1", next());
    }

    @Test
    void tellsNoFiguresOnceItStops() throws Exception {
        ServiceManager manager = ready(NO_WATCHDOG);
        figures = new Figures(7, 1, 0);
        onLoop(manager, told -> {
            told.worked();
            told.stopping();
        });

        pass(STATUS.multipliedBy(3));

        assertEquals("STOPPING=1", next());
        assertEquals("STATUS=stopping", next());
        assertEquals(0, heard.size(), heard::toString);
    }

    @Test
    void asksForNoFiguresWhereNobodyListens() throws Exception {
        ServiceManager manager = manager(Map.of(), Optional.of(Duration.ofMillis(1)));
        onLoop(manager, ServiceManager::ready);
        onLoop(manager, ServiceManager::worked);

        pass(STATUS.multipliedBy(3));

        assertEquals(0, asked.get());
        assertEquals(0, heard.size(), heard::toString);
    }

    @Test
    void showsSlowRatesWithADecimal() {
        assertEquals("0 requests/s, 0 active, 0 queued", ServiceManager.text(new Figures(5, 0, 0), 0));
        assertEquals("0.2 requests/s, 1 active, 0 queued", ServiceManager.text(new Figures(5, 1, 0), 0.2));
        assertEquals("1235 requests/s, 12 active, 3 queued", ServiceManager.text(new Figures(5, 12, 3), 1234.6));
    }

    private ServiceManager ready(Optional<Duration> watchdog) throws Exception {
        ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", "/n"), watchdog);
        onLoop(manager, ServiceManager::ready);
        assertEquals("READY=1", next());
        assertEquals(AT_REST, next());
        return manager;
    }

    private ServiceManager manager(Map<String, String> environment, Optional<Duration> watchdog) {
        Notify notify = new Notify(
                environment,
                (socket, message) -> heard.add(new String(message, StandardCharsets.UTF_8)),
                complaint -> failures.add(new AssertionError(complaint)));
        return new ServiceManager(
                loop,
                notify,
                watchdog,
                () -> {
                    asked.incrementAndGet();
                    return figures;
                },
                STATUS);
    }

    private void onLoop(ServiceManager manager, Consumer<ServiceManager> task) throws Exception {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        loop.post(() -> {
            task.accept(manager);
            done.complete(true);
        });
        done.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Lets the loop run for at least that long: what was due before has been done then. */
    private void pass(Duration time) throws Exception {
        CompletableFuture<Boolean> passed = new CompletableFuture<>();
        loop.post(() -> loop.schedule(time.toNanos(), () -> passed.complete(true)));
        passed.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private String next() throws Exception {
        String message = heard.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertNotNull(message, "the service manager heard nothing more");
        return message;
    }

    private static void assertReloading(String message) {
        assertTrue(message.matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+"), message);
    }
}
