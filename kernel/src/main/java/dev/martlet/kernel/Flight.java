package dev.martlet.kernel;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way to JDK Flight Recorder, where this Java runtime has it. With no recording running an event costs one read. */
final class Flight {
    /** FlightEvents, which needs the recorder's classes, is loaded only if they are there. */
    private static final boolean PRESENT = isPresent();

    private Flight() {}

    private static boolean isPresent() {
        try {
            Class.forName("jdk.jfr.Event", false, Flight.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    static void spawned(LocalProcess process) {
        if (PRESENT) {
            FlightEvents.spawned(process);
        }
    }

    static void exited(LocalProcess process, ExitReason reason) {
        if (PRESENT) {
            FlightEvents.exited(process, reason);
        }
    }

    static void crashed(LocalProcess process, ExitReason.Crashed reason) {
        if (PRESENT) {
            FlightEvents.crashed(process, reason);
        }
    }

    static void mailboxHigh(LocalProcess process, int waiting, int limit) {
        if (PRESENT) {
            FlightEvents.mailboxHigh(process, waiting, limit);
        }
    }

    static void callTimedOut(@Nullable LocalProcess caller, LocalProcess server, Object request, Duration timeout) {
        if (PRESENT) {
            FlightEvents.callTimedOut(caller, server, request, timeout);
        }
    }

    static void callCycle(List<Pid> chain) {
        if (PRESENT) {
            FlightEvents.callCycle(chain);
        }
    }

    static void busy(LocalProcess process, Duration time) {
        if (PRESENT) {
            FlightEvents.busy(process, time);
        }
    }

    static void stuck(LocalProcess process, ExitReason reason, Duration time) {
        if (PRESENT) {
            FlightEvents.stuck(process, reason, time);
        }
    }

    static void limitHit(Limit limit) {
        if (PRESENT) {
            FlightEvents.limitHit(limit);
        }
    }
}
