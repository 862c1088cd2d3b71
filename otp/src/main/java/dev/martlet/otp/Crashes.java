package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.LogLimit;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.ProcessExit;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports crashes of behaviours, to telemetry and, within a budget, to the log. */
final class Crashes {
    private static final Logger LOG = LoggerFactory.getLogger(OtpEvent.CrashReport.class);

    /** A restart loop must not be slowed by its log. */
    private static final LogLimit LINES = new LogLimit(20, Duration.ofSeconds(1));

    private Crashes() {}

    /** Reports an end, in the process, unless it is an orderly one. {@code last}: what was being handled. */
    static void report(Introspected loop, ExitReason reason, Recording.@Nullable Step last) {
        if (!reason.isCrash()) {
            return;
        }
        if (LINES.admits()) {
            LOG.error(
                    "{}{}",
                    reportOf(loop, reason, last),
                    LINES.omitted(),
                    reason instanceof ExitReason.Crashed(var e) ? e : null);
        }
        Node.current().telemetry().emit(OtpEvent.CrashReport.class, () -> reportOf(loop, reason, last));
    }

    private static OtpEvent.CrashReport reportOf(Introspected loop, ExitReason reason, Recording.@Nullable Step last) {
        var debug = loop.debug();
        var recording = debug != null && debug.recorder != null
                ? debug.recorder.recording()
                : last == null ? Recording.EMPTY : new Recording(List.of(last));
        return new OtpEvent.CrashReport(
                Proc.self(),
                loop.behaviour().getClass().getName(),
                Proc.names(),
                Proc.label(),
                Proc.ancestors(),
                reason,
                last == null ? "" : Redacted.text(last.message()),
                shown(loop),
                recording);
    }

    private static String shown(Introspected loop) {
        try {
            return Redacted.text(loop.shownState());
        } catch (RuntimeException e) {
            return "(formatStatus threw " + e + ")";
        }
    }

    /** The first reason stays the reason of the end. */
    static void terminateFailed(Introspected loop, Throwable thrown) {
        if (!(thrown instanceof ProcessExit) && LINES.admits()) {
            LOG.error(
                    "{}.terminate threw in {}; its process ends for the reason it had before{}",
                    loop.behaviour().getClass().getName(),
                    Proc.self(),
                    LINES.omitted(),
                    thrown);
        }
    }
}
