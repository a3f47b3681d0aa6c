package org.cgifpm.daemon.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** What the file system says of folders that a configuration names. Paths are texts here, as the file has them. */
final class Folders {
    private Folders() {}

    /** Why this is no folder that can be used, null if it is one; links are followed. */
    static @Nullable String complaint(String folder) {
        try {
            boolean directory = Files.readAttributes(Path.of(folder), BasicFileAttributes.class)
                    .isDirectory();
            return directory ? null : "is not a folder";
        } catch (NoSuchFileException e) {
            return "does not exist";
        } catch (AccessDeniedException e) {
            return "cannot be looked at: permission denied";
        } catch (InvalidPathException e) {
            return "has characters that this locale cannot write; start with LC_ALL=C.UTF-8";
        } catch (FileSystemException e) {
            return "cannot be looked at: " + e.getReason();
        } catch (IOException e) {
            return "cannot be looked at: " + e.getMessage();
        }
    }

    /** The same path for the same file where folders are linked ({@code /var/run}), so that sockets can be compared. */
    static String canonical(String file) {
        try {
            Path path = Path.of(file).normalize();
            Path folder = path.getParent();
            return folder == null
                    ? file
                    : folder.toRealPath().resolve(path.getFileName()).toString();
        } catch (IOException | InvalidPathException e) {
            return file;
        }
    }

    /** Everything before the last slash of an absolute path. */
    static String parent(String file) {
        int slash = file.lastIndexOf('/');
        return slash <= 0 ? "/" : file.substring(0, slash);
    }

    static boolean hasControlCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) == 0x7f) {
                return true;
            }
        }
        return false;
    }
}
