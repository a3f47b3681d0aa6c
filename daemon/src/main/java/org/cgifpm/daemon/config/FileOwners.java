package org.cgifpm.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Tells whom files belong to. May block, as any look at a file system may. */
interface FileOwners {
    /** The real file system. */
    FileOwners SYSTEM = file -> {
        try {
            Map<String, Object> found = Files.readAttributes(file, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new FileOwner(number(found, "uid"), number(found, "gid"), number(found, "mode")));
        } catch (IOException e) {
            return Optional.empty();
        }
    };

    /** Empty if there is no such file, or it may not be looked at. A link is told itself, not what it leads to. */
    Optional<FileOwner> of(Path file);

    private static int number(Map<String, Object> found, String key) {
        return found.get(key) instanceof Number number ? number.intValue() : -1;
    }
}
