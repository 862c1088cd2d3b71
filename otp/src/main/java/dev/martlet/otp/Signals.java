package dev.martlet.otp;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and Ctrl-C. A shutdown hook would not do: it cannot make the exit code 0 without cutting other hooks off, and
 * never learns of a second signal. {@code sun.misc.Signal} is called by reflection because javac warns of it with no
 * way to say that we know.
 */
final class Signals {
    private Signals() {}

    /** Calls it with the number of each signal that comes, on a thread of the JVM's. */
    static void handle(IntConsumer action) {
        for (var name : new String[] {"TERM", "INT"}) {
            try {
                handle(name, action);
            } catch (InvocationTargetException e) {
                // With -Xrs the JVM leaves signals to others; the program still runs, and ends at once on a signal.
                LoggerFactory.getLogger(Application.class)
                        .warn("SIG{} will not stop the application in order: {}", name, String.valueOf(e.getCause()));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("sun.misc.Signal of module jdk.unsupported is not as expected", e);
            }
        }
    }

    private static void handle(String name, IntConsumer action) throws ReflectiveOperationException {
        var signal = Class.forName("sun.misc.Signal");
        var handler = Class.forName("sun.misc.SignalHandler");
        var number = signal.getMethod("getNumber");
        var proxy = Proxy.newProxyInstance(
                Signals.class.getClassLoader(),
                new Class<?>[] {handler},
                (self, method, arguments) -> switch (method.getName()) {
                    case "handle" -> {
                        action.accept((Integer) number.invoke(arguments[0]));
                        yield null;
                    }
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == arguments[0];
                    default -> "martlet's handler of SIG" + name;
                });
        var _ = signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    }
}
