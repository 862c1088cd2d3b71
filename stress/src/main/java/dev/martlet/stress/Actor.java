package dev.martlet.stress;

import static dev.martlet.stress.Message.NOBODY;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.Child;
import dev.martlet.otp.StartFailed;
import dev.martlet.otp.Supervisor;
import dev.martlet.otp.SupervisorRef;
import dev.martlet.stress.Message.Box;
import dev.martlet.stress.Message.Command;
import dev.martlet.stress.Message.Text;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Executes operations as the process that calls it: a worker, or the driver. */
final class Actor {
    /** What all of a program share. */
    record Shared(EventLog log, Pid driver, String names, Map<Pid, SupervisorRef> sups) {
        Shared(Pid driver, String names) {
            this(new EventLog(), driver, names, new ConcurrentHashMap<>());
        }
    }

    /** A crash of the program's. */
    static final class Boom extends RuntimeException {
        private static final long serialVersionUID = 1;

        Boom(String message) {
            super(message, null, false, false);
        }
    }

    final String id;
    final Shared shared;
    final Mailbox mailbox;
    private final Mailbox.Monitors monitors = new Mailbox.Monitors();
    boolean traps;

    Actor(String id, Shared shared, Mailbox mailbox) {
        this.id = id;
        this.shared = shared;
        this.mailbox = mailbox;
    }

    Object execute(Command op) {
        if (op.args().contains(NOBODY)) {
            return NOBODY;
        }
        return switch (op.verb()) {
            case "spawn" ->
                Worker.start(op.text(2).equals("link"), new Actor(op.text(0), shared, Worker.box(op.text(1))));
            case "link" -> {
                Proc.link(op.pid(0));
                yield true;
            }
            case "unlink" -> {
                Proc.unlink(op.pid(0));
                yield true;
            }
            case "monitor" -> {
                monitors.add(op.text(1), Proc.monitor(op.pid(0)));
                yield true;
            }
            case "demonitor" -> {
                var monitor = monitors.byName().get(op.text(0));
                yield monitor == null ? NOBODY : (Object) Proc.demonitor(monitor);
            }
            case "trap" -> {
                traps = op.text(0).equals("true");
                yield Proc.trapExit(traps);
            }
            case "exit" -> throw Proc.exit(Show.reason(op.text(0)));
            case "crash" -> throw new Boom(op.text(0));
            case "exit2" -> {
                Proc.exit(op.pid(0), Show.reason(op.text(1)));
                yield true;
            }
            case "send" -> send(op, op.pid(0), Integer.parseInt(op.text(1)));
            case "sendexit" -> {
                send(op, op.pid(0), Integer.parseInt(op.text(1)));
                throw Proc.exit(Show.reason(op.text(2)));
            }
            case "sendname" ->
                Node.current().whereis(name(op)).map(pid -> send(op, pid, 1)).orElse("nobody");
            case "recv" -> receive(op.args());
            case "drain" ->
                new Box(mailbox.drain().stream().map(monitors::named).toList());
            case "alive" -> op.pid(0).isAlive();
            case "register" -> register(name(op), op.pid(1));
            case "unregister" -> Node.current().unregister(name(op));
            case "whereis" ->
                Node.current().whereis(name(op)).map(Object.class::cast).orElse("nobody");
            default -> supervise(op);
        };
    }

    private String name(Command op) {
        return shared.names() + op.text(0);
    }

    private Object send(Command op, Pid to, int count) {
        for (var i = 1; i <= count; i++) {
            Proc.send(to, new Text(id, op.step() * 10 + i));
        }
        return true;
    }

    private Object receive(List<Object> args) {
        if (args.getFirst().equals("down") && !monitors.byName().containsKey(args.get(1))) {
            return NOBODY;
        }
        return mailbox.take(Mailbox.wanted(args, monitors)).map(monitors::named).orElse("nothing");
    }

    private static Object register(String name, Pid pid) {
        try {
            Node.current().register(name, pid);
            return true;
        } catch (IllegalStateException e) {
            return "error";
        }
    }

    // ---- supervisors -----------------------------------------------------------------------------------------

    private Object supervise(Command op) {
        try {
            return switch (op.verb()) {
                case "sup" -> startSupervisor(op);
                case "children" -> supervisor(op).children();
                case "terminate" -> supervisor(op).terminateChild(op.text(1)) ? true : "error";
                case "restart" -> supervisor(op).restartChild(op.text(1));
                case "startchild" -> supervisor(op).startChild(child(supId(op.text(1)), op.text(1)));
                default -> throw new AssertionError("no such operation: " + op);
            };
        } catch (StartFailed | IllegalArgumentException e) {
            return "error";
        } catch (CallFailed.Exited e) {
            return "noproc";
        }
    }

    private SupervisorRef supervisor(Command op) {
        return Objects.requireNonNull(shared.sups().get(op.pid(0)));
    }

    /** The children of s0 are s0c0, s0c1, … */
    private static String supId(String child) {
        return child.substring(0, child.indexOf('c'));
    }

    private Object startSupervisor(Command op) {
        var children = op.args().stream()
                .skip(3)
                .map(text -> child(op.text(0), text.toString()))
                .toArray(Child[]::new);
        return Supervisor.of(Supervisor.Strategy.valueOf(op.text(1).toUpperCase(Locale.ROOT)), children)
                .maxRestarts(Integer.parseInt(op.text(2)), Duration.ofHours(1))
                .start();
    }

    /** A child is written id:restart:kind:shutdown:starts-that-fail, as in s0c1:permanent:body:wait:2,3. */
    private Child child(String sup, String text) {
        var words = text.split(":", -1);
        var childId = words[0];
        var bad = List.of(words[4].split(",", -1));
        return Child.of(childId, spawn -> {
                    var number = Integer.toString(shared.log().start(childId));
                    var name = childId + "#" + number;
                    if (bad.contains(number)) {
                        shared.log().add(new EventLog.Failed(sup, name));
                        throw new IllegalStateException("refused");
                    }
                    var pid = Worker.startChild(spawn, sup, new Actor(childId, shared, Worker.box(words[2])));
                    shared.log().add(new EventLog.Started(sup, childId, name, words[2], pid));
                    return pid;
                })
                .restart(Child.Restart.valueOf(words[1].toUpperCase(Locale.ROOT)))
                .shutdown(words[3].equals("brutal") ? Duration.ZERO : Duration.ofSeconds(5));
    }

    /** Says that its supervisor asks it to stop. */
    void bye(String sup, ExitReason reason) {
        shared.log().add(new EventLog.Bye(sup, id, reason));
    }
}
