package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools whose workers accept for themselves: nothing may be promised there that only the daemon could keep. */
class DirectDispatchTest {
    private static final String WITH =
            ": has no effect with dispatch = \"direct\", where workers accept for themselves; ";

    private final ConfigFolder files;

    DirectDispatchTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).folder("app", "rwxr-xr-x").program("app/hello.fcgi");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "params_timeout = \"1s\"",
                "connection_idle_timeout = \"1s\"",
                "max_children_per_user = 1",
                "queue_length = 1",
                "queue_timeout = \"1s\"",
                "request_timeout = \"1s\"",
                "idle_timeout = \"1s\"",
                "linger_timeout = \"1s\"",
                "on_abort = \"kill\"",
                "request_body_max = \"1M\"",
                "request_buffering = true",
                "pass_params = [\"A\"]",
                "pass_authorization = true",
                "access_log = \"$D/run/log\"",
                "slow_after = \"1s\"",
                "status_path = \"/status\"",
                "ping_path = \"/ping\"",
                "max_requests = 5",
                "worker_concurrency = 2",
                "retry_idempotent = false"
            })
    void refusesWhatTakesADaemonThatSeesRequests(String line) {
        assertEquals(
                List.of("$D/c.toml:6: pool.main." + line.substring(0, line.indexOf(' ')) + WITH
                        + "remove it, or write dispatch = \"relay\""),
                files.problems(pool("$D/run/main.sock", line)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listen_mode = \"0600\"",
                "listen_backlog = 5",
                "launch_timeout = \"1s\"",
                "kill_grace = \"1s\"",
                "max_children = 5",
                "max_lifetime = \"1h\"",
                "max_memory = \"1G\"",
                "process_idle_timeout = \"1m\"",
                "startup_timeout = \"1s\"",
                "restart_on_change = true",
                "path = \"/bin\"",
                "umask = \"077\""
            })
    void acceptsWhatConcernsTheLifeOfWorkers(String line) throws ConfigException {
        assertEquals(List.of(), files.warnings(pool("$D/run/main.sock", line)));
    }

    @Test
    void refusesRulesOfWhoMayConnectThatNobodyWouldAsk() {
        assertEquals(
                List.of("$D/c.toml:6: pool.main.allowed_users" + WITH
                        + "have listen_mode say who may connect, or write dispatch = \"relay\""),
                files.problems(pool("$D/run/main.sock", "allowed_users = [\"www-data\"]")));
        assertEquals(
                List.of("$D/c.toml:6: pool.main.allowed_clients" + WITH
                        + "listen on a socket path, or write dispatch = \"relay\""),
                files.problems(pool("127.0.0.1:9000", "allowed_clients = [\"127.0.0.1\"]")));
    }

    @Test
    void refusesAddressesThatOtherMachinesReach() {
        for (String address : List.of("0.0.0.0:9000", "[::]:9000", "192.0.2.1:9000")) {
            assertEquals(
                    List.of("$D/c.toml:5: pool.main.dispatch: \"direct\" cannot be had on " + address
                            + ", which can be reached from other machines, and where nobody would look who connects;"
                            + " listen on a socket path or a loopback address, or write \"relay\""),
                    files.problems(pool(address, "")));
        }
    }

    @Test
    void saysOnceThatScriptsHaveNoWorkersThatAccept() {
        assertEquals(
                List.of(
                        "$D/c.toml:4: pool.main.dispatch: \"direct\" cannot be had with mode = \"auto\", where each request"
                                + " may be for another application; write \"relay\", or mode = \"worker\""),
                files.problems("""
                        [pool.main]
                        listen = "0.0.0.0:9000"
                        allowed_clients = ["192.0.2.1"]
                        dispatch = "direct"
                        root = "$D/cgi"
                        """));
    }

    @Test
    void warnsOfALoopbackAddressThatEveryUserReaches() throws ConfigException {
        assertEquals(List.of(), files.warnings(pool("127.0.0.1:9000", "")));
        files.as(ConfigFolder.ROOT);
        assertEquals(
                List.of(
                        "$D/c.toml:2: pool.main.listen: warning: TCP cannot tell users apart, so that every user of this"
                                + " machine may connect and run scripts as \"legacy\"; listen on a socket path and let in the front"
                                + " end's user alone by listen_owner, listen_group and listen_mode"),
                files.warnings(pool("127.0.0.1:9000", "user = \"legacy\"")));
        assertEquals(
                List.of(
                        "$D/c.toml:2: pool.main.listen: warning: who may connect is not to be seen from here, and may run"
                                + " scripts as \"legacy\"; see to it in the socket unit"),
                files.warnings(pool("fd:main", "user = \"legacy\"")));
    }

    @Test
    void refusesASocketThatLetsEverybodyIn() {
        files.as(ConfigFolder.ROOT);

        assertEquals(
                List.of(
                        "$D/c.toml:2: pool.main.listen: everybody may connect (listen_mode = \"0666\") and run scripts as"
                                + " \"legacy\"; let in the front end's user alone by listen_owner, listen_group and listen_mode"),
                files.problems(pool("$D/run/main.sock", "user = \"legacy\"\nlisten_mode = \"0666\"")));
    }

    @Test
    void refusesASocketThatLetsInTheUserOfAnotherPool() {
        files.as(ConfigFolder.ROOT);

        assertEquals(
                List.of(
                        "$D/c.toml:2: pool.main.listen: its owner, group and mode let in \"bob\", as whom pool.other runs its"
                                + " scripts; they could run scripts as \"legacy\": let in the front end's user alone by listen_owner,"
                                + " listen_group and listen_mode"),
                files.problems(pool("$D/run/main.sock", "user = \"legacy\"\nlisten_owner = \"bob\"")
                        + "[pool.other]\nlisten = \"$D/run/other\"\nroot = \"$D/cgi\"\nuser = \"bob\"\n"
                        + "allowed_users = [\"www-data\"]\n"));
    }

    /** Five lines, and what is under test. */
    private static String pool(String listen, String more) {
        return "[pool.main]\nlisten = \"" + listen + "\"\nmode = \"worker\"\ncommand = [\"$D/app/hello.fcgi\"]\n"
                + "dispatch = \"direct\"\n" + more + "\n";
    }
}
