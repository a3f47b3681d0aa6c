package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Http;
import org.cgifpm.e2e.front.ConfFiles;
import org.cgifpm.e2e.front.Shipped;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.ScriptSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each configuration of a front end in conf/, loaded by that front end, with the pool file beside it. */
class ConfFrontEndsIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String USER = "frlegacy";

    private static LocalUsers users;

    @BeforeAll
    static void addUser() {
        users = new LocalUsers();
        users.user(USER);
    }

    @AfterAll
    static void removeUser() {
        users.close();
    }

    @TestFactory
    Stream<DynamicTest> nginx() throws IOException {
        return through("nginx/cgi-bin.toml", site -> List.of(site.nginx("nginx/cgi-bin.conf")));
    }

    @Test
    void nginxTellsThisMachineHowThePoolIsDoing() throws IOException {
        Way way = start("nginx/cgi-bin.toml", site -> List.of(site.nginx("nginx/cgi-bin.conf")))
                .get(0);

        Answer ping = Http.get(way.port(), "/cgi-fpm-ping").send();
        assertEquals(200, ping.status(), ping::toString);
        assertEquals("pong", ping.text().strip());
        Answer status = Http.get(way.port(), "/cgi-fpm-status?json").send();
        assertEquals(200, status.status(), status::toString);
        assertTrue(status.text().contains("\"legacy\""), status::toString);
        assertEquals(
                200, Http.get(way.port(), "/cgi-fpm-status?html&full").send().status());
    }

    @TestFactory
    Stream<DynamicTest> apache() throws IOException {
        return through(
                "apache/cgi-bin.toml",
                site -> List.of(
                        site.apache("apache/set-handler.conf", "alias"), site.apache("apache/proxy-pass.conf")));
    }

    @TestFactory
    Stream<DynamicTest> lighttpd() throws IOException {
        return through("lighttpd/cgi-bin.toml", site -> List.of(site.lighttpd("lighttpd/cgi-bin.conf")));
    }

    @TestFactory
    Stream<DynamicTest> caddy() throws IOException {
        return through("caddy/cgi-bin.toml", site -> List.of(site.caddy("caddy/Caddyfile")));
    }

    @TestFactory
    Stream<DynamicTest> haproxy() throws IOException {
        return through("haproxy/cgi-bin.toml", site -> List.of(site.haproxy("haproxy/haproxy.cfg")));
    }

    private static Stream<DynamicTest> through(String poolFile, Function<Shipped, List<Way>> frontEnds)
            throws IOException {
        return CommonRequests.through(start(poolFile, frontEnds));
    }

    private static List<Way> start(String poolFile, Function<Shipped, List<Way>> frontEnds) throws IOException {
        ConfFiles files = new ConfFiles(LAB.newFolder("c")).put("user = \"legacy\"", "user = \"" + USER + "\"");
        ScriptSite.in(Files.createDirectories(files.moved("/srv/legacy")));
        Shipped site = new Shipped(LAB, files);
        site.daemon(poolFile, "/run/cgi-fpm/legacy.sock");
        return frontEnds.apply(site);
    }
}
