package org.cgifpm.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every step from {@code /} to a file, as the kernel takes them: whoever can change one of them decides which file it
 * is. Links are resolved by hand, so that the folders which they lead through are seen too.
 *
 * @param end the file itself where there is one, else what is as near to it as one can get
 * @param complete whether the file is there and could be looked at
 */
record PathWalk(List<Step> steps, Path end, boolean complete) {
    private static final int MOST_LINKS = 40;

    /**
     * One look into a folder.
     *
     * @param entry what was looked for there; null if it is missing
     * @param last whether that is the last name of the path
     */
    record Step(Path folder, FileOwner owner, @Nullable FileOwner entry, boolean last) {
        /**
         * Whether others who can write the folder leave what was found as it is: in a sticky folder nobody else moves a
         * folder that is there, and whose that is, is looked at next; but the file itself, or a link, could have been put
         * there by anybody.
         */
        boolean guarded() {
            return owner.isSticky() && !last && entry != null && entry.isFolder();
        }
    }

    /** @param file absolute */
    static PathWalk to(Path file, FileOwners owners) {
        Deque<String> names = new ArrayDeque<>();
        file.forEach(name -> names.add(name.toString()));
        List<Step> steps = new ArrayList<>();
        Path at = Path.of("/");
        int links = 0;
        while (!names.isEmpty()) {
            String name = names.remove();
            Path parent = at.getParent();
            if (name.equals("..")) {
                at = parent == null ? at : parent;
                continue;
            }
            Path next = at.resolve(name);
            Optional<FileOwner> folder = owners.of(at);
            Optional<FileOwner> entry = owners.of(next);
            if (folder.isPresent()) {
                steps.add(new Step(at, folder.get(), entry.orElse(null), names.isEmpty()));
            }
            if (entry.isEmpty()) {
                return new PathWalk(steps, at, false);
            }
            if (!entry.get().isLink()) {
                at = next;
                continue;
            }
            try {
                Path target = Files.readSymbolicLink(next);
                if (++links > MOST_LINKS) {
                    return new PathWalk(steps, at, false);
                }
                at = target.isAbsolute() ? Path.of("/") : at;
                for (int i = target.getNameCount() - 1; i >= 0; i--) {
                    names.addFirst(target.getName(i).toString());
                }
            } catch (IOException e) {
                return new PathWalk(steps, at, false);
            }
        }
        return new PathWalk(steps, at, true);
    }
}
