package dev.martlet.otp;

import java.time.Duration;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Work on many items in tasks of their own, with a limit on how many run at once. An immutable value, each method
 * returns a changed copy; {@link #values} or {@link #outcomes} starts it.
 *
 * {@snippet :
 * TaskStream.of(urls, 16, http::get)
 *     .unordered()                          // as they come, not as they were asked
 *     .timeout(Duration.ofSeconds(2))       // each
 *     .outcomes()                           // failures are values, the stream goes on
 *     .forEach(this::count);
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>It is lazy: items are taken, and tasks started, as results are. Never are more than {@code concurrency} tasks
 *       running or waiting to be taken.
 *   <li>The tasks end when the caller ends. They are not linked to it: a failure is thrown by {@link #values}, or is a
 *       value of {@link #outcomes}.
 *   <li>Read it to its end, or close it, or tasks of the window stay until the caller ends.
 *   <li>Read it in the process that made it, not in parallel.
 * </ul>
 *
 * <p>After Elixir's <a href="https://hexdocs.pm/elixir/Task.html#async_stream/3">Task.async_stream</a>.
 *
 * @param <A> the items
 * @param <B> the results
 */
public final class TaskStream<A, B extends @Nullable Object> {
    private final Iterable<A> items;
    private final int concurrency;
    private final Task.Work<? super A, ? extends B> work;
    private final boolean ordered;
    private final Duration timeout;

    private TaskStream(
            Iterable<A> items,
            int concurrency,
            Task.Work<? super A, ? extends B> work,
            boolean ordered,
            Duration timeout) {
        this.items = items;
        this.concurrency = concurrency;
        this.work = work;
        this.ordered = ordered;
        this.timeout = timeout;
    }

    /** In order, 5 s for each item. */
    public static <A, B extends @Nullable Object> TaskStream<A, B> of(
            Iterable<A> items, int concurrency, Task.Work<? super A, ? extends B> work) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency: allowed is 1 or more; got: " + concurrency);
        }
        return new TaskStream<>(items, concurrency, work, true, Duration.ofSeconds(5));
    }

    /** With the results as they come. */
    public TaskStream<A, B> unordered() {
        return new TaskStream<>(items, concurrency, work, false, timeout);
    }

    /** With that long for each item; then its task is killed. */
    public TaskStream<A, B> timeout(Duration each) {
        return new TaskStream<>(items, concurrency, work, ordered, each);
    }

    /** Starts it; a task that fails ends the stream with {@link TaskFailed}, and the other tasks. */
    @SuppressWarnings("NullAway") // B may be nullable, and then so is the value
    public Stream<B> values() {
        var crew = new TaskCrew.Handle(ordered, timeout);
        return stream(crew, (pid, outcome) -> switch (outcome) {
            case Task.Outcome.Done<B>(var value) -> value;
            case Task.Outcome.Failed<B>(var reason) -> {
                crew.close();
                throw reason == TaskCrew.TIMED_OUT
                        ? new TaskFailed.TimedOut(pid, timeout.toMillis())
                        : new TaskFailed(pid, reason);
            }
        });
    }

    /** Starts it; a task that fails is a value, {@link Task.Outcome.Failed}, and the others go on. */
    public Stream<Task.Outcome<B>> outcomes() {
        return stream(new TaskCrew.Handle(ordered, timeout), (_, outcome) -> outcome);
    }

    private interface Reader<B extends @Nullable Object, R extends @Nullable Object> {
        R read(dev.martlet.kernel.Pid task, Task.Outcome<B> outcome);
    }

    private <R extends @Nullable Object> Stream<R> stream(TaskCrew.Handle crew, Reader<B, R> reader) {
        var source = items.iterator();
        var results = new Spliterators.AbstractSpliterator<R>(Long.MAX_VALUE, Spliterator.ORDERED) {
            private int underWay;

            @Override
            @SuppressWarnings("unchecked") // the crew runs work, which makes a B
            public boolean tryAdvance(java.util.function.Consumer<? super R> action) {
                while (underWay < concurrency && source.hasNext()) {
                    var item = source.next();
                    crew.start(() -> work.of(item));
                    underWay++;
                }
                if (underWay == 0) {
                    crew.close();
                    return false;
                }
                underWay--;
                var finished = crew.take();
                action.accept(reader.read(finished.task(), (Task.Outcome<B>) finished.outcome()));
                return true;
            }
        };
        return StreamSupport.stream(results, false).onClose(crew::close);
    }
}
