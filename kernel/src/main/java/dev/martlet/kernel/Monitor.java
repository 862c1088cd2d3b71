package dev.martlet.kernel;

import org.jspecify.annotations.Nullable;

/**
 * One watch of one process over another, made by {@link Proc#monitor} and ended by {@link Proc#demonitor} or by its one
 * {@link Down}. Compared by identity.
 */
public final class Monitor {
    final LocalProcess watcher;
    final LocalProcess target;

    // A Monitor is its own list cell twice: in the target's list of watchers, under the target's lock, and in the
    // watcher's list of what it watches, under the watcher's. So demonitor needs no search and no map.
    @Nullable
    Monitor previousWatcher;

    @Nullable
    Monitor nextWatcher;

    @Nullable
    Monitor previousWatched;

    @Nullable
    Monitor nextWatched;

    /** Set by demonitor: a {@link Down} that is already in the mailbox is not delivered. */
    volatile boolean cancelled;

    boolean inTarget;
    boolean inWatcher;

    Monitor(LocalProcess watcher, LocalProcess target) {
        this.watcher = watcher;
        this.target = target;
    }

    @Override
    public String toString() {
        return "#Monitor<" + watcher + " of " + target + ">";
    }
}
