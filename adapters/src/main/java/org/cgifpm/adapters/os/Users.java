package org.cgifpm.adapters.os;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Users and groups as the system's databases know them. May block for as long as LDAP takes: at start and on launch
 * threads only.
 */
public final class Users {
    private static final int BUFFER = 64 * 1024;
    private static final int NAME_AT = 0;
    private static final int ID_AT = 16;
    /** Offset of pw_gid. */
    private static final int GROUP_AT = 20;

    private final Syscalls syscalls;

    public Users(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    public OptionalInt uid(String user) {
        NativeMemory found = new NativeMemory(BUFFER);
        long at = found.address();
        byte[] name = Syscalls.cString(user);
        syscalls.libc().getpwnam_r(name, at, at + 256, BUFFER - 256L, at + 128);
        return found.buffer().getLong(128) == 0
                ? OptionalInt.empty()
                : OptionalInt.of(found.buffer().getInt(ID_AT));
    }

    public OptionalInt gid(String group) {
        NativeMemory found = new NativeMemory(BUFFER);
        long at = found.address();
        byte[] name = Syscalls.cString(group);
        syscalls.libc().getgrnam_r(name, at, at + 256, BUFFER - 256L, at + 128);
        return found.buffer().getLong(128) == 0
                ? OptionalInt.empty()
                : OptionalInt.of(found.buffer().getInt(ID_AT));
    }

    /** The groups that the system's database gives to a user, {@code gid} among them. */
    public List<Integer> groups(String user, int gid) {
        int room = 64;
        while (true) {
            NativeMemory found = new NativeMemory(8 + 4 * room);
            found.buffer().putInt(0, room);
            int result =
                    syscalls.libc().getgrouplist(Syscalls.cString(user), gid, found.address() + 8, found.address());
            int count = found.buffer().getInt(0);
            if (result >= 0) {
                List<Integer> groups = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    groups.add(found.buffer().getInt(8 + 4 * i));
                }
                return groups;
            }
            room = Math.max(room * 2, count);
        }
    }

    /** The user's own group, as the system's database has it. */
    public OptionalInt groupOf(int uid) {
        NativeMemory found = new NativeMemory(BUFFER);
        long at = found.address();
        syscalls.libc().getpwuid_r(uid, at, at + 256, BUFFER - 256L, at + 128);
        return found.buffer().getLong(128) == 0
                ? OptionalInt.empty()
                : OptionalInt.of(found.buffer().getInt(GROUP_AT));
    }

    public Optional<String> name(int uid) {
        NativeMemory found = new NativeMemory(BUFFER);
        long at = found.address();
        syscalls.libc().getpwuid_r(uid, at, at + 256, BUFFER - 256L, at + 128);
        if (found.buffer().getLong(128) == 0) {
            return Optional.empty();
        }
        return Optional.of(text(found, NAME_AT));
    }

    public Optional<String> groupName(int gid) {
        NativeMemory found = new NativeMemory(BUFFER);
        long at = found.address();
        syscalls.libc().getgrgid_r(gid, at, at + 256, BUFFER - 256L, at + 128);
        return found.buffer().getLong(128) == 0 ? Optional.empty() : Optional.of(text(found, NAME_AT));
    }

    /** The C string that a pointer in there points to, in there too. */
    private static String text(NativeMemory memory, int pointerAt) {
        int start = (int) (memory.buffer().getLong(pointerAt) - memory.address());
        int end = start;
        while (memory.buffer().get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - start];
        memory.buffer().get(start, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
