package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Proc;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of an {@link Application} that owns its JVM: start, wait, stop; the result is the exit code. */
final class Program {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int SIGNAL = 128;

    private final Application application;
    private final Deque<Runnable> stops = new ArrayDeque<>();
    private final AtomicBoolean asked = new AtomicBoolean();

    /** Completed with the reason when the tree ends by itself, with nothing when it is asked to stop. */
    private final CompletableFuture<Optional<ExitReason>> end = new CompletableFuture<>();

    Program(Application application) {
        this.application = application;
    }

    /** The first signal asks to stop, the second does not ask. */
    void signalled(int signal) {
        if (!stop()) {
            Runtime.getRuntime().halt(SIGNAL + signal);
        }
    }

    /** Asks it to stop; whether that was the first time. */
    boolean stop() {
        end.complete(Optional.empty());
        return asked.compareAndSet(false, true);
    }

    int run() {
        SupervisorRef tree;
        try {
            tree = start();
        } catch (RuntimeException | Error e) {
            // Without a log, which may not be set up, the operator would see nothing but the exit code.
            System.err.println(e instanceof SettingsInvalid ? e.getMessage() : "the application did not start: " + e);
            if (!(e instanceof SettingsInvalid)) {
                LOG.error("the application did not start", e);
            }
            runStops();
            return FAILED;
        }
        Thread.ofVirtual().name("martlet-await").start(() -> end.complete(Optional.of(tree.await())));
        var reason = end.join();
        var orderly = reason.map(Program::orderly).orElseGet(() -> drain(tree));
        return runStops() && orderly ? OK : FAILED;
    }

    private SupervisorRef start() {
        var supervisor = application.configured ? Settings.load(application.tree) : supervisorWithoutSettings();
        for (var hook : application.hooks) {
            if (hook.atStart()) {
                hook.action().run();
            } else {
                stops.push(hook.action());
            }
        }
        return supervisor.start();
    }

    private Supervisor supervisorWithoutSettings() {
        return Settings.parse("", Map.of(), application.tree);
    }

    private static boolean orderly(ExitReason reason) {
        var gaveUp = reason instanceof ExitReason.Shutdown(var detail) && detail.startsWith(Supervisor.GAVE_UP);
        if (gaveUp || reason.isCrash()) {
            System.err.println("the application ended: " + reason);
            return false;
        }
        return true;
    }

    private boolean drain(SupervisorRef tree) {
        if (within("martlet-stop", tree::close)) {
            return true;
        }
        System.err.println("the application did not stop within " + application.drain + " and is killed");
        Proc.kill(tree.pid());
        var _ = Proc.awaitExit(tree.pid(), Duration.ofSeconds(1));
        return false;
    }

    /** Whether all onStop hooks ended well and in time. A hook that throws does not keep the others from running. */
    private boolean runStops() {
        var well = new AtomicBoolean(true);
        var inTime = within("martlet-on-stop", () -> {
            while (!stops.isEmpty()) {
                try {
                    stops.pop().run();
                } catch (RuntimeException | Error e) {
                    LOG.error("an onStop hook failed", e);
                    well.set(false);
                }
            }
        });
        if (!inTime) {
            System.err.println("the onStop hooks did not end within " + application.drain);
        }
        return well.get() && inTime;
    }

    private boolean within(String name, Runnable action) {
        var thread = Thread.ofPlatform().daemon().name(name).start(action);
        try {
            return thread.join(application.drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
