package dev.martlet.otp;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Looks into running behaviours, and reaches in: for a console, a dashboard, a debugger, a test.
 *
 * {@snippet :
 * long count = Sys.state(counter, Long.class);
 * Sys.suspend(counter);                                    // messages wait from now on …
 * Sys.<Long>replaceState(counter, n -> n + 1);             // … requests of Sys do not
 * Sys.resume(counter);
 * try (var trace = Sys.trace(counter, 1_000)) {
 *     counter.call(new Get());
 *     trace.take();                                        // [Asked[…], Answered[…], Became[…]]
 * }
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>Every behaviour answers: servers, state machines, supervisors, agents, ports. For what has only a pid say
 *       {@code Ref.of(pid)}. A supervisor's state is the list of its children; it cannot be replaced.
 *   <li>A request overtakes ordinary messages and is admitted to a full mailbox. It is answered between two messages: a
 *       handler that takes long lets it wait, and it fails after {@code Node.Config.callTimeout} as a call does.
 *   <li>While suspended a process handles no messages; its mailbox keeps its limit. It still stops when its supervisor
 *       says so, and can be killed.
 *   <li>A process that was never asked pays nothing for all this; one that is traced, counted or recorded pays for each
 *       message until that is switched off.
 *   <li>{@link #state} gives the state as it is, secrets included; {@link #status} only what may be shown.
 * </ul>
 *
 * <p>After Erlang's <a href="https://www.erlang.org/doc/apps/stdlib/sys.html">sys</a>.
 */
public final class Sys {
    private Sys() {}

    /**
     * What a process is and does.
     *
     * @param pid its process
     * @param behaviour the class that is behind it
     * @param names the names it is registered under
     * @param label what it is called
     * @param ancestors its supervisor, that one's supervisor and so on
     * @param suspended whether it handles no messages now
     * @param recorded how many messages it has recorded
     * @param state the state, as {@link GenServer#formatStatus} wants it shown, redacted
     */
    public record Status(
            Pid pid,
            String behaviour,
            List<String> names,
            String label,
            List<Pid> ancestors,
            boolean suspended,
            int recorded,
            String state) {}

    /**
     * What a process has done since it is counted.
     *
     * @param time since when
     * @param in messages handled
     * @param out requests answered by their handler
     */
    public record Statistics(Duration time, long in, long out) {}

    /** The state as it is; null only where the server's state may be. */
    public static @Nullable Object state(Ref<?> ref) {
        return ask(ref, new SysRequest.State());
    }

    /**
     * The same, of that type.
     *
     * @throws ClassCastException if it is of another
     */
    public static <S> S state(Ref<?> ref, Class<S> type) {
        return type.cast(Objects.requireNonNull(state(ref), "the state is null"));
    }

    /**
     * Sets the state to what {@code change}, which runs in the process, makes of it. If that throws the state stays as it
     * was.
     *
     * @return the new state
     * @throws IllegalStateException if {@code change} throws, with that as its cause
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the caller must know the type, and whether it may be null
    public static <S extends @Nullable Object> S replaceState(Ref<?> ref, UnaryOperator<S> change) {
        return (S) ask(ref, new SysRequest.Replace(s -> change.apply((S) s)));
    }

    /** Has it handle no messages until {@link #resume}. */
    public static void suspend(Ref<?> ref) {
        ask(ref, new SysRequest.Suspend(true));
    }

    /** Has it go on; what came meanwhile is handled in order. */
    public static void resume(Ref<?> ref) {
        ask(ref, new SysRequest.Suspend(false));
    }

    /** Follows what it takes in and gives out, keeping at most {@code capacity} events that were not taken. */
    public static Trace trace(Ref<?> ref, int capacity) {
        var pid = pid(ref, "trace");
        var trace = new Trace(capacity, t -> {
            if (pid.isAlive()) {
                ask(Ref.of(pid), new SysRequest.Detach(t));
            }
        });
        ask(Ref.of(pid), new SysRequest.Attach(trace));
        return trace;
    }

    /** Counts from now on, or stops to. */
    public static void statistics(Ref<?> ref, boolean on) {
        ask(ref, new SysRequest.Count(on));
    }

    /** What it has counted; empty if it does not count. */
    public static Optional<Statistics> statistics(Ref<?> ref) {
        return Optional.ofNullable((Statistics) ask(ref, new SysRequest.Counted()));
    }

    /** Has it remember its last messages and the states before them, 0 to stop; see {@link Replay}. */
    public static void record(Ref<?> ref, int messages) {
        ask(ref, new SysRequest.Keep(messages));
    }

    /** What it has recorded. */
    public static Recording recorded(Ref<?> ref) {
        return (Recording) Objects.requireNonNull(ask(ref, new SysRequest.Kept()));
    }

    /** What it is and does, with nothing in it that is secret. */
    public static Status status(Ref<?> ref) {
        return (Status) Objects.requireNonNull(ask(ref, new SysRequest.Status()));
    }

    private static @Nullable Object ask(Ref<?> ref, SysRequest request) {
        var pid = pid(ref, request);
        return switch (Proc.system(pid, request, Node.current().config().callTimeout())) {
            case SysRequest.Answer(var value) -> value;
            case SysRequest.Refused(UnsupportedOperationException e) ->
                throw new UnsupportedOperationException(Objects.requireNonNullElse(e.getMessage(), ""), e);
            case SysRequest.Refused(var cause) ->
                throw new IllegalStateException(request + " failed in " + pid + ": " + cause, cause);
            case UnsupportedOperationException e -> throw new UnsupportedOperationException(e.getMessage(), e);
            case Object other -> throw new IllegalStateException("unexpected answer: " + other);
        };
    }

    private static Pid pid(Ref<?> ref, Object request) {
        return ref.pid().orElseThrow(() -> CallFailed.noProcess(ref.toString(), request));
    }
}
