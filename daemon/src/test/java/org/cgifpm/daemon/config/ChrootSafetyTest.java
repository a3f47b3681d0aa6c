package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChrootSafetyTest {
    private final ConfigFolder files;

    ChrootSafetyTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).as(ConfigFolder.ROOT);
        files.folder("jail", "rwxr-xr-x").folder("jail/cgi", "rwxr-xr-x");
    }

    @Test
    void holdsTheRootAsItIsSeenFromOutside() throws Exception {
        Config config = files.read(pool("legacy", "chroot = \"$D/jail/\"\n"));
        assertEquals(List.of(), config.warnings());
        assertEquals(
                Optional.of(files.path("jail").toString()),
                config.pools().get(0).identity().chroot());
        Files.createSymbolicLink(files.path("link"), files.path("jail"));
        assertEquals(List.of(), files.warnings(pool("legacy", "chroot = \"$D/link\"\n")));
    }

    @Test
    void refusesAFolderThatIsNotThereOrElsewhere() {
        assertEquals(
                List.of("$D/c.toml:5: pool.a.chroot: \"$D/none\" does not exist; name the folder that scripts shall see"
                        + " as /"),
                files.problems(pool("legacy", "chroot = \"$D/none\"\n")));
        assertEquals(
                List.of(
                        "$D/c.toml:5: pool.a.chroot: root \"$D/jail/cgi\" does not lie in \"$D/run\"; write root as it is"
                                + " seen from outside, such as \"$D/run/cgi-bin\""),
                files.problems(pool("legacy", "chroot = \"$D/run\"\n")));
    }

    @Test
    void refusesWhatCannotBeHadWithIt() {
        assertEquals(
                List.of("$D/c.toml:6: pool.a.groups: cannot be had together with chroot; remove one of them"),
                files.problems(pool("legacy", "chroot = \"$D/jail\"\ngroups = []\n")));
        assertEquals(
                List.of(
                        "$D/c.toml:5: pool.a.chroot: cannot be had together with user = \"@owner\"; name a user, or remove"
                                + " the key"),
                files.problems(pool("@owner", "chroot = \"$D/jail\"\n")));
        files.as(ConfigFolder.WWW_DATA);
        assertEquals(
                List.of("$D/c.toml:5: pool.a.chroot: cannot be had: the daemon runs as \"www-data\" without"
                        + " CAP_SYS_CHROOT; start it as root, or remove the key"),
                files.problems(pool("www-data", "chroot = \"$D/jail\"\n")));
    }

    @Test
    void warnsThatItDoesNotHoldRoot() throws ConfigException {
        assertEquals(
                List.of(
                        "$D/c.toml:5: pool.a.chroot: warning: a script that runs as root can leave it; name another user"),
                files.warnings(pool("root", "chroot = \"$D/jail\"\n")));
    }

    @Test
    void interpretersLieInside() throws Exception {
        files.folder("jail/bin", "rwxr-xr-x");
        String pool = pool("legacy", "chroot = \"$D/jail\"\ninterpreters = {\".p\" = \"/bin/odd\"}\n");

        assertEquals(
                List.of(
                        "$D/c.toml:6: pool.a.interpreters..p: \"/bin/odd\" does not exist, or cannot be looked at; name a"
                                + " program such as \"/usr/bin/php-cgi\""),
                files.problems(pool));
        Files.createFile(
                files.path("jail/bin/odd"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertEquals(List.of(), files.warnings(pool));
    }

    private static String pool(String user, String more) {
        return "[pool.a]\nlisten = \"$D/run/a\"\nuser = \"" + user + "\"\nroot = \"$D/jail/cgi\"\n" + more;
    }
}
