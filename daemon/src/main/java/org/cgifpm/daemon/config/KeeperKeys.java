package org.cgifpm.daemon.config;

import java.util.List;
import java.util.Optional;

/** Reads the keys of {@code [pool.NAME.python]} that are about keepers. */
final class KeeperKeys {
    static final List<String> NAMES = List.of("preload", "max_requests", "max_age", "spare_children");

    private final Section python;

    KeeperKeys(Section python) {
        this.python = python;
    }

    /** @param maxChildren the pool's */
    KeeperSettings read(int maxChildren) {
        KeeperSettings defaults = KeeperSettings.DEFAULT;
        return new KeeperSettings(
                preload(),
                python.integer("max_requests", defaults.maxRequests(), 0, Integer.MAX_VALUE),
                python.duration("max_age", defaults.maxAge(), true),
                spareChildren(defaults.spareChildren(), maxChildren));
    }

    private Optional<List<String>> preload() {
        Optional<List<String>> written = python.strings("preload", false);
        for (String module : written.orElse(List.of())) {
            if (!DottedName.isOne(module)) {
                python.problem(
                        "preload",
                        Wording.quote(module)
                                + " is not the name of a module; write such as \"json\" or \"urllib.parse\"");
                return Optional.empty();
            }
        }
        return written.map(
                modules -> modules.stream().map(ByteText::fromText).distinct().toList());
    }

    private int spareChildren(int otherwise, int maxChildren) {
        int spare = python.integer("spare_children", otherwise, 0, 65_536);
        if (spare > maxChildren) {
            python.problem(
                    "spare_children",
                    spare + " is more than the pool's max_children, which is " + maxChildren + "; write at most that");
            return otherwise;
        }
        return spare;
    }
}
