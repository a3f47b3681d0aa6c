package org.cgifpm.adapters.os;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals that the daemon itself gets. The JVM owns QUIT; TERM, INT, HUP, USR1 and USR2 are free for us.
 *
 * <p>By reflection, because the compiler cannot be told that {@code sun.misc.Signal}, which every JDK exports in
 * {@code jdk.unsupported}, is meant.
 */
public final class Signals {
    private static final long SIG_DFL = 0;

    private Signals() {}

    /** Runs {@code task} on a thread of the JVM's whenever that signal comes; the name is without SIG. */
    public static void on(String name, Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(),
                    new Class<?>[] {handler},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            task.run();
                            yield null;
                        }
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> arguments != null && self == arguments[0];
                        default -> "handler of SIG" + name;
                    });
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM gives no signal handlers (module jdk.unsupported)", e);
        }
    }

    /** An "ignore" inherited from whoever started the daemon would make every wait4 fail with ECHILD. */
    public static void childrenAreWaitedFor(Syscalls syscalls) {
        syscalls.libc().signal(SignalName.SIGCHLD, SIG_DFL);
    }
}
