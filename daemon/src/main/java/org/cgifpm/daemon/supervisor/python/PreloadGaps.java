package org.cgifpm.daemon.supervisor.python;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.KeeperSettings;

/**
 * Tells which modules a script imports that no preload names: each costs every one of its requests an import. A look at
 * lines of text, which starts nothing; a keeper knows better. May block.
 */
public final class PreloadGaps {
    /** Longer sources are looked at so far. */
    private static final int MOST_BYTES = 1 << 20;

    private static final int BLOCK = 64 * 1024;

    private final Syscalls syscalls;
    private final Set<String> there;

    public PreloadGaps(Syscalls syscalls, KeeperSettings keepers) {
        this.syscalls = syscalls;
        this.there = new HashSet<>(UsualModules.ALWAYS);
        if (keepers.preload().isEmpty()) {
            there.addAll(UsualModules.WITH_DEFAULT_PRELOAD);
        }
        for (String module : keepers.preload().orElse(KeeperSettings.DEFAULT_PRELOAD)) {
            there.add(module);
            for (int dot = module.indexOf('.'); dot > 0; dot = module.indexOf('.', dot + 1)) {
                there.add(module.substring(0, dot));
            }
        }
    }

    /**
     * Sorted; none for a script that cannot be read. Modules beside the script are its own and not among them.
     *
     * @param folder an open descriptor of the folder it lies in
     */
    public List<String> of(int folder, String name) {
        return ImportLines.of(source(folder, name)).stream()
                .filter(module -> !there.contains(module) && !liesBeside(folder, module))
                .toList();
    }

    private boolean liesBeside(int folder, String module) {
        int dot = module.indexOf('.');
        String first = dot < 0 ? module : module.substring(0, dot);
        return exists(folder, first + ".py") || exists(folder, first);
    }

    private boolean exists(int folder, String name) {
        int fd = syscalls.openAt(folder, name, Syscalls.O_PATH);
        if (fd >= 0) {
            syscalls.close(fd);
        }
        return fd >= 0;
    }

    private String source(int folder, String name) {
        int fd = syscalls.openAt(folder, name, Syscalls.O_RDONLY | Syscalls.O_NOFOLLOW | Syscalls.O_NONBLOCK);
        if (fd < 0) {
            return "";
        }
        StringBuilder source = new StringBuilder();
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        while (source.length() < MOST_BYTES && syscalls.read(fd, block.clear()) > 0) {
            source.append(StandardCharsets.ISO_8859_1.decode(block.flip()));
        }
        syscalls.close(fd);
        return source.toString();
    }
}
