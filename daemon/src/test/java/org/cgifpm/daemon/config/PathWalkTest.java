package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class PathWalkTest {
    @TempDir
    Path given;

    private Path folder;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = given.toRealPath();
        Files.createDirectories(folder.resolve("a/b"));
        Files.createDirectories(folder.resolve("c/d"));
        Files.createFile(folder.resolve("c/d/file"));
    }

    @Test
    void looksIntoEveryFolderFromTheTop() {
        PathWalk walk = PathWalk.to(folder.resolve("c/d/file"), FileOwners.SYSTEM);

        assertTrue(walk.complete());
        assertEquals(folder.resolve("c/d/file"), walk.end());
        assertEquals(Path.of("/"), walk.steps().get(0).folder());
        assertEquals(List.of(folder, folder.resolve("c"), folder.resolve("c/d")), lastThree(walk));
        assertTrue(walk.steps().get(walk.steps().size() - 1).last());
        assertEquals(folder.getNameCount() + 3, walk.steps().size());
    }

    @Test
    void looksIntoTheFoldersThatLinksLeadThrough() throws IOException {
        Files.createSymbolicLink(folder.resolve("a/b/link"), Path.of("../../c/./hop/file"));
        Files.createSymbolicLink(folder.resolve("c/hop"), folder.resolve("c/d"));

        PathWalk walk = PathWalk.to(folder.resolve("a/b/link"), FileOwners.SYSTEM);

        assertTrue(walk.complete());
        assertEquals(folder.resolve("c/d/file"), walk.end());
        List<Path> folders = walk.steps().stream().map(PathWalk.Step::folder).toList();
        assertTrue(folders.containsAll(List.of(folder.resolve("a/b"), folder.resolve("c"), folder.resolve("c/d"))));
    }

    @Test
    void endsWhereThereIsNothing() {
        PathWalk walk = PathWalk.to(folder.resolve("a/none/file"), FileOwners.SYSTEM);

        assertFalse(walk.complete());
        assertEquals(folder.resolve("a"), walk.end());
        assertEquals(folder.resolve("a"), lastThree(walk).get(2));
    }

    @Test
    void endsInLinksThatLeadInACircle() throws IOException {
        Files.createSymbolicLink(folder.resolve("a/x"), Path.of("y"));
        Files.createSymbolicLink(folder.resolve("a/y"), Path.of("x"));

        assertFalse(PathWalk.to(folder.resolve("a/x"), FileOwners.SYSTEM).complete());
    }

    private static List<Path> lastThree(PathWalk walk) {
        int steps = walk.steps().size();
        return walk.steps().subList(steps - 3, steps).stream()
                .map(PathWalk.Step::folder)
                .toList();
    }
}
