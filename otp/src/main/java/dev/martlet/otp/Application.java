package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;

/**
 * A supervision tree as a program.
 *
 * {@snippet :
 * void main() {
 *     Application.run(Supervisor.of(ONE_FOR_ONE, child(new Counter(0)).named(VISITS)));
 * }
 * }
 */
public final class Application {
    private Application() {}

    /**
     * Starts the tree and waits. SIGTERM and Ctrl-C stop it, children in reverse order, each within its own budget.
     *
     * @return why the tree ended: {@code Shutdown} when it was asked to; if it gave up, its reason
     * @throws StartFailed if a child does not start; those before it have been stopped
     */
    public static ExitReason run(Supervisor root) {
        var tree = root.start();
        var stop = Thread.ofPlatform().name("martlet-stop").unstarted(tree::close);
        Runtime.getRuntime().addShutdownHook(stop);
        return tree.await();
    }
}
