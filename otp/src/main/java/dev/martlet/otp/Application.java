package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A supervision tree as a program. {@link #run} is the short form; {@link #main} owns the program, its exit code too.
 *
 * {@snippet :
 * void main() {
 *     Application.of(settings -> tree(settings.integer("chat.port", 0, 65_535), settings.secret("chat.token")))
 *             .onStart(Db::open)
 *             .onStop(Db::close)
 *             .drainWithin(Duration.ofSeconds(20))
 *             .main();
 * }
 * }
 *
 * <p>Rules of {@link #main}:
 *
 * <ul>
 *   <li>First the {@link Settings} are read; if they are not valid nothing starts and all that is wrong is told.
 *   <li>Then the {@link #onStart} hooks run in their order, then the tree starts. If a hook or the tree fails, the
 *       {@link #onStop} hooks that were given before what failed run.
 *   <li>SIGTERM or Ctrl-C stops the tree, children in reverse order, then runs the onStop hooks, the last given first.
 *       The tree has {@link #drainWithin}, 25 seconds unless set; then it is killed. The hooks together have as long again.
 *   <li>A second signal ends the JVM at once.
 *   <li>Exit codes: 0 stopped in time, or the tree ended in good order; 1 it did not start, gave up, crashed, was killed
 *       because the time was over, or an onStop hook failed; 128 and the number of the signal if forced.
 * </ul>
 *
 * <p>After Erlang's <a href="https://www.erlang.org/doc/apps/kernel/application.html">application</a>, its {@code start}
 * and {@code stop}, of a permanent one.
 */
public final class Application {
    /** A hook, in the order they were given. */
    record Hook(boolean atStart, Runnable action) {}

    final Function<Settings, Supervisor> tree;
    final boolean configured;
    final List<Hook> hooks;
    final Duration drain;

    private Application(Function<Settings, Supervisor> tree, boolean configured, List<Hook> hooks, Duration drain) {
        this.tree = tree;
        this.configured = configured;
        this.hooks = hooks;
        this.drain = drain;
    }

    /** A program that needs no configuration. */
    public static Application of(Supervisor tree) {
        return new Application(_ -> tree, false, List.of(), Duration.ofSeconds(25));
    }

    /** A program whose tree is made of its {@link Settings}; the function only makes values, it starts nothing. */
    public static Application of(Function<Settings, Supervisor> tree) {
        return new Application(tree, true, List.of(), Duration.ofSeconds(25));
    }

    /** Runs this before the tree starts, behind the hooks already given. */
    public Application onStart(Runnable hook) {
        return with(new Hook(true, hook));
    }

    /** Runs this after the tree stopped, before the hooks already given. */
    public Application onStop(Runnable hook) {
        return with(new Hook(false, hook));
    }

    private Application with(Hook hook) {
        return new Application(
                tree, configured, Stream.concat(hooks.stream(), Stream.of(hook)).toList(), drain);
    }

    /**
     * How long the tree may take to stop before it is killed.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Application drainWithin(Duration budget) {
        if (!budget.isPositive()) {
            throw new IllegalArgumentException("drainWithin takes a positive time; got: " + budget);
        }
        return new Application(tree, configured, hooks, budget);
    }

    /** Runs the program and ends the JVM. Does not return. */
    public void main() {
        var program = new Program(this);
        Signals.handle(program::signalled);
        System.exit(program.run());
    }

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
