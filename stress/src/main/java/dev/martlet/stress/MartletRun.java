package dev.martlet.stress;

import static dev.martlet.stress.Message.NOBODY;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Down;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.SupervisorRef;
import dev.martlet.stress.Message.Barrier;
import dev.martlet.stress.Message.Command;
import dev.martlet.stress.Message.Count;
import dev.martlet.stress.Message.Done;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Executes one program on Martlet, as its driver: a process that has one step after the other done and waits until
 * everything is at rest.
 *
 * <p>Rest is a fact that we know from Erlang: after each step the same processes live, with the same number of messages,
 * and the same was started. Until then the driver looks again, for some time; what is still different then is the
 * difference we look for.
 */
final class MartletRun {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Duration HANGS = Duration.ofSeconds(10);

    private final List<String> expected;
    private final Duration patience;
    private final Actor.Shared shared = new Actor.Shared(Proc.self(), "p" + NUMBERS.getAndIncrement() + ".");
    private final Actor self = new Actor("d", shared, new Mailbox.Real());
    private final List<String> lines = new ArrayList<>();

    /** What an id means now. */
    private final Map<String, Pid> ids = new HashMap<>();

    /** What a pid is called for ever. */
    private final Map<Pid, String> names = new HashMap<>();

    private final Map<Pid, String> kinds = new HashMap<>();
    private final Map<Pid, Integer> live = new HashMap<>();
    private final List<EventLog.Event> events = new ArrayList<>();
    private final Show show = new Show(names);
    private int step;
    private int round;
    private boolean differs;

    private MartletRun(List<String> expected, Duration patience) {
        this.expected = expected;
        this.patience = patience;
        names.put(Proc.self(), "d");
        ids.put("d", Proc.self());
    }

    /** Runs a program; {@code expected} is what Erlang observed. */
    static List<String> run(Node node, Program program, List<String> expected, Duration patience) {
        var result = new CompletableFuture<List<String>>();
        node.spawn(Spawn.DEFAULT.trappingExits().label("driver"), () -> {
            var run = new MartletRun(expected, patience);
            try {
                program.steps().forEach(run::step);
            } catch (Throwable e) {
                run.lines.add("the driver crashed: " + e + " " + List.of(e.getStackTrace()));
            }
            List.copyOf(run.live.keySet()).forEach(Proc::kill);
            result.complete(run.lines);
        });
        return result.completeOnTimeout(List.of("hangs"), 60, TimeUnit.SECONDS).join();
    }

    private void step(Step next) {
        step++;
        var actor = ids.get(next.actor());
        if (actor == null || actor != Proc.self() && !live.containsKey(actor)) {
            settle(next, Proc.self(), NOBODY);
            return;
        }
        var command = new Command(step, next.verb(), resolve(next));
        var result = actor == Proc.self() ? self.execute(command) : act(actor, command);
        learn(next, result);
        settle(next, actor, result);
    }

    /** Operands are ids; those of processes become pids. */
    private List<Object> resolve(Step next) {
        var args = new ArrayList<Object>(next.args());
        var at = switch (next.verb()) {
            case "link",
                    "unlink",
                    "monitor",
                    "exit2",
                    "send",
                    "sendexit",
                    "alive",
                    "children",
                    "terminate",
                    "restart",
                    "startchild" -> 0;
            case "register" -> 1;
            case "recv" -> next.args().getFirst().equals("exit") ? 1 : -1;
            default -> -1;
        };
        if (at >= 0) {
            var pid = ids.get(next.args().get(at));
            args.set(at, pid == null ? NOBODY : pid);
        }
        return args;
    }

    private Object act(Pid actor, Command command) {
        if (kinds.getOrDefault(actor, "").equals("server")) {
            try {
                return Proc.call(actor, command, HANGS);
            } catch (CallFailed.Exited e) {
                return "died";
            } catch (CallFailed.Timeout e) {
                return "hangs";
            }
        }
        Proc.send(actor, command);
        return Proc.receive(
                        HANGS, m -> m instanceof Done(var who, var _) && who == actor || isDown(m, actor) ? m : null)
                .map(answer -> switch (answer) {
                    case Done(var _, var result) -> result;
                    default -> dead(actor);
                })
                .orElse("hangs");
    }

    private static boolean isDown(Object message, Pid pid) {
        return message instanceof Down(var _, var who, var _) && who == pid;
    }

    private Object dead(Pid pid) {
        live.remove(pid);
        try {
            // What a body does last is to tell its links and monitors.
            var thread = shared.log().thread(pid);
            if (thread != Thread.currentThread()) {
                thread.join(HANGS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "died";
    }

    /** New processes the driver hears of by the result of an operation; children by the log. */
    private void learn(Step next, Object result) {
        if (next.verb().equals("spawn") && result instanceof Pid pid) {
            kinds.put(pid, next.args().get(1));
            born(next.args().getFirst(), next.args().getFirst(), pid);
        } else if (next.verb().equals("sup") && result instanceof SupervisorRef sup) {
            shared.sups().put(sup.pid(), sup);
            born(next.args().getFirst(), next.args().getFirst(), sup.pid());
        }
    }

    private void born(String id, String name, Pid pid) {
        ids.put(id, pid);
        names.put(pid, name);
        live.put(pid, 0);
        Proc.monitor(pid);
    }

    // ---- rest ------------------------------------------------------------------------------------------------

    private void settle(Step next, Pid actor, Object result) {
        var deadline = Node.current().nanos() + patience.toNanos();
        events.clear();
        while (true) {
            look();
            var observed = new ArrayList<String>();
            var died = actor != Proc.self() && !live.containsKey(actor);
            // If it has ended, whether it came to answer before is not determined.
            observed.add(step + " " + next + " = " + (died ? "died" : show.result(result)));
            if (!events.isEmpty()) {
                observed.add(step + " events " + Show.events(events));
            }
            observed.add(state());
            var from = lines.size();
            var same = expected.size() >= from + observed.size()
                    && Show.same(expected.subList(from, from + observed.size()), observed);
            if (same || differs || Node.current().nanos() > deadline) {
                differs |= !same;
                lines.addAll(observed);
                return;
            }
        }
    }

    private String state() {
        var sorted = new TreeMap<String, String>();
        live.forEach((pid, count) -> sorted.put(names.get(pid), shared.sups().containsKey(pid) ? "" : ":" + count));
        var text = new StringBuilder(step + " state");
        sorted.forEach((name, count) -> text.append(' ').append(name).append(count));
        return text.toString();
    }

    /** One look at everybody. */
    private void look() {
        round++;
        for (var pid : Set.copyOf(live.keySet())) {
            if (!shared.sups().containsKey(pid)) {
                Proc.send(pid, new Barrier(step, round));
            }
        }
        for (var pid : Set.copyOf(live.keySet())) {
            var sup = shared.sups().get(pid);
            if (sup == null) {
                count(pid);
            } else {
                visit(sup);
            }
        }
        for (var event : shared.log().take()) {
            events.add(event);
            if (event instanceof EventLog.Started(var _, var id, var name, var kind, var pid)) {
                kinds.put(pid, kind);
                born(id, name, pid);
            }
        }
        while (Proc.receive(Duration.ZERO, m -> m instanceof Exit ? m : null).isPresent()) {
            // of supervisors that the driver has started
        }
    }

    private void count(Pid pid) {
        switch (Proc.<Object>receive(
                        HANGS,
                        m -> m instanceof Count(var who, var asked, var _) && who == pid && asked == round
                                        || isDown(m, pid)
                                ? m
                                : null)
                .orElse("hangs")) {
            case Count(var _, var _, var messages) -> live.put(pid, messages);
            case Down _ -> dead(pid);
            default -> live.put(pid, -1);
        }
    }

    private void visit(SupervisorRef sup) {
        try {
            sup.children(); // answered after the exits that it has got already
        } catch (CallFailed.Exited e) {
            Proc.receive(HANGS, m -> isDown(m, sup.pid()) ? m : null);
            live.remove(sup.pid());
        }
    }
}
