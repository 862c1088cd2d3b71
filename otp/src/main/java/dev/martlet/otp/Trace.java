package dev.martlet.otp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one process takes in and gives out, from {@link Sys#trace} until it is closed. A bounded stream: the newest
 * events are kept, older ones that nobody took are counted and dropped, so the traced process never waits.
 *
 * {@snippet :
 * try (var trace = Sys.trace(counter, 1_000)) {
 *     counter.call(new Get());
 *     trace.take().forEach(System.out::println);     // Asked[request=Get[]], Answered[request=Get[], answer=3], …
 * }
 * }
 *
 * <p>Any thread may take. Events print {@linkplain Sensitive redacted}.
 */
public final class Trace implements AutoCloseable {
    /** Something that happened in the traced process. */
    public sealed interface Event {}

    /**
     * A message is about to be handled.
     *
     * @param message the message
     */
    public record Received(Object message) implements Event {
        @Override
        public String toString() {
            return "Received[message=" + Redacted.text(message) + "]";
        }
    }

    /**
     * A request is about to be handled.
     *
     * @param request the request
     */
    public record Asked(Object request) implements Event {
        @Override
        public String toString() {
            return "Asked[request=" + Redacted.text(request) + "]";
        }
    }

    /**
     * A request was answered by its handler. Answers that come later through {@link From} are not seen.
     *
     * @param request the request
     * @param answer the answer
     */
    public record Answered(Object request, Object answer) implements Event {
        @Override
        public String toString() {
            return "Answered[request=" + Redacted.text(request) + ", answer=" + Redacted.text(answer) + "]";
        }
    }

    /**
     * A message was handled.
     *
     * @param state the state after it
     */
    public record Became(@Nullable Object state) implements Event {
        @Override
        public String toString() {
            return "Became[state=" + Redacted.text(state) + "]";
        }
    }

    private final int capacity;
    private final Deque<Event> events = new ArrayDeque<>();
    private final Runnable detach;
    private long dropped;

    Trace(int capacity, java.util.function.Consumer<Trace> detach) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: allowed is 1 event or more; got: " + capacity);
        }
        this.capacity = capacity;
        this.detach = () -> detach.accept(this);
    }

    synchronized void add(Event event) {
        if (events.size() == capacity) {
            events.removeFirst();
            dropped++;
        }
        events.addLast(event);
    }

    /** Takes what has come since this was last called, the oldest first. */
    public synchronized List<Event> take() {
        var all = new ArrayList<>(events);
        events.clear();
        return all;
    }

    /** How many events were lost because nobody took them in time. */
    public synchronized long dropped() {
        return dropped;
    }

    /** Ends the trace. What it holds can still be taken. */
    @Override
    public void close() {
        detach.run();
    }
}
