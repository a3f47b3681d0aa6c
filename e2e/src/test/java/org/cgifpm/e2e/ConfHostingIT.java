package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Http;
import org.cgifpm.e2e.front.ConfFiles;
import org.cgifpm.e2e.front.Shipped;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.ConfSite;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.OwnedFiles;
import org.cgifpm.e2e.lab.TestUser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The configurations in conf/ for a host of many users: everybody's scripts run as their owner, and nobody is named. */
class ConfHostingIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final List<String> USERS = List.of("fralice", "frbob");
    private static final String WHO = """
            #!/usr/bin/python3
            import os, pwd, sys
            body = sys.stdin.read()
            print("Content-Type: text/plain\\n")
            print(pwd.getpwuid(os.getuid()).pw_name, os.environ.get("PATH_INFO", "-"),
                  os.environ["QUERY_STRING"] or "-", len(body), os.environ["SCRIPT_NAME"])
            """;

    private static ConfSite site;
    private static Way nginx;
    private static Way apache;

    @BeforeAll
    static void start() throws IOException {
        site = new ConfSite(LAB.newFolder("c"));
        ConfFiles files = site.files();
        for (String name : USERS) {
            TestUser user = new TestUser(name);
            for (String folder : List.of("cgi-bin", "public_html", "public_html/cgi-bin")) {
                OwnedFiles.folder(home(name, folder), 0755, user.uid(), user.gid());
            }
            OwnedFiles.script(home(name, "cgi-bin/who.py"), WHO, 0755, user.uid(), user.gid());
            OwnedFiles.script(home(name, "public_html/cgi-bin/who.py"), WHO, 0755, user.uid(), user.gid());
        }
        TestUser bob = new TestUser("frbob");
        OwnedFiles.script(home("fralice", "cgi-bin/strange.py"), WHO, 0755, bob.uid(), bob.gid());
        OwnedFiles.script(home("fralice", "cgi-bin/open.py"), WHO, 0777, bob.uid(), bob.gid());
        Shipped shipped = new Shipped(LAB, files);
        shipped.daemon("nginx/many-users.toml", "/run/cgi-fpm/hosting.sock");
        nginx = shipped.nginx("nginx/many-users.conf");
        apache = shipped.apache("apache/user-dirs.conf", "userdir");
    }

    @AfterAll
    static void removeUsers() {
        site.close();
    }

    @Test
    void runsTheScriptsOfASiteAsItsUser() throws IOException {
        for (String user : USERS) {
            String host = user + ".example.org";
            assertSays(
                    user + " - - 0 /cgi-bin/who.py",
                    nginx("GET", "/cgi-bin/who.py").host(host));
            assertSays(
                    user + " /2026/11 a=b 0 /cgi-bin/who.py",
                    nginx("GET", "/cgi-bin/who.py/2026/11?a=b").host(host));
            assertSays(
                    user + " - - 200000 /cgi-bin/who.py",
                    Http.post(nginx.port(), "/cgi-bin/who.py", "x".repeat(200_000))
                            .host(host));
        }
    }

    @Test
    void runsTheScriptsBelowATildeAsThatUser() throws IOException {
        for (String user : USERS) {
            String path = "/~" + user + "/cgi-bin/who.py";
            assertSays(user + " /x a=b 0 " + path, nginx("GET", path + "/x?a=b").host("www.example.org"));
            assertSays(user + " - - 3 " + path, Http.post(apache.port(), path, "abc"));
            assertSays(user + " /x a=b 0 " + path, Http.get(apache.port(), path + "/x?a=b"));
        }
    }

    @Test
    void refusesWhatLiesInAUsersFolderAndIsAnothers() throws IOException {
        assertStatus(403, nginx("GET", "/cgi-bin/strange.py").host("fralice.example.org"));
        assertStatus(403, nginx("GET", "/cgi-bin/open.py").host("fralice.example.org"));
    }

    @Test
    void findsNothingWhereThereIsNoUserOrScript() throws IOException {
        assertStatus(404, nginx("GET", "/cgi-bin/none.py").host("fralice.example.org"));
        assertStatus(404, nginx("GET", "/cgi-bin/who.py").host("frnobody.example.org"));
        assertStatus(404, nginx("GET", "/~frnobody/cgi-bin/who.py").host("www.example.org"));
        assertStatus(404, Http.get(apache.port(), "/~fralice/cgi-bin/none.py"));
        assertStatus(403, Http.get(apache.port(), "/~frnobody/cgi-bin/who.py"));
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        Answer answer =
                nginx("HEAD", "/cgi-bin/who.py").host("fralice.example.org").send();

        assertEquals(200, answer.status(), answer::toString);
        assertEquals("", answer.text());
    }

    private static Http nginx(String method, String target) {
        return Http.request(nginx.port(), method, target);
    }

    private static Path home(String user, String path) {
        return site.files().moved("/home/" + user + "/" + path);
    }

    private static void assertSays(String expected, Http request) throws IOException {
        Answer answer = request.send();
        assertEquals(200, answer.status(), answer::toString);
        assertEquals(expected + "\n", answer.text());
    }

    private static void assertStatus(int expected, Http request) throws IOException {
        Answer answer = request.send();
        assertEquals(expected, answer.status(), answer::toString);
    }
}
