package dev.martlet.web.netty;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.Child;
import dev.martlet.pubsub.PubSub;
import dev.martlet.pubsub.Topic;
import dev.martlet.web.Endpoint;
import dev.martlet.web.Limits;
import dev.martlet.web.Route;
import dev.martlet.web.channel.Broadcast;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An endpoint as a value, and what of it runs now. */
public final class Server implements Endpoint {
    /**
     * What it was told.
     *
     * @param address where it listens
     * @param port where it listens
     * @param routes what it serves
     * @param pubsub over which its channels broadcast; empty for one of its own
     * @param limits what a client may cost
     * @param eventLoops how many
     */
    public record Config(
            String address, int port, List<Route> routes, Optional<PubSub> pubsub, Limits limits, int eventLoops) {
        Config limits(Limits limits) {
            return new Config(address, port, routes, pubsub, limits, eventLoops);
        }
    }

    private static final Duration START = Duration.ofSeconds(30);

    private final Config config;
    private final PubSub pubsub;
    private volatile @Nullable Listener listener;

    /** An endpoint of that configuration, not running. */
    public Server(Config config) {
        this.config = config;
        this.pubsub = config.pubsub.orElseGet(() -> PubSub.named("endpoint " + config.port));
        Router.of(config.routes, List.of()); // mistakes are told here, not at start
    }

    @Override
    public Endpoint pubsub(PubSub pubsub) {
        return new Server(new Config(
                config.address, config.port, config.routes, Optional.of(pubsub), config.limits, config.eventLoops));
    }

    @Override
    public Endpoint address(String address) {
        return new Server(
                new Config(address, config.port, config.routes, config.pubsub, config.limits, config.eventLoops));
    }

    @Override
    public Endpoint limits(Limits limits) {
        return new Server(config.limits(limits));
    }

    @Override
    public Endpoint eventLoops(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("eventLoops: allowed is 1 or more; got: " + count);
        }
        return new Server(new Config(config.address, config.port, config.routes, config.pubsub, config.limits, count));
    }

    @Override
    public Child child() {
        return Child.of("Endpoint " + config.port, spawn -> {
                    var process = Node.current()
                            .spawn(spawn.trappingExits().label("endpoint :" + config.port), new ServerProcess(this));
                    try {
                        if (Proc.call(process, new ServerProcess.Listen(), START)
                                instanceof ServerProcess.Failed(var why)) {
                            throw new IllegalStateException(why);
                        }
                    } catch (CallFailed e) {
                        Proc.kill(process);
                        throw e;
                    }
                    return process;
                })
                .shutdown(config.limits.stopTimeout().plusSeconds(5));
    }

    Config config() {
        return config;
    }

    boolean ownsPubsub() {
        return config.pubsub.isEmpty();
    }

    @Nullable
    Listener listener() {
        return listener;
    }

    void listener(@Nullable Listener listener) {
        this.listener = listener;
    }

    @Override
    public int port() {
        var now = listener;
        if (now == null) {
            throw new IllegalStateException(this + " does not run: put child(endpoint) into the supervision tree");
        }
        return now.port();
    }

    @Override
    public PubSub pubsub() {
        return pubsub;
    }

    @Override
    public void broadcast(String topic, String event, Object payload) {
        Topic<Broadcast> to = Broadcast.topic(topic);
        pubsub.broadcast(to, new Broadcast(event, payload));
    }

    @Override
    public String toString() {
        return "Endpoint " + config.address + ":" + config.port;
    }
}
