package dev.martlet.bench.pekko;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The actor system of this VM. Its guardian does what the programs ask for; it is the parent of all actors. */
final class Guardian {
    static final ActorSystem<Command> SYSTEM = system();

    private Guardian() {}

    /** Something to be done by the guardian. */
    @FunctionalInterface
    interface Command {
        void run(ActorContext<Command> context);
    }

    private static ActorSystem<Command> system() {
        var config = """
                pekko.loglevel = OFF
                pekko.stdout-loglevel = OFF
                pekko.log-dead-letters = off
                pekko.log-dead-letters-during-shutdown = off
                """;
        int threads = Integer.getInteger("threads", 0);
        if (threads > 0) {
            config += """
                    pekko.actor.default-dispatcher.fork-join-executor {
                      parallelism-min = %d
                      parallelism-max = %d
                    }
                    """.formatted(threads, threads);
        }
        return ActorSystem.create(
                Behaviors.<Command>setup(context -> Behaviors.receiveMessage(command -> {
                    command.run(context);
                    return Behaviors.same();
                })),
                "bench",
                ConfigFactory.parseString(config).withFallback(ConfigFactory.load()));
    }

    /** Does something in the guardian and waits for its result. */
    static <T> T ask(Function<ActorContext<Command>, T> work) {
        var result = new CompletableFuture<T>();
        SYSTEM.tell(context -> {
            try {
                result.complete(work.apply(context));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result.join();
    }

    /** Spawns many, a thousand for each of its messages, so that it also gets to bury the dead. */
    static void spawn(int count, Behavior<?> behavior) {
        SYSTEM.tell(context -> {
            var batch = Math.min(1_000, count);
            for (var i = 0; i < batch; i++) {
                context.spawnAnonymous(behavior);
            }
            if (count > batch) {
                spawn(count - batch, behavior);
            }
        });
    }

    /** Waits until no more than so many of its children are left. */
    static void awaitChildren(int most) throws InterruptedException {
        while (ask(context -> context.getChildren().size()) > most) {
            Thread.sleep(5);
        }
    }

    static int children() {
        return ask(context -> context.getChildren().size());
    }
}
