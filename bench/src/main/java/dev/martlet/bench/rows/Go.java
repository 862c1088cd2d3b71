package dev.martlet.bench.rows;

/** Tells a process to begin. */
enum Go {
    GO
}
