package dev.martlet.stress;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import dev.martlet.stress.Message.Barrier;
import dev.martlet.stress.Message.Command;
import dev.martlet.stress.Message.Count;
import dev.martlet.stress.Message.Done;
import java.util.ArrayList;
import java.util.Optional;

/** A process that does what the driver says: as a body, with a real mailbox, or as a server. */
final class Worker {
    /** Who supervises a worker. */
    private record Parent(String sup, Pid pid) {}

    private Worker() {}

    static Mailbox box(String kind) {
        return kind.equals("body") ? new Mailbox.Real() : new Mailbox.Kept(new ArrayList<>());
    }

    /** A worker of its own. */
    static Pid start(boolean link, Actor actor) {
        var spawn = link ? Spawn.DEFAULT.linked() : Spawn.DEFAULT;
        return start(spawn, Optional.empty(), actor);
    }

    /** A worker that is the child of the calling supervisor. */
    static Pid startChild(Spawn spawn, String sup, Actor actor) {
        return start(spawn, Optional.of(new Parent(sup, Proc.self())), actor);
    }

    private static Pid start(Spawn spawn, Optional<Parent> parent, Actor actor) {
        return switch (actor.mailbox) {
            case Mailbox.Real _ -> Node.current().spawn(spawn, () -> body(actor, parent));
            case Mailbox.Kept _ -> Node.current().spawn(spawn, new Server(actor, parent));
        };
    }

    private static void barrier(Barrier barrier, Actor actor) {
        actor.mailbox.mark(barrier.step());
        Proc.send(actor.shared.driver(), new Count(Proc.self(), barrier.round(), actor.mailbox.count()));
    }

    private static void body(Actor actor, Optional<Parent> parent) {
        actor.shared.log().thread(Proc.self(), Thread.currentThread());
        var boss = parent.map(Parent::pid).orElse(Proc.self());
        while (true) {
            switch (Proc.receive(m -> m instanceof Command
                            || m instanceof Barrier
                            || m instanceof Exit(var from, var _) && from == boss && parent.isPresent()
                    ? m
                    : null)) {
                case Command command -> Proc.send(actor.shared.driver(), new Done(Proc.self(), actor.execute(command)));
                case Barrier barrier -> barrier(barrier, actor);
                case Exit(var _, var reason) -> {
                    parent.ifPresent(p -> actor.bye(p.sup, reason));
                    throw Proc.exit(reason);
                }
                default -> throw new AssertionError();
            }
        }
    }

    /** Commands come as calls: a call to a process that ends is refused when its end has been told to all. */
    private static final class Server implements Receiver {
        private final Actor actor;
        private final Optional<Parent> parent;
        private boolean executing;

        Server(Actor actor, Optional<Parent> parent) {
            this.actor = actor;
            this.parent = parent;
        }

        @Override
        public void receive(Object message) {
            if (message instanceof Barrier barrier) {
                barrier(barrier, actor);
            } else {
                ((Mailbox.Kept) actor.mailbox).messages().add(message);
            }
        }

        @Override
        public void request(Object message, Caller caller) {
            executing = true;
            caller.reply(actor.execute((Command) message));
            executing = false;
        }

        /** Martlet asks a supervised server to stop; on Erlang's side only those that trap exits notice. */
        @Override
        public void stopped(ExitReason reason) {
            if (!executing && actor.traps) {
                parent.ifPresent(p -> actor.bye(p.sup, reason));
            }
        }
    }
}
