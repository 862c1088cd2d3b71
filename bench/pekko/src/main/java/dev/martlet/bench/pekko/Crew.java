package dev.martlet.bench.pekko;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The actors of one run. Closing it stops them and waits until they have stopped. */
final class Crew implements AutoCloseable {
    /** Tells an actor to begin. */
    static final Object GO = new Object();

    /** Ends an actor. */
    static final Object STOP = new Object();

    private final int others = Guardian.children();
    private final List<ActorRef<Object>> all = new ArrayList<>();

    /** What an actor does with a message. */
    @FunctionalInterface
    interface Handler {
        void receive(Object message, ActorContext<Object> context) throws Exception;
    }

    static Behavior<Object> behavior(Handler handler) {
        return Behaviors.setup(context -> Behaviors.receiveMessage(message -> {
            if (message == STOP) {
                return Behaviors.stopped();
            }
            handler.receive(message, context);
            return Behaviors.same();
        }));
    }

    ActorRef<Object> actor(Handler handler) {
        return spawn(behavior(handler));
    }

    ActorRef<Object> spawn(Behavior<Object> behavior) {
        var actor = Guardian.ask(context -> context.spawnAnonymous(behavior));
        all.add(actor);
        return actor;
    }

    List<ActorRef<Object>> actors(int count, IntFunction<Handler> handler) {
        var actors = Guardian.ask(context -> {
            var list = new ArrayList<ActorRef<Object>>(count);
            for (var i = 0; i < count; i++) {
                list.add(context.spawnAnonymous(behavior(handler.apply(i))));
            }
            return list;
        });
        all.addAll(actors);
        return actors;
    }

    @Override
    public void close() {
        all.forEach(actor -> actor.tell(STOP));
        try {
            Guardian.awaitChildren(others);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while actors were stopping", e);
        }
    }
}
