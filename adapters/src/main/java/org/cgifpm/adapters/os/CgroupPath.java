package org.cgifpm.adapters.os;

import java.util.List;
import java.util.Optional;

/** Finds the folder of this process's own group in the cgroup v2 tree, from what /proc/self says (cgroups(7)). */
final class CgroupPath {
    private static final String V2 = "0::";

    private CgroupPath() {}

    /**
     * @param mountinfo lines of /proc/self/mountinfo (proc(5))
     * @param cgroup lines of /proc/self/cgroup
     * @return empty where no cgroup2 is mounted, or only a part of it that this process is not in
     */
    static Optional<String> own(List<String> mountinfo, List<String> cgroup) {
        Optional<String> group = cgroup.stream()
                .filter(line -> line.startsWith(V2))
                .map(line -> line.substring(V2.length()))
                .filter(path -> path.startsWith("/") && !path.startsWith("/.."))
                .findFirst();
        return group.flatMap(path ->
                mountinfo.stream().flatMap(line -> below(line, path).stream()).findFirst());
    }

    private static Optional<String> below(String mount, String group) {
        // 41 31 0:38 ROOT MOUNTPOINT OPTIONS [TAGS...] - TYPE SOURCE OPTIONS
        int dash = mount.indexOf(" - cgroup2 ");
        String[] fields = mount.split(" ", 6);
        if (dash < 0 || fields.length < 6) {
            return Optional.empty();
        }
        String root = fields[3].equals("/") ? "" : fields[3];
        if (!group.equals(root) && !group.startsWith(root + "/")) {
            return Optional.empty();
        }
        String rest = group.substring(root.length());
        String point = fields[4].replace("\\040", " ");
        return Optional.of(rest.equals("/") ? point : point + rest);
    }
}
