package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One computation in a process of its own.
 *
 * {@snippet :
 * var user   = Task.async(() -> repo.user(id));
 * var orders = Task.async(() -> repo.orders(id));
 * return new Page(user.await(Duration.ofSeconds(1)), orders.await());
 *
 * List<Reply> replies = Task.stream(urls, 8, http::get).toList();    // at most 8 at a time, in order
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>A task is <em>linked</em> to the process that starts it. If the work throws, the owner ends with the task, unless
 *       it traps exits; whoever waits in {@link #await()} and lives on gets {@link TaskFailed} with the cause. For work
 *       whose failure is expected use {@link TaskSupervisor#asyncNolink}.
 *   <li>When the owner ends, for whatever reason, normal ones included, the task is ended too: no orphans.
 *   <li>A thread that is no process may start tasks as well; they are linked to nobody then.
 *   <li>Waiting never touches the mailbox. A server that must not wait takes the result as a message: {@link #sendTo}.
 * </ul>
 *
 * <p>After Elixir's <a href="https://hexdocs.pm/elixir/Task.html">Task</a>. There an owner that ends normally leaves its
 * tasks running; here it does not.
 *
 * @param <T> the result
 */
public final class Task<T extends @Nullable Object> {
    /**
     * How a task has ended.
     *
     * @param <T> the result
     */
    public sealed interface Outcome<T extends @Nullable Object> {
        /**
         * With a result.
         *
         * @param <T> the result
         * @param value the result
         */
        record Done<T extends @Nullable Object>(T value) implements Outcome<T> {}

        /**
         * Without one.
         *
         * @param <T> the result
         * @param reason why its process ended
         */
        record Failed<T extends @Nullable Object>(ExitReason reason) implements Outcome<T> {}
    }

    /**
     * The work of a task for each element of {@link Task#stream}.
     *
     * @param <A> the element
     * @param <B> the result
     */
    @FunctionalInterface
    public interface Work<A, B extends @Nullable Object> {
        /** Runs in the task's process. */
        B of(A item) throws Exception;
    }

    /** The body of the process, which leaves its result behind. */
    static final class Computation<T extends @Nullable Object> implements Proc.Body {
        private final Callable<T> work;
        private final @Nullable Pid owner;
        volatile Outcome.@Nullable Done<T> done;

        Computation(Callable<T> work, @Nullable Pid owner) {
            this.work = work;
            this.owner = owner;
        }

        @Override
        public void run() throws Exception {
            if (owner != null) {
                Proc.endWith(owner); // dead already? then we end here
            }
            done = new Outcome.Done<>(work.call());
        }
    }

    private static final Spawn ALONE = Spawn.DEFAULT.label("Task");
    private static final Spawn LINKED = ALONE.linked();

    private final Pid pid;
    private final Computation<T> computation;

    Task(Pid pid, Computation<T> computation) {
        this.pid = pid;
        this.computation = computation;
    }

    /** Starts {@code work}, linked to the calling process. */
    public static <T extends @Nullable Object> Task<T> async(Callable<T> work) {
        var owner = Proc.isProcess() ? Proc.self() : null;
        var computation = new Computation<>(work, owner);
        return new Task<>(Node.current().spawn(owner == null ? ALONE : LINKED, computation), computation);
    }

    /**
     * Works on each item in a task of its own, at most {@code concurrency} at a time, and streams the results in the
     * order of the items. Each task has 5 s; one that fails ends the stream with {@link TaskFailed}. For other limits,
     * other orders, failures as values see {@link TaskStream}.
     */
    public static <A, B extends @Nullable Object> Stream<B> stream(
            Iterable<A> items, int concurrency, Work<? super A, ? extends B> work) {
        return TaskStream.<A, B>of(items, concurrency, work).values();
    }

    /** Its process. */
    public Pid pid() {
        return pid;
    }

    /** Waits for the result as long as a call does, {@code Node.Config.callTimeout} (5 s). */
    public T await() {
        return await(Node.current().config().callTimeout());
    }

    /**
     * Waits for the result.
     *
     * @throws TaskFailed if the work threw or its process was ended
     * @throws TaskFailed.TimedOut if it takes longer; the task is killed, because nobody waits for it any more
     */
    public T await(Duration timeout) {
        var outcome = this.yield(timeout).or(this::kill);
        return switch (outcome.orElse(null)) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Failed<T>(var reason) -> throw new TaskFailed(pid, reason);
            case null -> throw new TaskFailed.TimedOut(pid, timeout.toMillis());
        };
    }

    /**
     * Waits for all of them together, at most that long, and gives their results in the same order.
     *
     * @throws TaskFailed if one of them did; the others go on
     * @throws TaskFailed.TimedOut if one takes longer; that one is killed
     */
    public static <T extends @Nullable Object> List<T> awaitAll(List<Task<T>> tasks, Duration within) {
        var node = Node.current();
        var since = node.nanos();
        var results = new ArrayList<T>(tasks.size());
        for (var task : tasks) {
            var left = within.minusNanos(node.nanos() - since);
            results.add(task.await(left.isNegative() ? Duration.ZERO : left));
        }
        return results;
    }

    /** Waits for the outcome at most that long; empty if the task still runs. It goes on, and may be asked again. */
    @SuppressWarnings("NamedLikeContextualKeyword") // Elixir's word, and Java's only after a receiver
    public Optional<Outcome<T>> yield(Duration within) {
        return Proc.awaitExit(pid, within).map(this::outcome);
    }

    /**
     * Asks the task to end, kills it after {@code grace}; that is of use to tasks that trap exits, others end at once. The
     * caller, if linked, is not affected.
     *
     * @return its outcome, if it had or still found one; empty if it had to be stopped
     */
    public Optional<Outcome<T>> shutdown(Duration grace) {
        unlink();
        if (pid.isAlive()) {
            Proc.exit(pid, ExitReason.SHUTDOWN);
            if (pid.isAlive() && Proc.isProcess()) {
                TaskGuard.start(Proc.self(), pid); // we may be killed while we wait
            }
        }
        var outcome = this.yield(grace).or(this::kill);
        return outcome.filter(o -> !(o instanceof Outcome.Failed<T>(ExitReason.Shutdown _)));
    }

    /**
     * Sends the outcome, when there is one, as a message of {@code to}'s protocol: for servers that do not want to wait.
     *
     * {@snippet :
     * Task.async(() -> repo.load(id)).sendTo(self, Msg.Loaded::new);
     * }
     */
    public <M> void sendTo(Ref<M> to, Function<? super Outcome<T>, ? extends M> message) {
        Node.current().spawn(Spawn.DEFAULT.label("Task result"), new Receiver() {
            @Override
            public void started() {
                Proc.monitor(pid);
            }

            @Override
            public void receive(Object down) {
                // Its reason is kept; a monitor that comes late does not know it.
                var reason = Proc.awaitExit(pid, Duration.ZERO).orElse(ExitReason.NO_PROCESS);
                to.cast(message.apply(outcome(reason)));
                throw Proc.exit(ExitReason.NORMAL);
            }
        });
    }

    private Optional<Outcome<T>> kill() {
        unlink();
        Proc.kill(pid);
        return Optional.ofNullable(computation.done);
    }

    private void unlink() {
        if (Proc.isProcess()) {
            Proc.unlink(pid);
        }
    }

    Outcome<T> outcome(ExitReason reason) {
        var done = computation.done;
        return done == null ? new Outcome.Failed<>(reason) : done;
    }
}
