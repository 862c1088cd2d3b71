package dev.martlet.otp;

import dev.martlet.kernel.Pid;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a value that is a specification and a handle at once keeps the process that runs it now: the registry that is
 * put into the tree is the one that is asked later.
 */
final class Keeper {
    private final String what;
    private volatile @Nullable Pid pid;

    Keeper(String what) {
        this.what = what;
    }

    /** Starts who runs it from now on. */
    synchronized Pid start(Supplier<Pid> process) {
        find().ifPresent(running -> {
            throw new IllegalStateException(what + " is running already, as " + running
                    + "; the value is the handle of one process, make another by of(…) for a second");
        });
        var started = process.get();
        pid = started;
        return started;
    }

    Optional<Pid> find() {
        var now = pid;
        return now == null || !now.isAlive() ? Optional.empty() : Optional.of(now);
    }

    Pid pid() {
        return find().orElseThrow(() -> new IllegalStateException(
                what + " is not running; start it as a child: Supervisor.of(…, child(it), …)"));
    }

    @Override
    public String toString() {
        return what;
    }
}
