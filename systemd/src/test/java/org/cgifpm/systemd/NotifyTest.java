package org.cgifpm.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotifyTest {
    private final List<String> sent = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    @Test
    void sendsEachStateAsOneDatagramToTheSocketOfTheEnvironment() {
        Notify notify = notify(Map.of("NOTIFY_SOCKET", "/run/systemd/notify"));

        notify.ready();
        notify.status("2 pools, größe 3");
        notify.stopping();

        assertEquals(
                List.of(
                        "/run/systemd/notify READY=1",
                        "/run/systemd/notify STATUS=2 pools, größe 3",
                        "/run/systemd/notify STOPPING=1"),
                sent);
        assertEquals(List.of(), complaints);
    }

    @Test
    void tellsWhenAReloadBeganInMicroseconds() {
        Notify notify = notify(Map.of("NOTIFY_SOCKET", "/n"));

        notify.reloading(1_234_567_890L);
        notify.watchdog();

        assertEquals(List.of("/n RELOADING=1\nMONOTONIC_USEC=1234567", "/n WATCHDOG=1"), sent);
    }

    @Test
    void knowsWhetherAnybodyListens() {
        assertTrue(notify(Map.of("NOTIFY_SOCKET", "/n")).listened());
        assertFalse(notify(Map.of()).listened());
        assertFalse(notify(Map.of("NOTIFY_SOCKET", "vsock:2:1")).listened());
    }

    @Test
    void leavesTheNameOfAnAbstractSocketAsItIs() {
        notify(Map.of("NOTIFY_SOCKET", "@/org/example")).ready();

        assertEquals(List.of("@/org/example READY=1"), sent);
    }

    @Test
    void keepsAStatusFromSmugglingInAnotherAssignment() {
        notify(Map.of("NOTIFY_SOCKET", "/n")).status("busy\nMAINPID=1\r\nX=1");

        assertEquals(List.of("/n STATUS=busy MAINPID=1  X=1"), sent);
    }

    @Test
    void staysSilentWithoutASocket() {
        notify(Map.of()).ready();
        notify(Map.of("NOTIFY_SOCKET", "")).ready();

        assertEquals(List.of(), sent);
        assertEquals(List.of(), complaints);
    }

    @Test
    void complainsOnceAboutASocketThatItCannotReach() {
        Notify notify = notify(Map.of("NOTIFY_SOCKET", "vsock:2:1234"));
        notify.ready();
        notify.stopping();

        assertEquals(List.of(), sent);
        assertEquals(
                List.of("NOTIFY_SOCKET is \"vsock:2:1234\": neither an absolute path nor an abstract socket"),
                complaints);
    }

    @Test
    void complainsAndGoesOnWhenTheServiceManagerDoesNotListen() {
        Notify notify = new Notify(
                Map.of("NOTIFY_SOCKET", "/n"),
                (socket, message) -> {
                    throw new IOException("ECONNREFUSED");
                },
                complaints::add);

        notify.ready();

        assertEquals(List.of("cannot tell the service manager READY=1: ECONNREFUSED"), complaints);
    }

    private Notify notify(Map<String, String> environment) {
        return new Notify(
                environment,
                (socket, message) -> sent.add(socket + " " + new String(message, StandardCharsets.UTF_8)),
                complaints::add);
    }
}
