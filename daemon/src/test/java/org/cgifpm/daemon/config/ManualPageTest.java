package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** cgi-fpm.toml(5): a paragraph for each key, below the header of its table. */
class ManualPageTest {
    @Test
    void hasEveryKeyAndNoOther() throws IOException {
        Map<String, Collection<String>> keys = Map.of(
                "TOP OF THE FILE", Keys.TOP,
                "[daemon]", Keys.DAEMON,
                "[pool.NAME]", Keys.POOL,
                "[pool.NAME.limits]", LimitsSection.KEYS,
                "[pool.NAME.checks]",
                        Stream.of(CheckName.values())
                                .map(name -> name.name().toLowerCase(Locale.ROOT))
                                .toList(),
                "[pool.NAME.python]",
                        Stream.of(PythonSection.COMMON, PythonSection.WSGI, KeeperKeys.NAMES)
                                .flatMap(Collection::stream)
                                .toList());

        Map<String, Collection<String>> described = described();

        described.keySet().retainAll(keys.keySet());
        assertEquals(sorted(keys), described);
    }

    private static Map<String, Collection<String>> sorted(Map<String, Collection<String>> keys) {
        Map<String, Collection<String>> sorted = new TreeMap<>();
        keys.forEach((table, names) -> sorted.put(table, new TreeSet<>(names)));
        return sorted;
    }

    private static Map<String, Collection<String>> described() throws IOException {
        Map<String, Collection<String>> described = new TreeMap<>();
        List<String> lines = Files.readAllLines(Path.of("../docs/man/cgi-fpm.toml.5"));
        String table = "";
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(".SH ")) {
                table = line.substring(4);
            } else if (line.startsWith(".B ") && lines.get(i - 1).equals(".TP")) {
                described.computeIfAbsent(table, name -> new TreeSet<>()).add(line.substring(3));
            }
        }
        return described;
    }
}
