package org.cgifpm.daemon.supervisor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import org.cgifpm.adapters.os.Libc;
import org.cgifpm.adapters.os.Syscalls;

/** The C library, where one name cannot be opened: root may enter folders that no test can close to it. */
final class FailingOpens {
    private final Libc real = LibraryLoader.create(Libc.class).load("libc.so.6");
    private final Syscalls syscalls;
    private final String name;
    private boolean failed;

    FailingOpens(String name, int errno) {
        this.name = name + "\0";
        Libc libc = (Libc) Proxy.newProxyInstance(
                Libc.class.getClassLoader(),
                new Class<?>[] {Libc.class},
                (self, method, arguments) -> call(method, arguments));
        this.syscalls = new Syscalls(
                libc, () -> failed ? errno : Runtime.getSystemRuntime().getLastError());
    }

    Syscalls syscalls() {
        return syscalls;
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        failed = method.getName().equals("openat")
                && new String((byte[]) arguments[1], StandardCharsets.ISO_8859_1).equals(name);
        if (failed) {
            return -1;
        }
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
