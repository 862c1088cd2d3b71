package dev.martlet.kernel;

/**
 * How much a node may hold. What is above that is refused with {@link LimitReached}, told as {@link
 * KernelEvent.LimitHit}; {@link Node#limits()} shows how near they are.
 *
 * {@snippet :
 * Node.start(Node.Config.DEFAULT.limits(limits -> limits.maxProcesses(10_000_000)));
 * }
 *
 * <p>What each process may let wait is in its {@link Mailbox}.
 *
 * @param maxProcesses living processes; an idle one takes some 200 bytes, one with a body some 1,000
 * @param maxTimers pending timers, some 80 bytes each
 * @param maxNames registered names
 */
public record NodeLimits(int maxProcesses, int maxTimers, int maxNames) {
    /** 4,194,304 processes, 16,777,216 timers, 1,048,576 names. */
    public static final NodeLimits DEFAULT = new NodeLimits(1 << 22, 1 << 24, 1 << 20);

    private static final int MOST = 1 << 28;

    /** Checks them. */
    public NodeLimits {
        check("maxProcesses", maxProcesses, ProcessTable.CAPACITY);
        check("maxTimers", maxTimers, MOST);
        check("maxNames", maxNames, MOST);
    }

    private static void check(String name, int limit, int most) {
        if (limit < 1 || limit > most) {
            throw new IllegalArgumentException(name + ": allowed is 1 to " + most + "; got: " + limit);
        }
    }

    /** With that many processes at most. */
    public NodeLimits maxProcesses(int limit) {
        return new NodeLimits(limit, maxTimers, maxNames);
    }

    /** With that many pending timers at most. */
    public NodeLimits maxTimers(int limit) {
        return new NodeLimits(maxProcesses, limit, maxNames);
    }

    /** With that many names at most. */
    public NodeLimits maxNames(int limit) {
        return new NodeLimits(maxProcesses, maxTimers, limit);
    }
}
