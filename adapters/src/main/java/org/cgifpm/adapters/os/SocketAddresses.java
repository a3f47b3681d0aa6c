package org.cgifpm.adapters.os;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Socket addresses as the kernel has them (unix(7), ip(7), ipv6(7)) and as people write them. */
final class SocketAddresses {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    /** The longest path that fits with its NUL. */
    static final int LONGEST_UNIX_PATH = 107;

    private SocketAddresses() {}

    static byte[] unix(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > LONGEST_UNIX_PATH) {
            throw new IllegalArgumentException("socket path of " + bytes.length + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.allocate(2 + bytes.length + 1).order(ByteOrder.nativeOrder());
        return buffer.putShort((short) AF_UNIX).put(bytes).array();
    }

    /** A name in the abstract namespace, which has no file: a NUL, then the name up to the address's end. */
    static byte[] abstractUnix(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > LONGEST_UNIX_PATH) {
            throw new IllegalArgumentException("abstract socket name of " + bytes.length + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.allocate(2 + 1 + bytes.length).order(ByteOrder.nativeOrder());
        return buffer.putShort((short) AF_UNIX).put((byte) 0).put(bytes).array();
    }

    static byte[] inet(InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        boolean six = bytes.length == 16;
        ByteBuffer buffer = ByteBuffer.allocate(six ? 28 : 16).order(ByteOrder.nativeOrder());
        buffer.putShort((short) (six ? AF_INET6 : AF_INET));
        buffer.put((byte) (port >> 8)).put((byte) port);
        buffer.position(six ? 8 : 4);
        return buffer.put(bytes).array();
    }

    static int family(ByteBuffer address) {
        return address.getShort(0);
    }

    static int port(ByteBuffer address) {
        return Byte.toUnsignedInt(address.get(2)) << 8 | Byte.toUnsignedInt(address.get(3));
    }

    /** The address part of an IPv4 or IPv6 socket address; an IPv4 one mapped into IPv6 comes out as IPv4. */
    static InetAddress address(ByteBuffer address) {
        boolean six = family(address) == AF_INET6;
        byte[] bytes = new byte[six ? 16 : 4];
        address.get(six ? 8 : 4, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(Arrays.toString(bytes), e);
        }
    }
}
