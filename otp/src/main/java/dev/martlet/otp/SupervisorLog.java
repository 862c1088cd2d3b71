package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.LogLimit;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one supervisor tells log and telemetry. What may come in great numbers is limited in the log, because a child that
 * cannot start is tried as often as the intensity allows; telemetry gets all of it.
 */
final class SupervisorLog {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final LogLimit lines = new LogLimit(20, Duration.ofSeconds(1));

    void tell(Verdict verdict, String child, ExitReason reason) {
        var self = Proc.self();
        var telemetry = Node.current().telemetry();
        switch (verdict) {
            case Verdict.Restart(var pause) -> {
                if (lines.admits()) {
                    var millis = pause.toMillis();
                    LOG.warn("{} restarts {} in {} ms: {}{}", self, child, millis, reason, lines.omitted());
                }
                telemetry.emit(
                        OtpEvent.ChildRestarting.class, () -> new OtpEvent.ChildRestarting(self, child, reason, pause));
            }
            case Verdict.SetAside(var probe) -> {
                LOG.error("{} sets {} aside, next try in {} ms: {}", self, child, probe.toMillis(), reason);
                telemetry.emit(
                        OtpEvent.ChildQuarantined.class,
                        () -> new OtpEvent.ChildQuarantined(self, child, reason, probe));
            }
            case Verdict.GiveUp(var why) -> {
                LOG.error("{} gives up: {}", self, why);
                telemetry.emit(
                        OtpEvent.SupervisorGaveUp.class, () -> new OtpEvent.SupervisorGaveUp(self, child, reason));
            }
        }
    }

    void startFailed(StartFailed failure) {
        if (lines.admits()) {
            LOG.error("{}: {}{}", Proc.self(), failure.getMessage(), lines.omitted());
        }
    }

    void unknown(Object message) {
        if (lines.admits()) {
            LOG.warn("{} got a message it does not know: {}{}", Proc.self(), message, lines.omitted());
        }
    }

    static void killed(Child first, int count) {
        Pid self = Proc.self();
        LOG.warn(
                "{} of {} did not stop within {} ms and was killed{}",
                first.id(),
                self,
                first.shutdown().toMillis(),
                count == 1 ? "" : ", and so were " + (count - 1) + " of its siblings");
        Node.current()
                .telemetry()
                .emit(OtpEvent.ChildrenKilled.class, () -> new OtpEvent.ChildrenKilled(self, first.id(), count));
    }
}
