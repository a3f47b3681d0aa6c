package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** User legacy (1001, groups 1002 and 2000 "web") and user bob (1003, group 1003) shall not reach each other's pools. */
class SocketSafetyTest {
    private static final String LEGACY =
            "[pool.a]\nlisten = \"$D/run/a\"\nroot = \"$D/cgi\"\nuser = \"legacy\"\nlisten_mode = \"0600\"\n";
    private static final String BOB = "[pool.b]\nlisten = \"$D/run/b\"\nroot = \"$D/cgi\"\nuser = \"bob\"\n";

    private static final String OWNERS =
            "[pool.o]\nlisten = \"$D/run/o\"\nroot = \"$D/cgi\"\nuser = \"@owner\"\nlisten_mode = \"0600\"\n";
    private static final String BY_TCP =
            "TCP cannot tell users apart, so that every user of this machine may connect and run scripts as $; listen on a"
                    + " socket path and name the front end's user in allowed_users, such as allowed_users = [\"www-data\"]";

    private final ConfigFolder files;

    SocketSafetyTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).as(ConfigFolder.ROOT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void acceptsSocketsThatTheOtherCannotOpen(String lines) throws ConfigException {
        assertEquals(List.of(), files.warnings(LEGACY + BOB + lines));
    }

    static Stream<String> acceptsSocketsThatTheOtherCannotOpen() {
        return Stream.of(
                "",
                "listen_mode = \"0600\"\n",
                "listen_group = \"www-data\"\n",
                "listen_group = \"web\"\nlisten_mode = \"0640\"\n",
                "listen_group = \"web\"\nlisten_mode = \"0666\"\nallowed_users = [\"www-data\"]\n",
                "listen_owner = \"legacy\"\nlisten_mode = \"0060\"\n",
                "listen_owner = \"bob\"\n",
                "allowed_users = [\"bob\", \"www-data\", \"root\"]\n");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesSocketsThatLetTheOtherIn(String lines) {
        assertEquals(
                List.of(
                        "$D/c.toml:7: pool.b.listen: its owner, group and mode let in \"legacy\", as whom pool.a runs its"
                                + " scripts; they could run scripts as \"bob\": name the front end's user alone in"
                                + " allowed_users, such as allowed_users = [\"www-data\"]"),
                files.problems(LEGACY + BOB + lines));
    }

    static Stream<Arguments> refusesSocketsThatLetTheOtherIn() {
        return Stream.of(
                Arguments.of("listen_owner = \"legacy\"\n"),
                Arguments.of("listen_group = \"web\"\n"),
                Arguments.of("listen_group = 1002\nlisten_mode = \"0620\"\n"));
    }

    @Test
    void refusesAListThatNamesTheOther() {
        assertEquals(
                List.of("$D/c.toml:10: pool.b.allowed_users: lets in \"legacy\", as whom pool.a runs its scripts; they"
                        + " could run scripts as \"bob\": take the name out, or run that pool as another user"),
                files.problems(LEGACY + BOB + "allowed_users = [\"www-data\", \"1001\"]\n"));
    }

    @Test
    void alsoForASocketThatWasHandedOver() throws ConfigException {
        String inherited = BOB.replace("$D/run/b", "fd:b");

        assertEquals(
                List.of("$D/c.toml:10: pool.b.allowed_users: lets in \"legacy\", as whom pool.a runs its scripts; they"
                        + " could run scripts as \"bob\": take the name out, or run that pool as another user"),
                files.problems(LEGACY + inherited + "allowed_users = [\"legacy\"]\n"));
        assertEquals(
                List.of(
                        "$D/c.toml:7: pool.b.listen: warning: who may connect is not to be seen from here, and may run"
                                + " scripts as \"bob\"; name the front end's user in allowed_users, or allowed_clients for TCP"),
                files.warnings(LEGACY + inherited));
        assertEquals(
                List.of("$D/c.toml:7: pool.b.listen: warning: " + BY_TCP.replace("$", "\"bob\"")),
                files.warnings(LEGACY + inherited + "allowed_clients = [\"::1\"]\n"));
    }

    @Test
    void refusesThatAnybodyRunsScriptsOfRoot() {
        assertEquals(
                List.of(
                        "$D/c.toml:7: pool.b.listen: its owner, group and mode let in \"legacy\", as whom pool.a runs its"
                                + " scripts; they could run scripts as \"root\": name the front end's user alone in"
                                + " allowed_users, such as allowed_users = [\"www-data\"]"),
                files.problems(LEGACY + BOB.replace("bob", "root") + "listen_mode = \"0666\"\n"));
    }

    @Test
    void rootMayConnectAnywhere() throws ConfigException {
        assertEquals(
                List.of(), files.warnings(LEGACY.replace("legacy", "root") + BOB + "allowed_users = [\"root\"]\n"));
    }

    @Test
    void poolsOfOneUserMayShare() throws ConfigException {
        assertEquals(
                List.of(),
                files.warnings(
                        LEGACY + BOB.replace("bob", "1001") + "listen_group = \"web\"\nlisten_mode = \"0660\"\n"));
    }

    @Test
    void refusesASocketForEverybody() {
        String rest = " and run scripts as \"bob\"; name the front end's user in allowed_users, such as allowed_users ="
                + " [\"www-data\"]";

        assertEquals(
                List.of("$D/c.toml:7: pool.b.listen: everybody may connect (listen_mode = \"0666\")" + rest),
                files.problems(LEGACY + BOB + "listen_mode = \"0666\"\n"));
        assertEquals(
                List.of("$D/c.toml:2: pool.b.listen: everybody may connect (listen_mode = \"0602\")"
                        + rest.replace("\"bob\"", "any owner of scripts")),
                files.problems(BOB.replace("bob", "@owner") + "listen_mode = \"0602\"\n"));
    }

    @Test
    void refusesTcpForWhoeverIsOnThisMachine() throws ConfigException {
        String tcp = BOB.replace("$D/run/b", "127.0.0.1:9000");

        assertEquals(
                List.of(
                        "$D/c.toml:1: pool.b.allowed_clients: missing: TCP cannot tell users apart, and every user of this"
                                + " machine may run scripts as \"bob\"; say who may connect, such as allowed_clients ="
                                + " [\"127.0.0.1\"], or listen on a socket path"),
                files.problems(tcp));
        assertEquals(
                List.of("$D/c.toml:2: pool.b.listen: warning: " + BY_TCP.replace("$", "\"bob\"")),
                files.warnings(tcp + "allowed_clients = [\"127.0.0.1\"]\n"));
        assertEquals(
                List.of("$D/c.toml:2: pool.b.listen: warning: " + BY_TCP.replace("$", "any owner of scripts")),
                files.warnings(tcp.replace("bob", "@owner") + "allowed_clients = [\"127.0.0.0/8\"]\n"));
        assertEquals(List.of(), files.warnings(tcp + "allowed_clients = [\"10.0.0.5\"]\n"));
        assertEquals(List.of(), files.warnings(tcp.replace("bob", "root")));
        assertEquals(
                List.of("$D/c.toml:7: pool.b.listen: warning: " + BY_TCP.replace("$", "\"root\"")),
                files.warnings(LEGACY + tcp.replace("bob", "root")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void besideOwnersOfScriptsTakesSocketsForTheFrontEndAlone(String lines) throws ConfigException {
        assertEquals(List.of(), files.warnings(OWNERS + BOB + lines));
        assertEquals(List.of(), files.warnings(OWNERS + BOB.replace("bob", "root") + lines));
    }

    static Stream<String> besideOwnersOfScriptsTakesSocketsForTheFrontEndAlone() {
        return Stream.of(
                "",
                "listen_owner = \"www-data\"\nlisten_group = \"www-data\"\nlisten_mode = \"0660\"\n",
                "listen_mode = \"0666\"\nallowed_users = [\"www-data\", \"root\"]\n");
    }

    @Test
    void besideOwnersOfScriptsRefusesSocketsForTheOthers() throws ConfigException {
        String bobs = "\"bob\", who may own scripts of pool.o; they could run scripts as ";
        String least = ": let in root and users below its min_uid = 1000 only";
        String list = "allowed_users = [\"www-data\", \"bob\"]\n";

        assertEquals(
                List.of("$D/c.toml:10: pool.b.allowed_users: lets in " + bobs + "\"root\"" + least),
                files.problems(OWNERS + BOB.replace("bob", "root") + list));
        assertEquals(
                List.of("$D/c.toml:6: pool.o.allowed_users: lets in " + bobs + "any owner of scripts" + least),
                files.problems(OWNERS + list));
        assertEquals(
                List.of("$D/c.toml:10: pool.b.listen_owner: lets in " + bobs + "\"root\"" + least),
                files.problems(OWNERS + BOB.replace("bob", "root") + "listen_owner = \"bob\"\n"));
        assertEquals(List.of(), files.warnings(OWNERS + BOB + list));
        assertEquals(List.of(), files.warnings(OWNERS + "min_uid = 2000\n" + list));
        assertEquals(
                List.of(
                        "$D/c.toml:7: pool.b.listen: everybody may connect (listen_mode = \"0666\") and run scripts as"
                                + " \"root\"; name the front end's user in allowed_users, such as allowed_users = [\"www-data\"]"),
                files.problems(OWNERS + BOB.replace("bob", "root") + "listen_mode = \"0666\"\n"));
    }

    @Test
    void aDaemonThatIsNobodyElseKeepsItsSocketsAsItLikes() throws ConfigException {
        files.as(ConfigFolder.WWW_DATA);

        assertEquals(
                List.of(),
                files.warnings(LEGACY.replace("legacy", "www-data").replace("0600", "0666")
                        + BOB.replace("user = \"bob\"", "listen_mode = \"0666\"")));
    }
}
