package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of that which lies where a socket shall be. */
class SharedAddressesTest {
    private final ConfigFolder files;

    SharedAddressesTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder);
    }

    @Test
    void warnsOfAFileADeviceOrALinkWhereASocketShallBe() throws Exception {
        Files.writeString(files.path("run/file"), "x");
        Files.createSymbolicLink(files.path("run/link"), files.path("run/nothing"));

        assertEquals(
                List.of(warning(2, "daemon.control", "/dev/null"), warning(5, "pool.main.listen", "$D/run/file")),
                files.warnings(config("control = \"/dev/null\"", "$D/run/file")));
        assertEquals(
                List.of(
                        warning(2, "daemon.metrics_listen", "$D/run/link"),
                        warning(5, "pool.main.listen", "/dev/null")),
                files.warnings(config("metrics_listen = \"$D/run/link\"", "/dev/null")));
    }

    @Test
    void saysNothingOfASocketOrWhereThereIsNothing() throws Exception {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(files.path("run/socket")));

            assertEquals(List.of(), files.warnings(config("control = \"$D/run/socket\"", "$D/run/nothing")));
        }
    }

    private static String config(String daemon, String listen) {
        return "[daemon]\n" + daemon + "\n\n[pool.main]\nlisten = \"" + listen + "\"\nroot = \"$D/cgi\"\n";
    }

    private static String warning(int line, String key, String path) {
        return "$D/c.toml:" + line + ": " + key + ": warning: \"" + path
                + "\" is there and is no socket, so that nobody can listen there; move it away or choose another path";
    }
}
