package dev.martlet.kernel;

import java.util.Locale;

/** Something was not started because the node has as many of these as its {@link NodeLimits} allow. */
public final class LimitReached extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final transient Limit limit;

    LimitReached(String node, Limit limit, String what) {
        super(String.format(
                Locale.ROOT,
                "node %s has %,d %s, and %s allows %,d. Let go of some, or raise it: Node.Config.limits(l -> l.%s(…))",
                node,
                limit.used(),
                what,
                limit.name(),
                limit.allowed(),
                limit.name()));
        this.limit = limit;
    }

    /** Which, with its use when it was reached. */
    public Limit limit() {
        return limit;
    }
}
