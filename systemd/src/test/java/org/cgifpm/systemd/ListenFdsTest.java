package org.cgifpm.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cgifpm.systemd.ListenFds.Inherited;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenFdsTest {
    private static final long PID = 812;

    @Test
    void takesNothingAndComplainsAboutNothingWhereNothingIsSaid() {
        assertEquals(new ListenFds(List.of(), Optional.empty()), ListenFds.parse(Map.of(), PID));
    }

    @Test
    void countsDescriptorsFromThreeAndNamesEach() {
        ListenFds fds = parse("812", "3", "web:admin:web");

        assertEquals(
                List.of(new Inherited(3, "web"), new Inherited(4, "admin"), new Inherited(5, "web")), fds.sockets());
        assertEquals(Optional.empty(), fds.refused());
    }

    @Test
    void callsDescriptorsUnknownThatHaveNoName() {
        assertEquals(
                List.of(new Inherited(3, "unknown"), new Inherited(4, "unknown")),
                parse("812", "2", null).sockets());
        assertEquals(
                List.of(new Inherited(3, "a"), new Inherited(4, "unknown")),
                parse("812", "2", "a:").sockets());
    }

    @Test
    void acceptsThatThereAreNone() {
        assertEquals(new ListenFds(List.of(), Optional.empty()), parse("812", "0", null));
        assertEquals(new ListenFds(List.of(), Optional.empty()), parse("812", "0", ""));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "813, 1, -, 'LISTEN_PID is 813, this process is 812'",
                "-, 1, -, 'LISTEN_PID is missing, not a process id'",
                "'', 1, -, 'LISTEN_PID is \"\", not a process id'",
                "0, 1, -, 'LISTEN_PID is \"0\", not a process id'",
                "+812, 1, -, 'LISTEN_PID is \"+812\", not a process id'",
                "812, -, -, 'LISTEN_FDS is missing, not a number from 0 to 4096'",
                "812, '-1', -, 'LISTEN_FDS is \"-1\", not a number from 0 to 4096'",
                "812, 4097, -, 'LISTEN_FDS is \"4097\", not a number from 0 to 4096'",
                "812, 4294967297, -, 'LISTEN_FDS is \"4294967297\", not a number from 0 to 4096'",
                "812, 2x, -, 'LISTEN_FDS is \"2x\", not a number from 0 to 4096'",
                "812, 2, a, 'LISTEN_FDNAMES has 1 names for 2 descriptors'",
                "812, 1, a:b, 'LISTEN_FDNAMES has 2 names for 1 descriptors'",
            })
    void takesNothingFromBadValuesAndSaysWhy(String pid, String count, String names, String reason) {
        assertEquals(new ListenFds(List.of(), Optional.of(reason)), parse(pid, count, names));
    }

    private static ListenFds parse(@Nullable String pid, @Nullable String count, @Nullable String names) {
        Map<String, String> environment = new HashMap<>();
        put(environment, "LISTEN_PID", pid);
        put(environment, "LISTEN_FDS", count);
        put(environment, "LISTEN_FDNAMES", names);
        return ListenFds.parse(environment, PID);
    }

    private static void put(Map<String, String> environment, String name, @Nullable String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }
}
