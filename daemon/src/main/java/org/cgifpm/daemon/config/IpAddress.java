package org.cgifpm.daemon.config;

import org.jspecify.annotations.Nullable;

/**
 * An IP address as 128 bits; an IPv4 address is held as {@code ::ffff:a.b.c.d} (RFC 4291, 2.5.5.2), so that it is the
 * same whichever kind of socket saw it.
 *
 * <p>Read without the platform's resolver: a name must never start a look-up here.
 */
public record IpAddress(long high, long low) {
    static final IpAddress LOOPBACK4 = v4(0x7f000001L);
    static final IpAddress LOOPBACK6 = new IpAddress(0, 1);

    private static final long MAPPED = 0xffffL << 32;

    private static IpAddress v4(long bits) {
        return new IpAddress(0, MAPPED | bits);
    }

    /** The address in 4 or 16 bytes, as the kernel has it. */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length == 4) {
            return v4(bits(bytes, 0, 4));
        }
        if (bytes.length == 16) {
            return new IpAddress(bits(bytes, 0, 8), bits(bytes, 8, 8));
        }
        throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
    }

    private static long bits(byte[] bytes, int from, int count) {
        long bits = 0;
        for (int i = from; i < from + count; i++) {
            bits = bits << 8 | (bytes[i] & 0xff);
        }
        return bits;
    }

    /** Reads {@code 10.1.2.3} or {@code 2001:db8::1}, no brackets, no zone; null for anything else. */
    static @Nullable IpAddress parse(String text) {
        if (text.indexOf(':') < 0) {
            long bits = dotted(text);
            return bits < 0 ? null : v4(bits);
        }
        return colons(text);
    }

    boolean isV4() {
        return high == 0 && (low >>> 32) == 0xffff;
    }

    boolean isLoopback() {
        return isV4() ? (low >>> 24 & 0xff) == 127 : equals(LOOPBACK6);
    }

    /** {@code 0.0.0.0} or {@code ::}, which stand for every address of the machine. */
    boolean isWildcard() {
        return high == 0 && (low == 0 || low == MAPPED);
    }

    /** Four decimal numbers; one with a leading zero is refused, because some read it as octal. */
    private static long dotted(String text) {
        long bits = 0;
        int at = 0;
        for (int part = 0; part < 4; part++) {
            int start = at;
            int number = 0;
            while (at < text.length() && at - start < 3 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                number = number * 10 + (text.charAt(at++) - '0');
            }
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            if (at == start || number > 255 || leadingZero) {
                return -1;
            }
            bits = bits << 8 | number;
            if (part < 3 && (at == text.length() || text.charAt(at++) != '.')) {
                return -1;
            }
        }
        return at == text.length() ? bits : -1;
    }

    private static @Nullable IpAddress colons(String text) {
        int[] groups = new int[8];
        int count = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < text.length()) {
            int colon = text.indexOf(':', at);
            String part = text.substring(at, colon < 0 ? text.length() : colon);
            if (colon < 0 && part.indexOf('.') >= 0) {
                long bits = dotted(part);
                if (bits < 0 || count > 6) {
                    return null;
                }
                groups[count++] = (int) (bits >> 16);
                groups[count++] = (int) (bits & 0xffff);
                break;
            }
            int group = hex(part);
            if (group < 0 || count == 8) {
                return null;
            }
            groups[count++] = group;
            if (colon < 0) {
                break;
            }
            at = colon + 1;
            if (at < text.length() && text.charAt(at) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                at++;
            } else if (at == text.length()) {
                return null;
            }
        }
        if (gap < 0 ? count != 8 : count > 7) {
            return null;
        }
        return assemble(groups, count, gap);
    }

    private static IpAddress assemble(int[] groups, int count, int gap) {
        long[] halves = new long[2];
        for (int i = 0; i < 8; i++) {
            int missing = 8 - count;
            int group;
            if (gap < 0 || i < gap) {
                group = groups[i];
            } else {
                group = i < gap + missing ? 0 : groups[i - missing];
            }
            halves[i / 4] = halves[i / 4] << 16 | group;
        }
        return new IpAddress(halves[0], halves[1]);
    }

    private static int hex(String part) {
        if (part.isEmpty() || part.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < part.length(); i++) {
            int digit = part.charAt(i) < 128 ? Character.digit(part.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Dotted numbers, or eight groups with the longest run of zeros as {@code ::} (RFC 5952, 4). */
    @Override
    public String toString() {
        if (isV4()) {
            return (low >> 24 & 255) + "." + (low >> 16 & 255) + "." + (low >> 8 & 255) + "." + (low & 255);
        }
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && group(end) == 0) {
                end++;
            }
            if (end - i > runLength) {
                runStart = i;
                runLength = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index % 4)) & 0xffff);
    }
}
