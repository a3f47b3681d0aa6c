package org.cgifpm.adapters.frontend;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import org.cgifpm.adapters.os.Libc;
import org.cgifpm.adapters.os.Syscalls;

/** The C library, whose next calls of one function fail as a test wishes. */
final class FailingLibc {
    private final Libc real = LibraryLoader.create(Libc.class).load("libc.so.6");
    private final ThreadLocal<Integer> errno = ThreadLocal.withInitial(() -> 0);
    private String function = "";
    private int wanted;
    private int times;

    /** The next {@code times} calls of that function do nothing but fail. Any thread. */
    synchronized void fail(String name, int error, int times) {
        this.function = name;
        this.wanted = error;
        this.times = times;
    }

    /** How many of the wanted failures have not happened yet. */
    synchronized int left() {
        return times;
    }

    private synchronized boolean fails(String name) {
        if (times > 0 && name.equals(function)) {
            times--;
            errno.set(wanted);
            return true;
        }
        errno.set(0);
        return false;
    }

    Syscalls syscalls() {
        Libc libc = (Libc) Proxy.newProxyInstance(
                Libc.class.getClassLoader(),
                new Class<?>[] {Libc.class},
                (self, method, arguments) -> call(method, arguments));
        return new Syscalls(
                libc,
                () -> errno.get() != 0
                        ? errno.get()
                        : Runtime.getSystemRuntime().getLastError());
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        if (fails(method.getName())) {
            if (method.getReturnType().equals(long.class)) {
                return -1L;
            }
            return -1;
        }
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
