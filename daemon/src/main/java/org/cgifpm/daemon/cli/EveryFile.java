package org.cgifpm.daemon.cli;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.supervisor.DryRun;

/**
 * Puts every file below a pool's root to the pool's checks, one after the other, and hands each verdict on at once, so
 * that a hundred thousand files need no more memory than their folders' names. Links to folders are not gone through,
 * or a link could lead anywhere and a loop nowhere.
 */
final class EveryFile {
    private final DryRun dryRun;
    private final PoolSettings settings;
    private final Verdicts verdicts;
    private final Deque<Folder> waiting = new ArrayDeque<>();
    private final Tally tally = new Tally();

    /** @param bytes the path as a request would name it */
    private record Folder(Path path, String bytes) {}

    EveryFile(DryRun dryRun, PoolSettings settings, Verdicts verdicts) {
        this.dryRun = dryRun;
        this.settings = settings;
        this.verdicts = verdicts;
    }

    /** True if nothing was closed to this process. */
    boolean look() {
        String root = settings.root().equals("/") ? "" : settings.root();
        waiting.push(new Folder(BytePath.of(settings.root()), root));
        while (!waiting.isEmpty()) {
            Folder folder = waiting.pop();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.path())) {
                for (Path entry : entries) {
                    lookOrTell(entry, folder.bytes() + "/" + BytePath.nameOf(entry));
                }
            } catch (IOException | DirectoryIteratorException e) {
                unread(folder.bytes());
            }
        }
        verdicts.end(tally);
        return tally.unread == 0;
    }

    private void lookOrTell(Path entry, String bytes) {
        try {
            look(entry, bytes);
        } catch (IOException e) {
            unread(bytes);
        }
    }

    private void unread(String bytes) {
        tally.unread++;
        verdicts.unread(bytes);
    }

    private void look(Path entry, String bytes) throws IOException {
        BasicFileAttributes found = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (found.isDirectory()) {
            waiting.push(new Folder(entry, bytes));
        } else if (found.isSymbolicLink() && Files.isDirectory(entry)) {
            tally.folderLinks++;
        } else if (found.isRegularFile() || found.isSymbolicLink()) {
            Verdicts.Verdict verdict =
                    Verdicts.Verdict.of(bytes, dryRun.explain(ScriptParams.of(settings.root(), bytes)));
            tally.count(verdict);
            verdicts.file(verdict);
        } else {
            tally.others++;
        }
    }
}
