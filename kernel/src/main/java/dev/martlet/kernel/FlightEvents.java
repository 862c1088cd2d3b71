package dev.martlet.kernel;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** {@link KernelEvent}s as events of JDK Flight Recorder. */
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
final class FlightEvents {
    private FlightEvents() {}

    /** What most have: the process, by pid and label. */
    @Category({"Martlet", "Kernel"})
    @StackTrace(false)
    private abstract static class OfProcess extends Event {
        @Label("Pid")
        @Nullable
        String pid;

        @Label("Process")
        @Description("What the process is called")
        @Nullable
        String label;

        final void of(LocalProcess process) {
            pid = process.toString();
            label = process.label();
        }
    }

    @Name("dev.martlet.Spawned")
    @Label("Process Spawned")
    private static final class Spawned extends OfProcess {}

    @Name("dev.martlet.Exited")
    @Label("Process Exited")
    private static final class Exited extends OfProcess {
        @Label("Reason")
        @Nullable
        String reason;
    }

    @Name("dev.martlet.Crashed")
    @Label("Process Crashed")
    private static final class Crashed extends OfProcess {
        @Label("Cause")
        @Nullable
        String cause;
    }

    @Name("dev.martlet.MailboxHigh")
    @Label("Mailbox High")
    private static final class MailboxHigh extends OfProcess {
        @Label("Messages Waiting")
        int waiting;

        @Label("Limit")
        int limit;
    }

    @Name("dev.martlet.CallTimedOut")
    @Label("Call Timed Out")
    @StackTrace // where the call was
    private static final class CallTimedOut extends OfProcess {
        @Label("Caller")
        @Nullable
        String caller;

        @Label("Request")
        @Description("Class of the request")
        @Nullable
        String request;

        @Label("Timeout")
        @Timespan
        long timeout;
    }

    @Name("dev.martlet.CallCycle")
    @Label("Call Cycle")
    @Category({"Martlet", "Kernel"})
    private static final class CallCycle extends Event {
        @Label("Chain")
        @Nullable
        String chain;
    }

    @Name("dev.martlet.Busy")
    @Label("Process Busy")
    private static final class Busy extends OfProcess {
        @Label("Time")
        @Timespan
        long time;
    }

    @Name("dev.martlet.Stuck")
    @Label("Process Stuck")
    private static final class Stuck extends OfProcess {
        @Label("Reason")
        @Description("Why it was ended")
        @Nullable
        String reason;

        @Label("Time")
        @Timespan
        long time;
    }

    @Name("dev.martlet.LimitHit")
    @Label("Limit Hit")
    @Category({"Martlet", "Kernel"})
    private static final class LimitHit extends Event {
        @Label("Limit")
        @Nullable
        String name;

        @Label("Allowed")
        long allowed;
    }

    static void spawned(LocalProcess process) {
        var event = new Spawned();
        if (event.isEnabled()) {
            event.of(process);
            event.commit();
        }
    }

    static void exited(LocalProcess process, ExitReason reason) {
        var event = new Exited();
        if (event.isEnabled()) {
            event.of(process);
            event.reason = Words.of(reason);
            event.commit();
        }
    }

    static void crashed(LocalProcess process, ExitReason.Crashed reason) {
        var event = new Crashed();
        if (event.isEnabled()) {
            event.of(process);
            event.cause = Words.of(reason.cause());
            event.commit();
        }
    }

    static void mailboxHigh(LocalProcess process, int waiting, int limit) {
        var event = new MailboxHigh();
        if (event.isEnabled()) {
            event.of(process);
            event.waiting = waiting;
            event.limit = limit;
            event.commit();
        }
    }

    static void callTimedOut(@Nullable LocalProcess caller, LocalProcess server, Object request, Duration timeout) {
        var event = new CallTimedOut();
        if (event.isEnabled()) {
            event.of(server);
            event.caller = caller == null ? null : caller.described();
            event.request = request.getClass().getName();
            event.timeout = timeout.toNanos();
            event.commit();
        }
    }

    static void callCycle(List<Pid> chain) {
        var event = new CallCycle();
        if (event.isEnabled()) {
            event.chain = chain.stream().map(Pid::toString).collect(Collectors.joining(" -> "));
            event.commit();
        }
    }

    static void busy(LocalProcess process, Duration time) {
        var event = new Busy();
        if (event.isEnabled()) {
            event.of(process);
            event.time = time.toNanos();
            event.commit();
        }
    }

    static void stuck(LocalProcess process, ExitReason reason, Duration time) {
        var event = new Stuck();
        if (event.isEnabled()) {
            event.of(process);
            event.reason = Words.of(reason);
            event.time = time.toNanos();
            event.commit();
        }
    }

    static void limitHit(Limit limit) {
        var event = new LimitHit();
        if (event.isEnabled()) {
            event.name = limit.name();
            event.allowed = limit.allowed();
            event.commit();
        }
    }
}
