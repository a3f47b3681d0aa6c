package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.OwnedFiles;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A large CGI script that nobody wrote for us: Mercurial's hgweb.cgi as Debian ships it, fresh and as forks of a keeper. */
@SuppressWarnings("NullAway.Init")
class HgwebWarmIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String PACKAGE = "mercurial";
    private static final String USER = "diffdhg";
    private static final int FILES = 200;
    private static final int SIZE = 8 << 20;

    private static final LocalUsers USERS = new LocalUsers();
    private static LocalUsers.User user;
    private static Path hg;
    private static Path repositories;
    private static Daemon daemon;
    private static Way fresh;
    private static List<Way> warm = List.of();

    @BeforeAll
    static void start() throws IOException {
        user = USERS.user(USER);
        hg = Program.find("hg", PACKAGE);
        Path root = LAB.newFolder("hgweb");
        repositories = LAB.newFolder("repositories");
        Path settings = LAB.folder().resolve("hgweb.config");
        Files.writeString(settings, """
                [paths]
                / = %s/*
                [web]
                allow_push = *
                allow_archive = gz zip
                push_ssl = false
                """.formatted(repositories));
        Path example = Program.at("/usr/share/doc/mercurial-common/examples/hgweb.cgi", PACKAGE);
        String script = Files.readString(example);
        assertTrue(script.contains("/path/to/repo/or/config"), script);
        OwnedFiles.script(
                root.resolve("hgweb.cgi"),
                script.replace("/path/to/repo/or/config", settings.toString()),
                0755,
                user.uid(),
                user.gid());
        history();

        Pool exec = pool("fresh", "exec", root);
        List<Pool> forks = List.of(
                pool("warm", "warm", root),
                pool("preloaded", "warm", root)
                        .table("python", "preload = [\"mercurial.hgweb\", \"mercurial.demandimport\", \"cgi\"]"));
        daemon = LAB.daemon(exec, forks.get(0), forks.get(1));
        String location = """
                location ~ ^(/hgweb\\.cgi)(/.*)?$ {
                    include /etc/nginx/fastcgi.conf;
                    fastcgi_param SCRIPT_FILENAME %s$1;
                    fastcgi_param SCRIPT_NAME $1;
                    fastcgi_param PATH_INFO $2;
                    @PASS@
                }
                """.formatted(root);
        List<Way> ways = Nginx.start(
                        LAB,
                        Stream.concat(Stream.of(exec), forks.stream())
                                .map(pool -> Nginx.server(pool, Nginx.Mode.BUFFERED))
                                .toList(),
                        root,
                        location)
                .ways();
        fresh = ways.get(0);
        warm = ways.subList(1, ways.size());
    }

    private static Pool pool(String name, String mode, Path root) {
        return Pool.unix(name, LAB.folder(), root)
                .set("mode", mode)
                .set("user", USER)
                .environment("HGRCPATH", "/dev/null");
    }

    /** A repository that has something to show on every page, with dates that no page calls new. */
    private static void history() throws IOException {
        Path project = repositories.resolve("project");
        run("init", project.toString());
        Path text = project.resolve("text.py");
        for (int revision = 0; revision < 12; revision++) {
            String before = revision == 0 ? "" : Files.readString(text);
            Files.writeString(text, before + "def f" + revision + "():\n    return '<&>' * " + revision + "\n");
            Files.write(project.resolve("gr\u00fc\u00dfe " + revision + ".bin"), Bytes.of(1000 + revision));
            run("-R", project.toString(), "add", "-q");
            commit(project, "revision " + revision + " with <markup> & more", revision);
        }
        run("-R", project.toString(), "tag", "-u", "tester", "-d", "1500001000 0", "v1");
        run("-R", project.toString(), "bookmark", "mark");
        try (Stream<Path> files = Files.walk(repositories)) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", user.uid());
                Files.setAttribute(file, "unix:gid", user.gid());
            }
        }
    }

    @AfterAll
    static void removeUsers() {
        // As long as a keeper is one of them, it stays.
        daemon.stopCleanly(Duration.ofSeconds(20));
        USERS.close();
    }

    static List<Way> warm() {
        return warm;
    }

    @ParameterizedTest
    @MethodSource("warm")
    void everyPageIsThatOfAFreshProcess(Way way) throws IOException {
        String project = "/hgweb.cgi/project";
        List<String> pages = new ArrayList<>(List.of(
                "/hgweb.cgi",
                "/hgweb.cgi/",
                "/hgweb.cgi/?style=raw",
                "/hgweb.cgi/static/style-paper.css",
                "/hgweb.cgi/static/hglogo.png",
                "/hgweb.cgi/not-there"));
        for (String page : List.of(
                "",
                "/log",
                "/log?rev=f3",
                "/log?rev=branch(default)",
                "/log/3?revcount=5",
                "/shortlog",
                "/changelog",
                "/graph",
                "/summary?style=gitweb",
                "/rev/tip",
                "/rev/5?style=spartan",
                "/raw-rev/5",
                "/rev/not-there",
                "/file/tip",
                "/file/tip/text.py",
                "/raw-file/tip/text.py",
                "/raw-file/tip/gr%C3%BC%C3%9Fe%203.bin",
                "/file/tip/not-there",
                "/annotate/tip/text.py",
                "/diff/5/text.py",
                "/comparison/5/text.py",
                "/filelog/tip/text.py",
                "/manifest/3",
                "/tags",
                "/bookmarks",
                "/branches",
                "/help",
                "/help/phases",
                "/atom-log",
                "/rss-log",
                "/json-log",
                "/json-tags",
                "/json-annotate/tip/text.py",
                "/archive/5.tar.gz",
                "/archive/5.zip",
                "?cmd=capabilities",
                "?cmd=heads",
                "?cmd=branchmap",
                "?cmd=listkeys&namespace=bookmarks",
                "?cmd=not-there")) {
            pages.add(project + page);
        }
        // The first requests write caches into the repository, and its time is part of an ETag.
        fresh.get(project).send();
        fresh.get(project + "/archive/5.zip").send();
        int found = 0;
        for (String page : pages) {
            Answer expected = fresh.get(page).send();
            for (int time = 0; time < 2; time++) {
                Answer got = way.get(page).send();

                assertEquals(expected.status(), got.status(), page);
                assertEquals(fields(expected), fields(got), page);
                assertEquals(withoutPort(expected, fresh), withoutPort(got, way), page);
                assertTrue(got.complete(), page);
            }
            found += expected.status() == 200 ? 1 : 0;
        }
        assertTrue(found > 35, found + " pages were found");
    }

    @ParameterizedTest
    @MethodSource("warm")
    void clonesAndTakesAPushOfTwoHundredFiles(Way way) throws IOException {
        Path folder = LAB.newFolder("clone");
        Path copy = folder.resolve("copy");
        run("clone", "-q", url(way), copy.toString());
        assertArrayEquals(
                Files.readAllBytes(repositories.resolve("project/text.py")),
                Files.readAllBytes(copy.resolve("text.py")));
        byte[] content = Bytes.of(SIZE);
        int piece = SIZE / FILES;
        for (int file = 0; file < FILES; file++) {
            byte[] part = java.util.Arrays.copyOfRange(content, file * piece, (file + 1) * piece);
            Path target = copy.resolve(way.port() + "/part" + file);
            Files.createDirectories(target.getParent());
            Files.write(target, part);
        }
        run("-R", copy.toString(), "add", "-q");
        commit(copy, "many files", 900);
        String tip = tip(copy);

        run("-R", copy.toString(), "push", "-q", "-f", url(way));

        assertEquals(tip, tip(repositories.resolve("project")));
        Path again = folder.resolve("again");
        run("clone", "-q", url(way), again.toString());
        for (int file : new int[] {0, 7, FILES - 1}) {
            String name = way.port() + "/part" + file;
            assertArrayEquals(Files.readAllBytes(copy.resolve(name)), Files.readAllBytes(again.resolve(name)));
        }
        assertFalse(
                run("-R", again.toString(), "verify").contains("integrity errors"),
                "what was pushed is what was meant");
    }

    private static String tip(Path repository) {
        return run("-R", repository.toString(), "log", "-r", "tip", "-T", "{node}");
    }

    private static String url(Way way) {
        return "http://127.0.0.1:" + way.port() + "/hgweb.cgi/project";
    }

    /** Feeds have absolute addresses. */
    private static String withoutPort(Answer answer, Way way) {
        return answer.text()
                .replace("127.0.0.1:" + way.port(), "127.0.0.1")
                .replace("test.example:" + way.port(), "test.example");
    }

    private static List<Answer.Field> fields(Answer answer) {
        return answer.fields().stream()
                .filter(field -> !field.name().equals("Date"))
                .toList();
    }

    private static void commit(Path folder, String message, int second) {
        run(
                "-R",
                folder.toString(),
                "commit",
                "-q",
                "-u",
                "tester <tester@test.example>",
                "-d",
                1_500_000_000 + second + " 0",
                "-m",
                message);
    }

    /** Runs hg and returns what it printed; a failure fails the test with its own words. */
    private static String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(hg.toString()));
        command.addAll(List.of(arguments));
        Map<String, String> environment = Map.of("HGRCPATH", "/dev/null", "HGPLAIN", "1", "LC_ALL", "C.UTF-8");
        // A name for each call: the output of one is not the output of the next.
        RunningProcess process = RunningProcess.start("hg" + System.nanoTime(), LAB.folder(), environment, command);
        int status = process.awaitExit(Duration.ofMinutes(2));
        assertEquals(0, status, () -> String.join(" ", command) + ": " + process.output());
        return process.output();
    }
}
