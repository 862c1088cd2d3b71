package dev.martlet.kernel;

import java.time.Duration;

/**
 * A point in a node's time after which something is not wanted any more. Made once where work comes in and passed on, so
 * that all that is done for it keeps to one limit, however deep.
 *
 * {@snippet :
 * var deadline = Deadline.in(Duration.ofMillis(500));
 * Proc.send(renderer, new Render(page), deadline);            // not begun after it
 * var price = Proc.call(shop, new Price(item), deadline.left());
 * }
 *
 * <p>It counts by the monotonic clock of the node of who made it (virtual time included), and means nothing on another
 * node.
 *
 * @param nanos in the time of {@link Node#nanos()}
 */
public record Deadline(long nanos) {
    /** That long from now. */
    public static Deadline in(Duration time) {
        return new Deadline(Node.current().time.deadline(Math.max(0, Proc.nanos(time))));
    }

    /** How long until it comes; zero when it has passed. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - Node.current().nanos()));
    }

    /** Whether it has passed. */
    public boolean hasPassed() {
        return hasPassed(Node.current());
    }

    boolean hasPassed(Node node) {
        return node.time.nanos() - nanos >= 0;
    }
}
