package dev.martlet.pubsub;

import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.ProcessExit;
import dev.martlet.kernel.Telemetry;
import dev.martlet.otp.Child;
import dev.martlet.otp.Ref;
import dev.martlet.pubsub.spi.Sink;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The table of one PubSub. It lives in two maps whose bins are the stripes: topics to their listeners, and processes to
 * their subscriptions, so that a death costs no search. Whoever subscribes or broadcasts works on them itself; the
 * process behind it ({@link Watcher}) only watches the subscribers and takes the dead ones out.
 *
 * <p>A subscription is first put in both maps, then watched. So for one that comes too late, of a process that is dead,
 * the watcher's monitor fires at once and removes it again.
 */
final class LocalPubSub implements PubSub {
    private final String name;
    private final ConcurrentHashMap<Topic<?>, Listeners> topics = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Pid, Set<Subscription>> subscribers = new ConcurrentHashMap<>();
    private volatile @Nullable Running running;

    private record Running(Pid watcher, Telemetry telemetry) {}

    LocalPubSub(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Child child() {
        return Child.of("PubSub " + name, spawn -> {
            var node = Node.current();
            var watcher = node.spawn(spawn.label("PubSub " + name), new Watcher(this));
            running = new Running(watcher, node.telemetry());
            // Those who had subscribed before a restart are watched by the new process.
            subscribers.keySet().forEach(pid -> Proc.sendPriority(watcher, new Watcher.Watch(pid)));
            return watcher;
        });
    }

    private Running running() {
        var now = running;
        if (now == null || !now.watcher.isAlive()) {
            throw new IllegalStateException("PubSub " + name
                    + " does not run: put child(pubsub) into the supervision tree, before the children that use it");
        }
        return now;
    }

    @Override
    public <E, M> void subscribe(Topic<E> topic, Ref<M> subscriber, Function<? super E, ? extends M> as) {
        var pid = subscriber
                .pid()
                .orElseThrow(() -> new IllegalStateException(
                        "cannot subscribe " + subscriber + " to " + topic + ": nobody has that name now"));
        subscribe(topic, pid, event -> as.apply(topic.type().cast(event)));
    }

    @Override
    public void subscribe(Topic<?> topic) {
        subscribe(topic, Proc.self(), event -> event);
    }

    private void subscribe(Topic<?> topic, Pid pid, Function<Object, Object> as) {
        var watcher = running().watcher;
        var subscription = new Subscription(topic, pid, as);
        topics.compute(topic, (_, there) -> {
            var listeners = there == null ? new Listeners() : there;
            listeners.subscriptions.add(subscription);
            return listeners;
        });
        var first = new boolean[1];
        subscribers.compute(pid, (_, there) -> {
            first[0] = there == null;
            var own = there == null ? ConcurrentHashMap.<Subscription>newKeySet() : there;
            own.add(subscription);
            return own;
        });
        if (first[0]) {
            try {
                Proc.sendPriority(watcher, new Watcher.Watch(pid));
            } catch (ProcessExit e) {
                // We were killed a moment ago and may not send any more; what was entered must not outlive us.
                forget(pid);
                throw e;
            }
        }
    }

    @Override
    public void unsubscribe(Topic<?> topic) {
        unsubscribe(topic, Proc.self());
    }

    @Override
    public void unsubscribe(Topic<?> topic, Ref<?> subscriber) {
        subscriber.pid().ifPresent(pid -> unsubscribe(topic, pid));
    }

    private void unsubscribe(Topic<?> topic, Pid pid) {
        // The process keeps its entry, even an empty one: it is watched until it ends.
        var own = subscribers.get(pid);
        if (own != null) {
            own.removeIf(subscription -> {
                var ends = subscription.topic.equals(topic);
                if (ends) {
                    remove(subscription);
                }
                return ends;
            });
        }
    }

    /** All subscriptions of a process that has ended. */
    void forget(Pid pid) {
        var own = subscribers.remove(pid);
        if (own != null) {
            own.forEach(this::remove);
        }
    }

    private void remove(Subscription subscription) {
        topics.computeIfPresent(subscription.topic, (_, listeners) -> {
            listeners.subscriptions.remove(subscription);
            return listeners.isEmpty() ? null : listeners;
        });
    }

    @Override
    public <E> void broadcast(Topic<E> topic, E event) {
        publish(topic, event, null);
    }

    @Override
    public <E> void broadcastFrom(Pid from, Topic<E> topic, E event) {
        publish(topic, event, from);
    }

    private <E> void publish(Topic<E> topic, E event, @Nullable Pid from) {
        Object checked = topic.type().cast(event); // a raw caller learns of its mistake here, not each subscriber
        var listeners = topics.get(topic);
        if (listeners == null) {
            return;
        }
        listeners.deliver(checked, from);
        for (var subscription : listeners.subscriptions) {
            if (subscription.pid != from) {
                send(subscription, checked);
            }
        }
    }

    private void send(Subscription to, Object event) {
        Object message;
        try {
            message = to.as.apply(event);
        } catch (RuntimeException e) {
            // A subscriber's mistake is no reason for the broadcaster, or for other subscribers, to suffer.
            emit(PubSubEvent.MapperFailed.class, new PubSubEvent.MapperFailed(to.topic, to.pid, e));
            return;
        }
        if (!Proc.offer(to.pid, message)) {
            emit(PubSubEvent.Dropped.class, new PubSubEvent.Dropped(to.topic, to.pid));
        }
    }

    private <T extends PubSubEvent> void emit(Class<T> type, T event) {
        var now = running;
        if (now != null) {
            now.telemetry.emit(type, () -> event);
        }
    }

    @Override
    public <E> void attach(Topic<E> topic, Sink<E> sink) {
        topics.compute(topic, (_, there) -> {
            var listeners = there == null ? new Listeners() : there;
            listeners.attach(sink);
            return listeners;
        });
    }

    @Override
    public <E> void detach(Topic<E> topic, Sink<E> sink) {
        topics.computeIfPresent(topic, (_, listeners) -> {
            listeners.detach(sink);
            return listeners.isEmpty() ? null : listeners;
        });
    }

    @Override
    public int count(Topic<?> topic) {
        var listeners = topics.get(topic);
        return listeners == null ? 0 : listeners.size();
    }

    @Override
    public String toString() {
        return "PubSub " + name;
    }

    /** Compared by identity: the same process may subscribe to the same topic twice. */
    static final class Subscription {
        final Topic<?> topic;
        final Pid pid;
        final Function<Object, Object> as;

        Subscription(Topic<?> topic, Pid pid, Function<Object, Object> as) {
            this.topic = topic;
            this.pid = pid;
            this.as = as;
        }
    }
}
