package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class UsersTest {
    private final Users users = new Users(new Syscalls());

    @Test
    void knowsEveryUserOfThePasswordFileByNameAndByNumber() throws Exception {
        Map<Integer, String> firstNames = new LinkedHashMap<>();
        List<String[]> entries = entries("/etc/passwd");
        assertFalse(entries.isEmpty());
        for (String[] entry : entries) {
            int uid = Integer.parseInt(entry[2]);
            assertEquals(OptionalInt.of(uid), users.uid(entry[0]), entry[0]);
            firstNames.putIfAbsent(uid, entry[0]);
        }
        firstNames.forEach((uid, name) -> assertEquals(Optional.of(name), users.name(uid)));
    }

    @Test
    void knowsEveryGroupOfTheGroupFile() throws Exception {
        for (String[] entry : entries("/etc/group")) {
            assertEquals(OptionalInt.of(Integer.parseInt(entry[2])), users.gid(entry[0]), entry[0]);
        }
    }

    @Test
    void saysWhenThereIsNoSuchUserOrGroup() {
        assertEquals(OptionalInt.empty(), users.uid("no-such-user"));
        assertEquals(OptionalInt.empty(), users.uid(""));
        assertEquals(OptionalInt.empty(), users.gid("no-such-group"));
        assertEquals(Optional.empty(), users.name(2_000_000_000));
    }

    private static List<String[]> entries(String file) throws IOException {
        return Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1).stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > 2 && !fields[0].startsWith("+"))
                .toList();
    }
}
