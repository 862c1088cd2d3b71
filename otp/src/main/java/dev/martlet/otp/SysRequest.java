package dev.martlet.otp;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Proc;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What {@link Sys} asks of the process around a behaviour, and how that answers. */
sealed interface SysRequest {
    record State() implements SysRequest {}

    record Replace(UnaryOperator<@Nullable Object> change) implements SysRequest {}

    record Suspend(boolean on) implements SysRequest {}

    record Attach(Trace trace) implements SysRequest {}

    record Detach(Trace trace) implements SysRequest {}

    record Count(boolean on) implements SysRequest {}

    record Counted() implements SysRequest {}

    record Keep(int messages) implements SysRequest {}

    record Kept() implements SysRequest {}

    record Status() implements SysRequest {}

    /** An answer, which may be null where the state may. */
    record Answer(@Nullable Object value) {}

    /** It could not be done. */
    record Refused(Throwable cause) {}

    /** Answers, in the process. Whatever goes wrong is the asker's problem, not the process'. */
    static void answer(Introspected loop, Object request, Caller caller) {
        if (!(request instanceof SysRequest known)) {
            caller.reply(
                    new Refused(new UnsupportedOperationException("allowed are the requests of Sys; got: " + request)));
            return;
        }
        Object answer;
        try {
            var debug = loop.debug();
            answer = new Answer(known.applyTo(loop, debug == null ? new Debug() : debug));
        } catch (Exception e) {
            answer = new Refused(e);
        }
        caller.reply(answer);
    }

    private @Nullable Object applyTo(Introspected loop, Debug debug) {
        switch (this) {
            case State() -> {
                return loop.rawState();
            }
            case Replace(var change) -> {
                var changed = change.apply(loop.rawState());
                loop.replaceState(changed);
                return changed;
            }
            case Status() -> {
                return status(loop, debug);
            }
            case Counted() -> {
                return counted(debug);
            }
            case Kept() -> {
                return debug.recorder == null ? Recording.EMPTY : debug.recorder.recording();
            }
            case Suspend(var on) -> {
                debug.suspended = on;
                Proc.hold(on);
            }
            case Attach(var trace) -> debug.traces.add(trace);
            case Detach(var trace) -> debug.traces.remove(trace);
            case Count(var on) ->
                debug.counting = on ? new Debug.Counting(Node.current().nanos()) : null;
            case Keep(var messages) -> debug.recorder = messages == 0 ? null : new Recorder(messages);
        }
        loop.debug(debug.isUnused() ? null : debug);
        return null;
    }

    private static Sys.@Nullable Statistics counted(Debug debug) {
        var counting = debug.counting;
        return counting == null
                ? null
                : new Sys.Statistics(
                        Duration.ofNanos(Node.current().nanos() - counting.since), counting.in, counting.out);
    }

    private static Sys.Status status(Introspected loop, Debug debug) {
        return new Sys.Status(
                Proc.self(),
                loop.behaviour().getClass().getName(),
                Proc.names(),
                Proc.label(),
                Proc.ancestors(),
                debug.suspended,
                debug.recorder == null ? 0 : debug.recorder.recording().size(),
                Redacted.text(loop.shownState()));
    }
}
