package dev.martlet.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node says what happens in it. Events are records, one documented file for each module: {@link KernelEvent}
 * here. With no handler attached an event costs one read and is not even made.
 *
 * {@snippet :
 * try (var attached = node.telemetry().attach(KernelEvent.Crashed.class, e -> alarm(e.pid(), e.reason()))) {
 *     ...
 * }
 * }
 *
 * <p>Handlers run on the thread where the event happens and must be quick. One that throws is detached and named in the
 * log, as in Erlang's telemetry.
 */
public final class Telemetry {
    private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);

    private final Map<Class<?>, List<Consumer<Object>>> handlers = new ConcurrentHashMap<>();

    /** Whether any handler is attached at all; what every event reads first. */
    private volatile boolean listening;

    Telemetry() {}

    /** A handler that is attached until it is closed. */
    public interface Attached extends AutoCloseable {
        @Override
        void close();
    }

    /** Calls {@code handler} for each event of exactly that class. */
    public <E> Attached attach(Class<E> event, Consumer<? super E> handler) {
        Consumer<Object> untyped = e -> handler.accept(event.cast(e));
        handlers.merge(event, List.of(untyped), Telemetry::plus);
        listening = true;
        return () -> detach(event, untyped);
    }

    /** Tells the handlers of {@code event}; {@code what} is called only if there are any. */
    public <E> void emit(Class<E> event, Supplier<? extends E> what) {
        if (listening) {
            var interested = handlers.get(event);
            if (interested != null) {
                tell(event, interested, what.get());
            }
        }
    }

    private void tell(Class<?> event, List<Consumer<Object>> interested, Object what) {
        for (var handler : interested) {
            try {
                handler.accept(what);
            } catch (RuntimeException e) {
                detach(event, handler);
                LOG.error("A telemetry handler of {} threw and was detached", event.getSimpleName(), e);
            }
        }
    }

    private void detach(Class<?> event, Consumer<Object> handler) {
        handlers.computeIfPresent(event, (_, all) -> {
            var rest = all.stream().filter(h -> h != handler).toList();
            return rest.isEmpty() ? null : rest;
        });
        if (handlers.isEmpty()) {
            listening = false;
            if (!handlers.isEmpty()) {
                listening = true; // somebody attached between the two looks
            }
        }
    }

    private static <T> List<T> plus(List<T> some, List<T> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
