package dev.martlet.otp.test;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Ref;
import dev.martlet.otp.Supervisor;
import dev.martlet.otp.SupervisorRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The test method's own process, on a node of its own, in virtual time. Needs no test framework: what fails throws
 * {@link AssertionError}.
 *
 * {@snippet :
 * try (var test = TestProc.open()) {
 *     var room = test.start(new Room("lobby", pubsub));
 *     pubsub.subscribe(Room.topic("lobby"));
 *     room.call(new Post("ann", "hi"));
 *     assertEquals("hi", test.assertReceive(Posted.class).text());
 *     test.advance(Duration.ofMinutes(1));      // timers fire now, nobody sleeps
 * }
 * }
 *
 * <p>Waiting is for facts, up to five seconds of real time; {@link #advance} is the only way virtual time goes on.
 * Exits of what it starts do not end the test. Closing it ends every process of the node.
 */
public final class TestProc implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Node node;
    private final Node.Attached self;
    private final List<SupervisorRef> trees = new ArrayList<>();
    private final Map<Ref<?>, Pid> crashed = new HashMap<>();

    private TestProc(Node node) {
        this.node = node;
        this.self = node.attach(Spawn.DEFAULT.label("test").trappingExits());
    }

    /** A fresh node with the calling thread as a process of it. */
    public static TestProc open() {
        return new TestProc(Node.start(Node.Config.DEFAULT.name("test").withVirtualTime()));
    }

    /** The node. */
    public Node node() {
        return node;
    }

    /** The test's own pid. */
    public Pid pid() {
        return self.pid();
    }

    /** Starts a server linked to the test. */
    public <M> Ref<M> start(GenServer<M, ?> server) {
        return GenServer.startLink(server);
    }

    /** Starts a tree linked to the test; it is stopped at the end. */
    public SupervisorRef start(Supervisor tree) {
        var running = tree.start();
        trees.add(running);
        return running;
    }

    /** The first message of that type, which must be there or come soon. */
    public <T> T assertReceive(Class<T> type) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var found = Proc.receive(Duration.ZERO, m -> type.isInstance(m) ? type.cast(m) : null);
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no " + type.getName() + " came within " + PATIENCE.toSeconds()
                        + " s; the mailbox holds " + mailbox());
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** There is no message of that type now. */
    public void refuteReceive(Class<?> type) {
        Proc.receive(Duration.ZERO, m -> type.isInstance(m) ? m : null).ifPresent(m -> {
            throw new AssertionError("no " + type.getName() + " was to come; got: " + m);
        });
    }

    private static List<Object> mailbox() {
        var all = new ArrayList<Object>();
        for (var m = next(); m.isPresent(); m = next()) {
            all.add(m.get());
        }
        all.forEach(m -> Proc.send(Proc.self(), m));
        return all;
    }

    private static java.util.Optional<Object> next() {
        return Proc.receive(Duration.ZERO, m -> m);
    }

    /** Lets time pass: timers that are due by then fire in order, waits that end by then end. */
    public void advance(Duration time) {
        node.advance(time);
    }

    /** Crashes a server from outside and waits until it has ended. */
    public void crash(Ref<?> server) {
        var pid = server.pid().orElseThrow(() -> new AssertionError(server + " is not running"));
        crashed.put(server, pid);
        Proc.exit(pid, new ExitReason.Crashed(new IllegalStateException("crashed by the test")));
        await(server + " to end", () -> !pid.isAlive());
    }

    /** Waits until a {@linkplain #crash crashed} named server runs again, as a new process. */
    public void awaitRestart(Ref<?> server) {
        var before = crashed.get(server);
        if (before == null) {
            throw new AssertionError("awaitRestart(ref) comes after crash(ref); " + server + " was not crashed");
        }
        await(
                server + " to be restarted",
                () -> server.pid().filter(pid -> pid != before && pid.isAlive()).isPresent());
    }

    /** Waits for a fact. */
    public void await(String what, BooleanSupplier fact) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain for " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** Stops a tree. What does not stop by itself is killed as its budget passes, and here only we let time pass. */
    private void stop(SupervisorRef tree) {
        Proc.exit(tree.pid(), ExitReason.SHUTDOWN);
        var patience = System.nanoTime() + PATIENCE.toNanos() / 10;
        while (tree.pid().isAlive()) {
            if (System.nanoTime() > patience) {
                node.advance(Duration.ofSeconds(1));
            }
            LockSupport.parkNanos(100_000);
        }
    }

    @Override
    public void close() {
        trees.reversed().forEach(this::stop);
        self.close();
        node.close();
    }
}
