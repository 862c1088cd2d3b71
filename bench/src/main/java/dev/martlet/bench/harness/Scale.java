package dev.martlet.bench.harness;

/** How much a program does. */
public enum Scale {
    /** For figures. */
    FULL,
    /** A tenth of the work, to see where one stands. */
    QUICK,
    /** As little as shows that the program still works. */
    TINY;

    /** That much work: messages, calls, processes that come and go. */
    public int work(int full) {
        return switch (this) {
            case FULL -> full;
            case QUICK -> Math.max(Math.min(full, 1_000), full / 10);
            case TINY -> Math.max(Math.min(full, 10), full / 10_000);
        };
    }

    /** That many processes that exist together: a part of what is measured, so only {@link #TINY} has fewer. */
    public int together(int full) {
        return this == TINY ? Math.min(full, 20) : full;
    }

    /** How long a fairness program looks. */
    public long windowMillis() {
        return switch (this) {
            case FULL -> 2_500;
            case QUICK -> 1_000;
            case TINY -> 60;
        };
    }
}
