package org.cgifpm.daemon.supervisor.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ImportLinesTest {
    /** What Python's own parser finds, a line for each file; "-" where it finds no Python in it. */
    private static final String PARSE_ALL = """
            import ast, sys, warnings
            warnings.simplefilter("ignore")
            for path in sys.argv[1:]:
                names = set()
                try:
                    for node in ast.walk(ast.parse(open(path, "rb").read())):
                        if isinstance(node, ast.Import):
                            names.update(each.name for each in node.names)
                        elif isinstance(node, ast.ImportFrom) and not node.level:
                            names.add(node.module)
                    print(" ".join(sorted(names)))
                except (SyntaxError, ValueError):
                    print("-")
            """;

    private static Set<String> of(String source) {
        return ImportLines.of(source);
    }

    @Test
    void findsModulesInAllFormsOfTheStatement() {
        assertEquals(Set.of("a"), of("import a"));
        assertEquals(Set.of("a", "b.c", "d"), of("import a, b.c as x , d\n"));
        assertEquals(Set.of("a.b"), of("from a.b import (c,\n   d)\n"));
        assertEquals(Set.of("a", "b"), of("def f():\n\timport a; from b import *\n"));
        assertEquals(Set.of("a", "b"), of("try: import a\r\nexcept ImportError: import b\r\n"));
        assertEquals(Set.of("a", "b"), of("import a, \\\n    b # c, d\n"));
    }

    @Test
    void leavesOutWhatIsNoImportOfAModule() {
        assertEquals(Set.of(), of("from . import a\nfrom .b import c\nfrom .. import d\n"));
        assertEquals(
                Set.of(), of("# import a\nx = 'import b'\n'''\nimport c\n'''\n\"\"\"\\\"\"\"\nimport d\n\"\"\"\n"));
        assertEquals(Set.of(), of("important = 1\nimports(a)\nimport\nimport 1x\nimport a.\nfromage = 2\n"));
        assertEquals(Set.of("b"), of("x = 'not closed\nimport b\n"));
    }

    @Test
    void nothingUnusualTakesLong() {
        Random random = new Random(4);
        String[] parts = {"import ", "from ", " ", "\\", "'", "\"\"\"", "\n", "if ", ":", ",", "a", ".", ";", "as ", "#"
        };
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 2000; i++) {
                StringBuilder source = new StringBuilder();
                for (int k = random.nextInt(200); k > 0; k--) {
                    source.append(parts[random.nextInt(parts.length)]);
                }
                of(source.toString());
            }
            of("if " + "if ".repeat(300_000));
            of("import " + "a ".repeat(300_000));
            of("import " + "a,".repeat(300_000));
            of(" ".repeat(500_000) + "x");
        });
    }

    @Test
    @Timeout(60)
    void findsWhatPythonsOwnParserFindsInItsLibrary() throws IOException {
        List<Path> files;
        try (Stream<Path> library = Files.list(Path.of(folder()))) {
            files = library.filter(file -> file.toString().endsWith(".py"))
                    .sorted()
                    .toList();
        }
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", PARSE_ALL));
        files.forEach(file -> command.add(file.toString()));
        List<String> parsed = output(command);

        assertEquals(files.size(), parsed.size());
        for (int i = 0; i < files.size(); i++) {
            if (parsed.get(i).equals("-")) {
                continue;
            }
            Set<String> expected = Stream.of(parsed.get(i).split(" ", -1))
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
            String source = Files.readString(files.get(i), StandardCharsets.ISO_8859_1);
            assertEquals(expected, of(source), files.get(i).toString());
        }
    }

    private static String folder() throws IOException {
        return output(List.of("/usr/bin/python3", "-c", "import os; print(os.path.dirname(os.__file__))"))
                .get(0);
    }

    private static List<String> output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
