package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.OwnedFiles;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.Repository;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Some seventy files and folders of real users, and what becomes of each: by explain, by a real request, and by suEXEC,
 * whose verdicts may differ from ours only where that is intended.
 */
class CheckMatrixIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    /** suEXEC runs nothing outside of the folder that it was built for. */
    private static final Path DOCUMENT_ROOT = Path.of("/var/www");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static LocalUsers users;
    private static LocalUsers.User alice;
    private static LocalUsers.User bob;
    private static Path root;
    private static Path mixed;
    private static Matrix matrix;
    private static Pool strict;
    private static Pool owner;
    private static Daemon daemon;

    @BeforeAll
    static void makeUsersFilesAndPools() throws IOException {
        users = new LocalUsers();
        int shared = users.group("cgifpmchkg");
        alice = users.user("cgifpmchka", "cgifpmchkg");
        bob = users.user("cgifpmchkb");
        Files.createDirectories(DOCUMENT_ROOT);
        root = Files.createTempDirectory(DOCUMENT_ROOT, "cgifpmchk");
        matrix = new Matrix(root, alice, bob, shared);
        strict = ours("strict", root).set("user", alice.name());
        mixed = LAB.newFolder("owners");
        owner = ours("owner", mixed).set("user", "@owner");
        owners(mixed);
        Pool extensions = ours("extensions", root).set("user", alice.name()).list("extensions", ".cgi");
        Pool refuse = ours("refuse", root).set("user", alice.name()).table("checks", "symlinks = \"refuse\"");
        Pool warn = ours("warn", root)
                .set("user", alice.name())
                .table("checks", "writable = \"warn\"", "setuid = \"off\"", "directory_writable = \"warn\"");
        daemon = LAB.daemon(strict, owner, extensions, refuse, warn);
    }

    private static Pool ours(String name, Path folder) {
        return Pool.unix(name, LAB.folder(), folder)
                .set("listen_mode", "0600")
                .list("allowed_users", "root")
                .set("max_children", 4);
    }

    private static void owners(Path folder) {
        for (LocalUsers.User user : List.of(alice, bob)) {
            OwnedFiles.script(folder.resolve(user.name() + "/x.cgi"), Matrix.SCRIPT, 0755, user.uid(), user.gid());
            OwnedFiles.folder(folder.resolve(user.name()), 0755, user.uid(), user.gid());
        }
        OwnedFiles.script(folder.resolve("root.cgi"), Matrix.SCRIPT, 0755, 0, 0);
        OwnedFiles.script(folder.resolve("daemon.cgi"), Matrix.SCRIPT, 0755, 1, 1);
        OwnedFiles.script(folder.resolve("unknown.cgi"), Matrix.SCRIPT, 0755, 3_999_999, 3_999_999);
        OwnedFiles.script(folder.resolve(alice.name() + "/bobs.cgi"), Matrix.SCRIPT, 0755, bob.uid(), bob.gid());
    }

    @AfterAll
    static void removeAll() throws IOException {
        try {
            if (root != null) {
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } finally {
            if (users != null) {
                users.close();
            }
        }
    }

    /** Runs the command line; its output, with the exit status in front. */
    private static String explain(String... arguments) {
        List<String> command = Stream.concat(
                        Stream.of(
                                Repository.launcher().toString(),
                                "explain",
                                "-c",
                                daemon.configuration().toString()),
                        Stream.of(arguments))
                .toList();
        RunningProcess program = LAB.run("explain", LAB.newFolder("explain"), command);
        int status = program.awaitExit(LIMIT);
        // What a program has written is read as bytes, and JSON is UTF-8.
        String text = new String(program.output().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return status + "\n" + text;
    }

    /** The verdicts of {@code explain --all --json} by path below a folder, and the sums. */
    private record Verdicts(Map<String, JsonObject> byPath, JsonObject sums) {
        JsonObject of(String path) {
            return Objects.requireNonNull(byPath.get(path), () -> path + " is not among " + byPath.keySet());
        }

        String refusal(String path) {
            return refusedBy(of(path));
        }
    }

    private static Verdicts all(String pool, Path folder) {
        String output = explain("--pool", pool, "--all", "--json");
        assertTrue(output.startsWith("0\n"), output);
        Map<String, JsonObject> verdicts = new HashMap<>();
        JsonObject sums = new JsonObject();
        for (String line : output.substring(2).lines().toList()) {
            JsonObject object = JsonParser.parseString(line).getAsJsonObject();
            JsonElement file = object.get("file");
            if (file == null) {
                sums = object;
            } else {
                verdicts.put(file.getAsString().substring(folder.toString().length() + 1), object);
            }
        }
        return new Verdicts(verdicts, sums);
    }

    /** The first check that says no. */
    private static String refusedBy(JsonObject verdict) {
        JsonArray checks = verdict.getAsJsonArray("refused_by");
        boolean refused = verdict.get("verdict").getAsString().equals("refused");
        return !refused
                ? Matrix.RUNS
                : checks.isEmpty() ? Matrix.NOT_FOUND : checks.get(0).getAsString();
    }

    @Test
    void explainSaysOfEveryFileWhatIsExpected() {
        Verdicts verdicts = all("strict", root);
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> said = new TreeMap<>();
        for (Matrix.Case each : matrix.cases()) {
            if (verdicts.byPath().containsKey(each.path())) {
                expected.put(each.path(), each.refusedBy());
                said.put(each.path(), verdicts.refusal(each.path()));
            }
        }
        assertEquals(expected, said);
        assertEquals(
                new TreeSet<>(List.of(
                        "bobs-folder-link/plain.cgi",
                        "my-folder-link/plain.cgi",
                        "ok/directory.cgi",
                        "ok/fifo.cgi",
                        "ok/missing.cgi")),
                new TreeSet<>(matrix.cases().stream()
                        .map(Matrix.Case::path)
                        .filter(path -> !said.containsKey(path))
                        .toList()),
                "what no walk over the files comes to");
        JsonObject sums = verdicts.sums();
        assertEquals(2, sums.get("folder_links").getAsInt());
        assertEquals(1, sums.get("others").getAsInt());
        assertEquals(
                verdicts.byPath().size(),
                sums.get("would_run").getAsInt() + sums.get("refused").getAsInt());
    }

    @Test
    void aRealRequestGetsWhatExplainHasSaid() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        Map<String, String> got = new LinkedHashMap<>();
        for (Matrix.Case each : matrix.cases()) {
            expected.put(
                    each.path(),
                    switch (each.refusedBy()) {
                        case Matrix.RUNS -> "200";
                        case Matrix.NOT_FOUND -> "404";
                        default -> "403";
                    });
            got.put(
                    each.path(),
                    Integer.toString(request(strict, root, "/" + each.path()).status()));
        }
        assertEquals(expected, got);
        for (Matrix.Case each : matrix.cases()) {
            boolean refused = !List.of(Matrix.RUNS, Matrix.NOT_FOUND).contains(each.refusedBy());
            if (refused && each.path().startsWith("ok/of-")) {
                assertTrue(daemon.log().contains(": 403: " + each.refusedBy() + ": "), each.path());
            }
        }
    }

    private static Answer request(Pool pool, Path folder, String path) throws IOException {
        // Wire strings hold a byte in each char.
        String bytes = new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return RawClient.exchange(pool.address(), CgiParams.get(folder, bytes, ""), new byte[0])
                .answer();
    }

    @Test
    void whatNoFileNamesIsRefusedToo() throws IOException {
        assertEquals(200, request(strict, root, "/ok/plain.cgi/path/info").status());
        assertEquals(403, request(strict, root, "/ok/../ok/plain.cgi").status());
        assertEquals(
                403,
                request(strict, root, "/../" + root.getFileName() + "/ok/plain.cgi")
                        .status());
        assertEquals(403, request(strict, root, "/ok/plain.cgi\0x").status());
        assertEquals(403, request(strict, Path.of("/bin"), "/true").status());
        assertEquals(403, request(strict, root, "").status());
    }

    @Test
    void ownersRunTheirOwnScriptsAndNobodyElses() throws IOException {
        Path folder = mixed;
        Verdicts verdicts = all("owner", folder);
        Map<String, String> said = new TreeMap<>();
        verdicts.byPath().forEach((path, verdict) -> said.put(path, refusedBy(verdict)));
        Map<String, String> expected = new TreeMap<>(Map.of(
                alice.name() + "/x.cgi",
                Matrix.RUNS,
                bob.name() + "/x.cgi",
                Matrix.RUNS,
                alice.name() + "/bobs.cgi",
                "directory_owner",
                "root.cgi",
                "min_uid",
                "daemon.cgi",
                "min_uid",
                "unknown.cgi",
                "owner"));
        assertEquals(expected, said);
        for (String path : expected.keySet()) {
            int status = request(owner, folder, "/" + path).status();
            assertEquals(expected.get(path).equals(Matrix.RUNS) ? 200 : 403, status, path);
        }
        JsonObject bobs = single("owner", bob.name() + "/x.cgi", 0);
        assertEquals(bob.uid(), bobs.getAsJsonObject("identity").get("uid").getAsInt());
        assertEquals(bob.name(), bobs.getAsJsonObject("identity").get("user").getAsString());
    }

    private static JsonObject single(String pool, String script, int status) {
        String output = explain("--pool", pool, "--json", script);
        assertTrue(output.startsWith(status + "\n"), output);
        return JsonParser.parseString(output.substring(2)).getAsJsonObject();
    }

    @Test
    void poolsCanAskForMoreAndForLess() {
        Verdicts extensions = all("extensions", root);
        assertEquals("extension", extensions.refusal("ok/no-extension"));
        assertEquals(Matrix.RUNS, extensions.refusal("ok/plain.cgi"));
        Verdicts refuse = all("refuse", root);
        assertEquals("symlinks", refuse.refusal("ok/my-link.cgi"));
        assertEquals("symlinks", refuse.refusal("ok/roots-link.cgi"));
        Verdicts warn = all("warn", root);
        assertEquals(Matrix.RUNS, warn.refusal("ok/all-write.cgi"));
        assertEquals(
                "[\"writable\"]",
                warn.of("ok/all-write.cgi").get("warned_of_by").toString());
        assertEquals("ok", warn.of("ok/setuid.cgi").get("verdict").getAsString());
        assertEquals("warn", warn.of("sticky/x.cgi").get("verdict").getAsString());
    }

    @Test
    void explainTellsEverythingAboutOneScript() {
        JsonObject right = single("strict", "ok/plain.cgi", 0);
        assertEquals(13, right.getAsJsonArray("checks").size());
        assertEquals(alice.uid(), right.getAsJsonObject("identity").get("uid").getAsInt());
        assertTrue(right.getAsJsonObject("identity").get("groups").toString().contains("" + alice.gid()));
        assertTrue(right.getAsJsonArray("argv").toString().contains("./plain.cgi"));
        assertTrue(right.get("notes").toString().contains("sendmail"));
        JsonObject wrong = single("strict", root + "/ok/all-write.cgi", 1);
        assertEquals("writable", wrong.get("refused_by").getAsString());
        assertEquals(
                "writable: " + root + "/ok/all-write.cgi: found mode 0777, owner uid " + alice.uid() + " ("
                        + alice.name() + "), wanted no write permission for group and others; chmod go-w " + root
                        + "/ok/all-write.cgi",
                wrong.get("reason").getAsString());
        JsonObject missing = single("strict", "none.cgi", 1);
        assertEquals(404, missing.get("status").getAsInt());
        assertTrue(explain("--pool", "none", "x").startsWith("2\n"));
        assertTrue(explain("--pool", "strict").startsWith("2\n"));
    }

    @Test
    void suexecDiffersOnlyWhereThatIsIntended() throws IOException {
        Path suexec = Program.at("/usr/lib/apache2/suexec-pristine", "apache2-suexec-pristine");
        StringBuilder commands = new StringBuilder();
        for (Matrix.Case each : matrix.cases()) {
            int slash = each.path().lastIndexOf('/');
            commands.append("cd " + quoted(root + "/" + each.path().substring(0, slash)))
                    .append(" && runuser -u www-data -- " + suexec + " " + alice.name() + " " + alice.name() + " ")
                    .append(quoted(each.path().substring(slash + 1)) + " </dev/null >/dev/null 2>&1; echo $?\n");
        }
        Path folder = LAB.newFolder("suexec");
        Path script = Files.writeString(folder.resolve("all.sh"), commands);
        RunningProcess shell = LAB.run("suexec", folder, List.of("sh", script.toString()));
        assertEquals(0, shell.awaitExit(LIMIT));
        List<String> statuses = shell.output().lines().toList();
        Map<String, Integer> expected = new LinkedHashMap<>();
        Map<String, Integer> got = new LinkedHashMap<>();
        TreeSet<String> different = new TreeSet<>();
        for (int i = 0; i < matrix.cases().size(); i++) {
            Matrix.Case each = matrix.cases().get(i);
            int status = Integer.parseInt(statuses.get(i));
            expected.put(each.path(), each.suexec());
            got.put(each.path(), status);
            if ((status == 0) != each.refusedBy().equals(Matrix.RUNS)) {
                different.add(each.path());
            }
        }
        assertEquals(expected, got);
        assertEquals(new TreeSet<>(matrix.intended().keySet()), different);
    }

    /** suEXEC's other refusals are about its caller, and here about the configuration. */
    @Test
    void whatSuexecAsksOfItsCallerIsAskedOfTheConfiguration() throws IOException {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("user = \"cgifpm-no-such-user\"", "no user");
        wrong.put("user = \"" + alice.name() + "\"\ngroup = \"cgifpm-no-such-group\"", "no group");
        wrong.put("user = \"daemon\"", "min_uid");
        wrong.put("user = \"0\"", "root");
        Path folder = LAB.newFolder("wrong");
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            Path file = Files.writeString(
                    folder.resolve("cgi-fpm.toml"),
                    "[pool.x]\nlisten = \"" + folder + "/s\"\nlisten_mode = \"0600\"\nroot = \"" + root + "\"\n"
                            + each.getKey() + "\n");
            RunningProcess check = LAB.run(
                    "check",
                    LAB.newFolder("check"),
                    List.of(Repository.launcher().toString(), "check", "-c", file.toString()));
            assertEquals(2, check.awaitExit(LIMIT), each.getKey());
            assertTrue(check.output().contains(each.getValue()), check.output());
        }
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
