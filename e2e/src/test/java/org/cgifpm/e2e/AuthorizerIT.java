package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Load;
import org.cgifpm.e2e.front.Lighttpd;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application in the role of an authorizer: lighttpd asks it before it serves what lies below /guarded. */
class AuthorizerIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Way way;

    @BeforeAll
    static void start() throws IOException {
        WorkerSite site = WorkerSite.in(LAB.newFolder("workers"));
        Path guarded = Files.createDirectory(site.root().resolve("guarded"));
        Files.writeString(guarded.resolve("secret.txt"), "the secret\n");
        site.copy("visitor.sh", "guarded/visitor.sh");
        Pool authorizer = Pool.unix("authorizer", LAB.folder(), site.root())
                .set("mode", "worker")
                .list("command", site.file("authorizer").toString())
                .set("max_children", 2);
        Pool scripts = Pool.unix("scripts", LAB.folder(), site.root());
        LAB.daemon(authorizer, scripts);
        way = Lighttpd.guarded(LAB, authorizer, scripts, site.root()).ways().get(0);
    }

    @Test
    void whoHasTheKeyGetsIn() throws IOException {
        Answer answer =
                way.get("/guarded/secret.txt").header("X-Key", "open sesame").send();

        assertEquals(200, answer.status(), answer::toString);
        assertEquals("the secret\n", answer.text());
    }

    @Test
    void whoHasNoKeyGetsTheAnswerOfTheAuthorizer() throws IOException {
        for (String path : new String[] {"/guarded/secret.txt", "/guarded/visitor.sh", "/guarded/missing"}) {
            Answer answer = way.get(path).send();

            assertEquals(403, answer.status(), answer::toString);
            assertEquals("the authorizer says no\n", answer.text());
        }
    }

    @Test
    void theScriptBehindItSeesWhatItSaidOfTheVisitor() throws IOException {
        assertEquals(
                "visitor alice\n",
                way.get("/guarded/visitor.sh")
                        .header("X-Key", "open sesame")
                        .send()
                        .text());
        assertEquals("visitor \n", way.get("/visitor.sh").send().text(), "nobody guards this one");
    }

    @Test
    void aBodyIsForTheScriptAndNotForTheAuthorizer() throws IOException {
        byte[] body = new byte[200_000];

        Answer in = way.post("/guarded/visitor.sh", body)
                .header("X-Key", "open sesame")
                .send();
        Answer out = way.post("/guarded/visitor.sh", body).send();

        assertEquals("visitor alice\n", in.text(), in::toString);
        assertEquals(403, out.status(), out::toString);
    }

    @Test
    void manyAreAskedAboutAtTheSameTime() {
        Map<String, Integer> outcomes = Load.run(8, 200, client -> number -> {
            boolean key = number % 2 == 0;
            Answer answer = way.get("/guarded/secret.txt")
                    .header("X-Key", key ? "open sesame" : "knock")
                    .send();
            return answer.status() == (key ? 200 : 403) ? Load.GOOD : answer.toString();
        });

        assertEquals(Map.of(Load.GOOD, 200), outcomes);
    }
}
