package dev.martlet.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What few processes have, made when the first of it is needed: an idle server among a million carries none of it. What
 * is not volatile is guarded by its {@link LocalProcess}.
 */
final class Rare {
    /** Set while it runs, instead of the label it was spawned with. */
    volatile @Nullable String label;

    /** Whom it waits for in a call, to find cycles. */
    volatile @Nullable LocalProcess waitingFor;

    /** Senders that wait for room. */
    volatile @Nullable BlockedSenders blocked;

    /** For mailboxes that count bytes or conflate; set before the process runs. */
    @Nullable
    Shelf shelf;

    @Nullable
    Monitor watchers;

    @Nullable
    Monitor watched;

    @Nullable
    List<Request> deferred;

    @Nullable
    List<String> names;
}
