package dev.martlet.kernel;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where all that is worth telling goes: counters, telemetry, flight recorder, and the log for what an operator must see. */
final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    final Counters counters = new Counters();
    final Telemetry telemetry = new Telemetry();

    /** Crashes above that are counted and told to {@link Telemetry}, and not logged one by one. */
    private final LogLimit crashLines = new LogLimit(20, Duration.ofSeconds(1));

    private final LogLimit busyLines = new LogLimit(20, Duration.ofSeconds(1));
    private final LogLimit stuckLines = new LogLimit(20, Duration.ofSeconds(1));
    private final Map<NodeLimit, LogLimit> limitHits = new EnumMap<>(NodeLimit.class);

    Reports() {
        for (var limit : NodeLimit.values()) {
            limitHits.put(limit, new LogLimit(1, Duration.ofSeconds(1)));
        }
    }

    void spawned(LocalProcess process) {
        counters.spawned.increment();
        telemetry.emit(KernelEvent.Spawned.class, () -> new KernelEvent.Spawned(process));
        Flight.spawned(process);
    }

    void exited(LocalProcess process, ExitReason reason) {
        counters.exited.increment();
        telemetry.emit(KernelEvent.Exited.class, () -> new KernelEvent.Exited(process, process.label(), reason));
        Flight.exited(process, reason);
    }

    /**
     * Code threw.
     *
     * @param log whether nobody else reports it
     */
    void crashed(LocalProcess process, ExitReason.Crashed reason, boolean log) {
        counters.crashed.increment();
        if (log && crashLines.admits()) {
            LOG.error("Process {} crashed{}", process.described(), crashLines.omitted(), reason.cause());
        }
        telemetry.emit(KernelEvent.Crashed.class, () -> new KernelEvent.Crashed(process, process.label(), reason));
        Flight.crashed(process, reason);
    }

    void dropped(LocalProcess process, Object message, KernelEvent.Cause cause) {
        counters.dropped(cause).increment();
        telemetry.emit(
                KernelEvent.Dropped.class, () -> new KernelEvent.Dropped(process, process.label(), message, cause));
    }

    void mailboxHigh(LocalProcess process, int waiting, int limit) {
        telemetry.emit(
                KernelEvent.MailboxHigh.class,
                () -> new KernelEvent.MailboxHigh(process, process.label(), waiting, limit));
        Flight.mailboxHigh(process, waiting, limit);
    }

    void callTimedOut(@Nullable LocalProcess caller, LocalProcess server, Object request, Duration timeout) {
        counters.callTimeouts.increment();
        telemetry.emit(
                KernelEvent.CallTimedOut.class,
                () -> new KernelEvent.CallTimedOut(
                        Optional.ofNullable(caller), server, server.label(), request, timeout));
        Flight.callTimedOut(caller, server, request, timeout);
    }

    void callCycle(List<Pid> chain) {
        counters.callCycles.increment();
        telemetry.emit(KernelEvent.CallCycle.class, () -> new KernelEvent.CallCycle(chain));
        Flight.callCycle(chain);
    }

    void busy(LocalProcess process, Optional<Object> handling, List<StackTraceElement> stack, long nanos) {
        counters.busy.increment();
        if (busyLines.admits()) {
            LOG.warn(
                    "Process {} has been busy for {}, handling {}, at {}{}",
                    process.described(),
                    Words.time(nanos),
                    handling.map(Words::of).orElse("no message"),
                    place(stack),
                    busyLines.omitted());
        }
        var time = Duration.ofNanos(nanos);
        telemetry.emit(
                KernelEvent.Busy.class, () -> new KernelEvent.Busy(process, process.label(), handling, time, stack));
        Flight.busy(process, time);
    }

    /**
     * A dead process that still runs.
     *
     * @param first whether it was not told before
     */
    void stuck(LocalProcess process, Thread thread, long nanos, boolean first) {
        if (first) {
            counters.stuck.increment();
        }
        var reason = process.exitReason();
        var time = Duration.ofNanos(nanos);
        var stack = stack(thread);
        if (stuckLines.admits()) {
            LOG.warn(
                    "Process {} has ended {} ago ({}), and its code still runs, at {}; does it catch"
                            + " InterruptedException?{}",
                    process.described(),
                    Words.time(nanos),
                    reason,
                    place(stack),
                    stuckLines.omitted());
        }
        telemetry.emit(
                KernelEvent.Stuck.class, () -> new KernelEvent.Stuck(process, process.label(), reason, time, stack));
        Flight.stuck(process, reason, time);
    }

    void limitHit(NodeLimit which, Limit limit) {
        counters.limitsHit.increment();
        if (Objects.requireNonNull(limitHits.get(which)).admits()) {
            telemetry.emit(KernelEvent.LimitHit.class, () -> new KernelEvent.LimitHit(limit));
            Flight.limitHit(limit);
        }
    }

    private static Object place(List<StackTraceElement> stack) {
        return stack.isEmpty() ? "an unknown place" : stack.getFirst();
    }

    static List<StackTraceElement> stack(@Nullable Thread thread) {
        return thread == null ? List.of() : List.of(thread.getStackTrace());
    }
}
