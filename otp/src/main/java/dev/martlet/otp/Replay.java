package dev.martlet.otp;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs a crash again: the message that was being handled, on the state it met, in a process of its own on a node of its
 * own. The last link from a {@linkplain OtpEvent.CrashReport report} of production to a unit test.
 *
 * {@snippet :
 * telemetry.attach(OtpEvent.CrashReport.class, report -> {
 *     Files.writeString(Path.of("CounterCrashTest.java"), Replay.of(report).test(server));   // a JUnit test, to commit
 * });
 *
 * assertTrue(Replay.of(report).run(new Counter(0)).crashed());    // before the bug is fixed: same exception
 * assertFalse(Replay.of(report).run(new Counter(0)).crashed());   // after
 * }
 *
 * <p>How to turn a crash into a JUnit test: let {@link #test} write its source, which builds message and state from
 * their records; put it beside the server's tests, fill in what it could not write (it says so: secrets, open
 * connections), see it fail, mend the server, see it pass.
 *
 * <p>Rules: the handler sees the real message and state, and its own clock and pid. {@code init} and {@code terminate}
 * do not run. It has ten seconds. States and messages must be immutable, or they are no longer what they were. A
 * recording does not leave the process as bytes: nothing is serialized, so nothing has to be trusted.
 */
public final class Replay {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Recording.Step step;
    private final @Nullable Throwable original;

    /**
     * How it went.
     *
     * @param reason why the process would have ended; empty if it would have gone on
     * @param same whether that is the crash of the report: the same exception, with the same message, from the same
     *     method
     * @param state the state after it, redacted
     */
    public record Result(java.util.Optional<ExitReason> reason, boolean same, String state) {
        /** Whether it crashed, in whatever way. */
        public boolean crashed() {
            return reason.isPresent() && reason.get().isCrash();
        }
    }

    private Replay(Recording.Step step, @Nullable Throwable original) {
        this.step = step;
        this.original = original;
    }

    /**
     * Of the message that was being handled at the crash.
     *
     * @throws IllegalArgumentException if nothing was: the server ended itself in another way
     */
    public static Replay of(OtpEvent.CrashReport report) {
        if (report.recording().size() == 0) {
            throw new IllegalArgumentException("there is nothing to run again: no message was being handled when "
                    + report.pid() + " ended with " + report.reason());
        }
        return new Replay(
                report.recording().steps.getLast(), report.reason() instanceof ExitReason.Crashed(var e) ? e : null);
    }

    /** Of a message, as sent by a call or a cast, that meets a state: what {@link #test} writes. */
    public static Replay of(Object message, @Nullable Object state) {
        var kind = message instanceof Call<?, ?> ? Recording.Kind.REQUEST : Recording.Kind.MESSAGE;
        return new Replay(new Recording.Step(kind, message, state), null);
    }

    /** Runs it with that server, which must speak the same protocol. */
    public Result run(GenServer<?, ?> server) {
        var loop = new ServerLoop<>(server);
        return run(loop, loop::replay);
    }

    /** Runs it with that state machine. */
    public Result run(StateMachine<?, ?, ?> machine) {
        var loop = new MachineLoop<>(machine);
        return run(loop, loop::replay);
    }

    /** The source of a JUnit test that runs it; what it cannot write down is marked with {@code FIXME}. */
    public String test(Object server) {
        return ReplaySource.test(step, server);
    }

    private interface Again {
        void run(Recording.Step step, @Nullable Caller caller) throws Exception;
    }

    private Result run(Introspected loop, Again again) {
        var ended = new CompletableFuture<Result>();
        try (var node = Node.start(Node.Config.DEFAULT.name("replay"))) {
            var pid = node.spawn(Spawn.DEFAULT.label("replay"), new Rerun(loop, again, ended));
            if (step.kind() == Recording.Kind.REQUEST) {
                Proc.sendRequest(pid, step.message());
            } else {
                Proc.send(pid, step.message());
            }
            return ended.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(step.message() + " was not handled within " + LIMIT.toSeconds() + " s", e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the replay was interrupted", e);
        }
    }

    /** The process it runs in. */
    private final class Rerun implements Receiver {
        private final Introspected loop;
        private final Again again;
        private final CompletableFuture<Result> ended;

        Rerun(Introspected loop, Again again, CompletableFuture<Result> ended) {
            this.loop = loop;
            this.again = again;
            this.ended = ended;
        }

        @Override
        public void receive(Object message) throws Exception {
            run(null);
        }

        @Override
        public void request(Object message, Caller caller) throws Exception {
            run(caller);
            caller.defer();
        }

        private void run(@Nullable Caller caller) throws Exception {
            if (!ended.isDone()) {
                again.run(step, caller);
                ended.complete(new Result(java.util.Optional.empty(), false, Redacted.text(loop.shownState())));
            }
        }

        @Override
        public boolean reportsCrashes() {
            return true;
        }

        @Override
        public void stopped(ExitReason reason) {
            ended.complete(new Result(java.util.Optional.of(reason), isSame(reason), Redacted.text(loop.shownState())));
        }
    }

    private boolean isSame(ExitReason reason) {
        return original != null
                && reason instanceof ExitReason.Crashed(var now)
                && now.getClass() == original.getClass()
                && Objects.equals(now.getMessage(), original.getMessage())
                && Objects.equals(top(now), top(original));
    }

    private static String top(Throwable thrown) {
        var trace = thrown.getStackTrace();
        return trace.length == 0 ? "" : trace[0].getClassName() + "." + trace[0].getMethodName();
    }
}
