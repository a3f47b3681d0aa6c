package org.cgifpm.adapters.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A piece of memory with an address that the C library may be given: structures, arrays, results.
 *
 * <p>It lives as long as this object is reachable. Not for two threads at once.
 */
final class NativeMemory {
    private final ByteBuffer buffer;
    private final long address;

    NativeMemory(int size) {
        buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        address = Pointer.wrap(Runtime.getSystemRuntime(), buffer).address();
    }

    /** The bytes, in the machine's own order; absolute access does not move the position. */
    ByteBuffer buffer() {
        return buffer;
    }

    long address() {
        return address;
    }

    int size() {
        return buffer.capacity();
    }
}
