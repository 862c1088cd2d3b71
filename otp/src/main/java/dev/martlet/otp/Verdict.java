package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a supervisor does with a child that has to come back. */
sealed interface Verdict {
    /** Starts it again, after a wait or at once. */
    record Restart(Duration pause) implements Verdict {}

    /** Leaves it alone until it is tried once more. */
    record SetAside(Duration probe) implements Verdict {}

    /** Ends, so that the next supervisor decides. */
    record GiveUp(String why) implements Verdict {}

    /** Tells log and telemetry. */
    default void report(String child, ExitReason reason) {
        var self = Proc.self();
        var telemetry = Node.current().telemetry();
        switch (this) {
            case Restart(var pause) -> {
                Log.LOG.warn("Restarting {} of supervisor {} in {} ms: {}", child, self, pause.toMillis(), reason);
                telemetry.emit(
                        OtpEvent.ChildRestarting.class, () -> new OtpEvent.ChildRestarting(self, child, reason, pause));
            }
            case SetAside(var probe) -> {
                Log.LOG.error(
                        "Quarantine for {} of supervisor {}, next try in {} ms: {}",
                        child,
                        self,
                        probe.toMillis(),
                        reason);
                telemetry.emit(
                        OtpEvent.ChildQuarantined.class,
                        () -> new OtpEvent.ChildQuarantined(self, child, reason, probe));
            }
            case GiveUp(var why) -> giveUp(self, child, reason, why);
        }
    }

    private static void giveUp(Pid self, String child, ExitReason reason, String why) {
        Log.LOG.error("Supervisor {} gives up, it {}", self, why);
        Node.current()
                .telemetry()
                .emit(OtpEvent.SupervisorGaveUp.class, () -> new OtpEvent.SupervisorGaveUp(self, child, reason));
    }

    /** Interfaces have no private fields. */
    final class Log {
        private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

        private Log() {}
    }
}
