package dev.martlet.showcase;

import dev.martlet.otp.SupervisorRef;
import java.util.Optional;

/** The showcase on a free port, which it keeps when it is stopped and started again. */
final class RunningShowcase implements AutoCloseable {
    private Optional<SupervisorRef> running = Optional.empty();
    private int port;

    RunningShowcase() {
        start();
    }

    int port() {
        return port;
    }

    synchronized void start() {
        var showcase = Showcase.on(port);
        running = Optional.of(showcase.tree().start());
        port = showcase.web().port();
    }

    synchronized void stop() {
        running.ifPresent(SupervisorRef::close);
        running = Optional.empty();
    }

    @Override
    public void close() {
        stop();
    }
}
