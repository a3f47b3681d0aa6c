package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.TestUser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who has used up the places of a user or of a script waits, and keeps nobody else waiting. As root, with users. */
class PlacesIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final TestUser ANNA = new TestUser("cgifpmgata");
    private static final TestUser BERT = new TestUser("cgifpmgatb");

    private static Daemon daemon;
    private static Caller owners;
    private static Caller scripts;

    @BeforeAll
    static void start() throws IOException {
        for (TestUser user : List.of(ANNA, BERT)) {
            user.add();
            Path folder = Files.createDirectory(LAB.site().root().resolve(user.name()));
            give(user, folder, "gate.sh");
            give(user, folder, "hello.sh");
        }
        // Scripts leave marks there, whoever they are.
        Files.setPosixFilePermissions(LAB.site().scratch(), PosixFilePermissions.fromString("rwxrwxrwx"));
        Pool ownerPool = LAB.unixPool("owners")
                .set("user", "@owner")
                .set("listen_mode", "0600")
                .set("max_children", 4)
                .set("max_children_per_user", 1);
        Pool scriptPool = LAB.unixPool("scripts").set("max_children", 4).set("max_children_per_script", 1);
        daemon = LAB.daemon(ownerPool, scriptPool);
        owners = new Caller(ownerPool.address(), LAB.site().root());
        scripts = new Caller(scriptPool.address(), LAB.site().root());
    }

    private static void give(TestUser user, Path folder, String script) throws IOException {
        Path copy = folder.resolve(script);
        Files.copy(LAB.site().script(script), copy, StandardCopyOption.COPY_ATTRIBUTES);
        Files.setAttribute(copy, "unix:uid", user.uid());
        Files.setAttribute(copy, "unix:gid", user.gid());
        Files.setAttribute(folder, "unix:uid", user.uid());
        Files.setAttribute(folder, "unix:gid", user.gid());
    }

    @AfterAll
    static void removeUsers() {
        ANNA.remove();
        BERT.remove();
    }

    /** Asks for gate.sh, which is at work until {@code gate} is opened. */
    private static RawClient ask(Caller caller, String path, String gate) throws IOException {
        RawClient client = caller.connect();
        client.send(Wire.request(1, false, caller.params(path, gate), new byte[0]));
        client.read();
        return client;
    }

    private static void awaitAtWork(String gate) {
        Awaitility.await(gate + " is at work")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> LAB.site().has(gate + ".started"));
    }

    @Test
    void aUserWhoseScriptsAreSlowKeepsNobodyElseWaiting() throws Exception {
        RawClient first = ask(owners, "/cgifpmgata/gate.sh", "anna-1");
        awaitAtWork("anna-1");
        RawClient second = ask(owners, "/cgifpmgata/gate.sh", "anna-2");
        for (int i = 0; i < 3; i++) {
            assertEquals("hello\n", owners.get("/cgifpmgatb/hello.sh").answer().text());
        }
        assertFalse(LAB.site().has("anna-2.started"), "max_children_per_user = 1");
        LAB.site().open("anna-1");
        awaitAtWork("anna-2");
        LAB.site().open("anna-2");
        assertEquals(200, first.awaitEnd(1).answer().status());
        assertEquals(200, second.awaitEnd(1).answer().status());
        first.close();
        second.close();
    }

    @Test
    void scriptsRunAsTheirOwners() throws Exception {
        RawClient client = ask(owners, "/cgifpmgatb/gate.sh", "bert-1");
        awaitAtWork("bert-1");
        Object owner = Files.getAttribute(LAB.site().scratch().resolve("bert-1.started"), "unix:uid");
        assertEquals(BERT.uid(), owner);
        assertNotEquals(ANNA.uid(), owner);
        LAB.site().open("bert-1");
        assertEquals(200, client.awaitEnd(1).answer().status());
        client.close();
    }

    @Test
    void aSlowScriptWaitsForItselfOnly() throws Exception {
        RawClient first = ask(scripts, "/gate.sh", "slow-1");
        awaitAtWork("slow-1");
        RawClient second = ask(scripts, "/gate.sh", "slow-2");
        assertEquals("hello\n", scripts.get("/hello.sh").answer().text());
        assertEquals(404, scripts.get("/missing.sh").answer().status());
        assertFalse(LAB.site().has("slow-2.started"), "max_children_per_script = 1");
        LAB.site().open("slow-1");
        awaitAtWork("slow-2");
        LAB.site().open("slow-2");
        assertEquals(200, first.awaitEnd(1).answer().status());
        assertEquals(200, second.awaitEnd(1).answer().status());
        first.close();
        second.close();
    }

    @Test
    void aClientThatGoesWhileItsUserIsAtItsCapTakesNoPlaceLater() throws Exception {
        RawClient first = ask(owners, "/cgifpmgata/gate.sh", "left-1");
        awaitAtWork("left-1");
        RawClient gone = ask(owners, "/cgifpmgata/gate.sh", "left-2");
        assertEquals("hello\n", owners.get("/cgifpmgatb/hello.sh").answer().text());
        gone.close();
        Awaitility.await("the daemon knows")
                .atMost(Duration.ofSeconds(20))
                .until(() -> daemon.log().contains("499: the front end closed the connection"));
        LAB.site().open("left-1");
        assertEquals(200, first.awaitEnd(1).answer().status());
        first.close();
        assertEquals("hello\n", owners.get("/cgifpmgata/hello.sh").answer().text());
        assertFalse(LAB.site().has("left-2.started"));
    }
}
