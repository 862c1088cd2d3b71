package dev.martlet.otp;

import dev.martlet.kernel.Pid;
import java.util.Optional;
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

    /** Remembers who runs it from now on. */
    Pid is(Pid started) {
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
