package org.cgifpm.adapters.os;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * The real C library, of which one call can be made to fail: the n-th of a function, with an error number of the test's
 * choice. The call is not made then. Any thread.
 */
public final class FailingLibc {
    private final Libc real = LibraryLoader.create(Libc.class).load("libc.so.6");
    /** The error number that the last call on this thread was made to fail with, 0 if it was a real one. */
    private final ThreadLocal<Integer> injected = ThreadLocal.withInitial(() -> 0);

    private final Set<Integer> eventfds = new HashSet<>();
    private String function = "";
    private int errno;
    private int countdown;
    private @Nullable Consumer<String> before;

    public Syscalls syscalls() {
        Libc libc = (Libc) Proxy.newProxyInstance(
                Libc.class.getClassLoader(),
                new Class<?>[] {Libc.class},
                (self, method, arguments) -> call(method, arguments));
        return new Syscalls(libc, () -> {
            int wanted = Objects.requireNonNull(injected.get());
            return wanted != 0 ? wanted : Runtime.getSystemRuntime().getLastError();
        });
    }

    /** From now on the {@code nth} call (1 is the next) of that function fails, and none after it. */
    public synchronized void fail(String name, int nth, int error) {
        function = name;
        errno = error;
        countdown = nth;
    }

    /** True if the failure that {@link #fail} asked for has happened; asks for no more. */
    public synchronized boolean disarm() {
        boolean happened = countdown <= 0;
        function = "";
        return happened;
    }

    /** Is told the name of every function before it is called. */
    synchronized void before(Consumer<String> listener) {
        before = listener;
    }

    private @Nullable Object call(Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        Consumer<String> told;
        synchronized (this) {
            told = before;
            if (name.equals(function) && !isWakeUp(name, arguments) && --countdown == 0) {
                boolean returnsError = name.startsWith("posix_spawn");
                injected.set(errno);
                int result = returnsError ? errno : -1;
                return method.getReturnType() == long.class ? (Object) (long) result : (Object) result;
            }
        }
        if (told != null) {
            told.accept(name);
        }
        try {
            Object result = method.invoke(real, arguments);
            injected.set(0);
            if (name.equals("eventfd") && result instanceof Integer fd) {
                synchronized (this) {
                    eventfds.add(fd);
                }
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** An eventfd never fails to count, and one turn of the loop never misses its own. */
    private boolean isWakeUp(String name, Object[] arguments) {
        return errno != Errno.EINTR
                && (name.equals("write") || name.equals("read"))
                && arguments[0] instanceof Integer fd
                && eventfds.contains(fd);
    }
}
