package dev.martlet.web.channel;

import static dev.martlet.otp.Child.child;
import static dev.martlet.web.channel.Channels.channel;
import static dev.martlet.web.channel.Channels.socket;

import dev.martlet.kernel.Node;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.Supervisor;
import dev.martlet.otp.SupervisorRef;
import dev.martlet.pubsub.PubSub;
import dev.martlet.web.Endpoint;
import dev.martlet.web.Limits;
import dev.martlet.web.Response;
import dev.martlet.web.Route;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A running endpoint on a free port, on a node of its own; a thread of its own is the process that owns the tree. */
final class TestEndpoint implements AutoCloseable {
    final Node node = Node.start(Node.Config.DEFAULT.name("web-test"));
    final Endpoint endpoint;
    private final ExecutorService owner =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private final SupervisorRef tree;

    TestEndpoint(Limits limits) {
        var pubsub = PubSub.named("test");
        var presence = Presence.over(pubsub, HereChannel.Meta.class);
        endpoint = Endpoint.http(
                        0,
                        socket(
                                "/socket",
                                TestEndpoint::connect,
                                channel("acc:*", new AccountChannel()),
                                channel("here:*", new HereChannel(presence))),
                        Route.get("/health", _ -> Response.json(Map.of("status", "ok"))),
                        Route.get("/broken", _ -> {
                            throw new IllegalStateException("broken, as asked for");
                        }),
                        Route.files("/pages", TestEndpoint.class, "/pages"))
                .pubsub(pubsub)
                .limits(limits)
                .eventLoops(2);
        tree = owned(() -> {
            node.attach(Spawn.DEFAULT.label("test").trappingExits());
            return Supervisor.of(Supervisor.Strategy.REST_FOR_ONE, child(pubsub), child(presence), child(endpoint))
                    .start();
        });
    }

    private <T> T owned(Callable<T> task) {
        try {
            return owner.submit(task).get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the endpoint under test", e);
        }
    }

    private static Optional<AccountChannel.User> connect(Payload params) {
        return params.has("reject")
                ? Optional.empty()
                : Optional.of(new AccountChannel.User(params.optional("user").orElse("anon")));
    }

    int port() {
        return endpoint.port();
    }

    void stopEndpoint() {
        owned(() -> {
            tree.close();
            return true;
        });
    }

    @Override
    public void close() {
        stopEndpoint();
        owner.shutdown();
        node.close();
    }
}
