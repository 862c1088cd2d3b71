package dev.martlet.otp;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process around a {@link Supervisor}. */
final class SupervisorLoop implements Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisorLoop.class);

    record Ready() {}

    record Which() {}

    record Add(Child child) {}

    record Terminate(String id) {}

    record Restart(String id) {}

    record Shutdown() {}

    /** Tries again to restart children whose start has failed. */
    private record Retry(Running child) {}

    /** One child and, while it runs, its process. */
    private static final class Running {
        private final Child spec;
        private @Nullable Pid pid;

        private Running(Child spec) {
            this.spec = spec;
        }
    }

    private final Supervisor spec;
    private final Restarts restarts;
    private final List<Running> children = new ArrayList<>();
    private final Map<Pid, Running> byPid = new HashMap<>();

    SupervisorLoop(Supervisor spec) {
        this.spec = spec;
        this.restarts = new Restarts(spec.maxRestarts, spec.period);
    }

    /** Waits until the children are started. There is no limit here: each child has its own. */
    static void awaitReady(Pid pid) {
        try {
            Proc.call(pid, new Ready(), Duration.ofSeconds(Long.MAX_VALUE));
        } catch (CallFailed.Exited e) {
            var reason = Proc.awaitExit(pid, Duration.ZERO).orElse(e.reason());
            throw reason instanceof ExitReason.Crashed(StartFailed failed)
                    ? failed
                    : new StartFailed("Supervisor", reason);
        }
    }

    @Override
    public void started() {
        Proc.trapExit(true);
        spec.children.forEach(child -> children.add(new Running(child)));
        for (var child : children) {
            try {
                start(child);
            } catch (StartFailed e) {
                stopAll();
                throw e;
            }
        }
    }

    @Override
    public void receive(Object message) {
        switch (message) {
            case Exit(var from, var reason) -> {
                var child = byPid.remove(from);
                if (child != null) {
                    ended(child, reason);
                }
            }
            case Retry(var child) -> {
                if (child.pid == null && children.contains(child)) {
                    restart(child);
                }
            }
            default -> LOG.warn("Supervisor {} got a message it does not know: {}", Proc.self(), message);
        }
    }

    @Override
    public void request(Object message, Caller caller) {
        switch (message) {
            case Ready() -> caller.reply(true);
            case Which() ->
                caller.reply(children.stream()
                        .map(c -> new SupervisorRef.Status(c.spec.id(), Optional.ofNullable(c.pid)))
                        .toList());
            case Add(var child) -> caller.reply(add(child));
            case Terminate(var id) -> caller.reply(terminate(id));
            case Restart(var id) -> caller.reply(restart(id));
            case Shutdown() -> throw Proc.exit(ExitReason.SHUTDOWN);
            default -> throw new IllegalArgumentException("not a request to a supervisor: " + message);
        }
    }

    @Override
    public void stopped(ExitReason reason) {
        stopAll();
    }

    // ---- starting --------------------------------------------------------------------------------------------

    private Pid start(Running child) {
        var spawn = Spawn.DEFAULT.linkedOrderly();
        var named = child.spec.name().map(spawn::named).orElse(spawn);
        try {
            var pid = child.spec.start().start(named.label(child.spec.id()));
            child.pid = pid;
            byPid.put(pid, child);
            return pid;
        } catch (Exception e) {
            throw e instanceof StartFailed failed
                    ? failed
                    : new StartFailed("child " + child.spec.id(), new ExitReason.Crashed(e));
        }
    }

    private Object add(Child spec) {
        if (find(spec.id()).isPresent()) {
            return new IllegalArgumentException("there is a child with the id " + spec.id() + " already");
        }
        var child = new Running(spec);
        try {
            var pid = start(child);
            children.add(child);
            return pid;
        } catch (StartFailed e) {
            return e;
        }
    }

    private Object restart(String id) {
        var child = find(id).orElse(null);
        if (child == null) {
            return new IllegalArgumentException("there is no child with the id " + id);
        }
        if (child.pid != null) {
            return new IllegalArgumentException("the child " + id + " is running, as " + child.pid);
        }
        try {
            return start(child);
        } catch (StartFailed e) {
            return e;
        }
    }

    private Optional<Running> find(String id) {
        return children.stream().filter(c -> c.spec.id().equals(id)).findFirst();
    }

    // ---- a child has ended -----------------------------------------------------------------------------------

    private void ended(Running child, ExitReason reason) {
        child.pid = null;
        var again = switch (child.spec.restart()) {
            case PERMANENT -> true;
            case TRANSIENT -> reason.isCrash();
            case TEMPORARY -> false;
        };
        if (again) {
            LOG.warn("Restarting {} of supervisor {}: {}", child.spec.id(), Proc.self(), reason);
            restart(child);
        } else if (child.spec.restart() == Child.Restart.TEMPORARY) {
            children.remove(child);
        }
    }

    private void restart(Running child) {
        if (!restarts.allows(Node.current().nanos())) {
            var why = "reached max restart intensity: " + spec.maxRestarts + " restarts within "
                    + spec.period.toMillis() + " ms; the last child to end was " + child.spec.id();
            LOG.error("Supervisor {} gives up, it {}", Proc.self(), why);
            throw Proc.exit(new ExitReason.Shutdown(why));
        }
        var index = children.indexOf(child);
        var together = switch (spec.strategy) {
            case ONE_FOR_ONE -> List.of(child);
            case REST_FOR_ONE -> List.copyOf(children.subList(index, children.size()));
            case ONE_FOR_ALL -> List.copyOf(children);
        };
        together.reversed().forEach(this::stop);
        for (var each : together) {
            // As in OTP a sibling that is temporary does not come back with the others.
            if (each != child && each.spec.restart() == Child.Restart.TEMPORARY) {
                children.remove(each);
                continue;
            }
            try {
                start(each);
            } catch (StartFailed e) {
                LOG.error("Restart of {} failed: {}", each.spec.id(), e.getMessage());
                Proc.send(Proc.self(), new Retry(each)); // counts as one more restart, so it ends some time
                return;
            }
        }
    }

    // ---- stopping --------------------------------------------------------------------------------------------

    private boolean terminate(String id) {
        var child = find(id);
        child.ifPresent(this::stop);
        child.filter(c -> c.spec.restart() == Child.Restart.TEMPORARY).ifPresent(children::remove);
        return child.isPresent();
    }

    private void stopAll() {
        children.reversed().forEach(this::stop);
    }

    /** Asks it to stop, waits, kills it if it takes too long. */
    private void stop(Running child) {
        var pid = child.pid;
        if (pid == null) {
            return;
        }
        child.pid = null;
        byPid.remove(pid); // its Exit is expected and means nothing any more
        var grace = child.spec.shutdown();
        if (grace.isPositive()) {
            Proc.exit(pid, ExitReason.SHUTDOWN);
            if (Proc.awaitExit(pid, grace).isPresent()) {
                return;
            }
            LOG.warn("{} did not stop within {} ms and is killed", child.spec.id(), grace.toMillis());
        }
        Proc.kill(pid);
    }
}
