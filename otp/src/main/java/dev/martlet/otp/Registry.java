package dev.martlet.otp;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Down;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds one of many servers by key: rooms, devices, documents. A key belongs to one living process at a time and is free
 * again as soon as that ends.
 *
 * {@snippet :
 * Registry<String, Room.Msg> rooms = Registry.unique("rooms");     // a child of the tree
 *
 * Ref<Room.Msg> lobby = rooms.getOrStart("lobby", id -> new Room(id, pubsub));
 * Optional<Pid> vault = rooms.whereis("vault");
 * }
 *
 * <p>Lookups read a concurrent map and never wait; a process that has ended is never returned. What {@link #getOrStart}
 * starts is linked to the registry: it stops with it, and is not restarted but started anew by the next who asks.
 *
 * <p>After Elixir's <a href="https://hexdocs.pm/elixir/Registry.html">Registry</a>, kind {@code :unique}.
 *
 * @param <K> the keys
 * @param <M> the protocol of the servers
 */
public final class Registry<K, M> implements Supervised {
    private final String name;
    private final ConcurrentHashMap<K, Pid> owners = new ConcurrentHashMap<>();
    private volatile @Nullable Pid keeper;

    private Registry(String name) {
        this.name = name;
    }

    /** A registry in which a key has one owner. Nothing runs before it is started as a child. */
    public static <K, M> Registry<K, M> unique(String name) {
        return new Registry<>(name);
    }

    /** The process that owns {@code key}. */
    public Optional<Pid> whereis(K key) {
        return Optional.ofNullable(owners.get(key)).filter(Pid::isAlive);
    }

    /** The server that owns {@code key}. */
    public Optional<Ref<M>> lookup(K key) {
        return whereis(key).map(Ref::of);
    }

    /**
     * Makes the calling process the owner of {@code key}.
     *
     * @return false if another living process owns it
     */
    public boolean register(K key) {
        var self = Proc.self();
        var owner = owners.compute(key, (_, now) -> now != null && now.isAlive() ? now : self);
        if (owner != self) {
            return false;
        }
        Proc.send(keeper(), new Watch(key, self));
        return true;
    }

    /** Gives up a key of the calling process. */
    public void unregister(K key) {
        owners.remove(key, Proc.self());
    }

    /** The server that owns {@code key}, started by {@code server} if there is none. Waits until it is ready. */
    public Ref<M> getOrStart(K key, Function<? super K, ? extends GenServer<M, ?>> server) {
        var owner = owners.get(key);
        if (owner == null || !owner.isAlive()) {
            owner = (Pid) Proc.call(keeper(), new Start(key, server), Duration.ofSeconds(30));
            ServerLoop.awaitReady(name + "[" + key + "]", owner);
        }
        return Ref.of(owner);
    }

    /** How many keys have an owner. */
    public int size() {
        return owners.size();
    }

    private Pid keeper() {
        var pid = keeper;
        if (pid == null || !pid.isAlive()) {
            throw new IllegalStateException("the registry " + name
                    + " is not running; start it as a child: Supervisor.of(…, child(registry), …)");
        }
        return pid;
    }

    @Override
    public Child child() {
        return Child.of("Registry " + name, spawn -> {
            owners.clear();
            var pid = Node.current().spawn(spawn, new Keeper());
            keeper = pid;
            return pid;
        });
    }

    private record Watch(Object key, Pid owner) {}

    private record Start(Object key, Function<?, ?> server) {}

    /** Frees the keys of the dead and is the parent of what {@link #getOrStart} starts. */
    private final class Keeper implements Receiver {
        private final Map<Pid, Set<Object>> keys = new HashMap<>();
        private final Set<Pid> started = new HashSet<>();

        @Override
        public void started() {
            Proc.trapExit(true);
        }

        @Override
        public void receive(Object message) {
            switch (message) {
                case Watch(var key, var owner) -> watch(key, owner);
                case Down(var _, var pid, var _) -> {
                    started.remove(pid);
                    var owned = keys.remove(pid);
                    if (owned != null) {
                        owned.forEach(key -> owners.remove(key, pid));
                    }
                }
                default -> {} // exits of what we started: their Down says the same
            }
        }

        @Override
        @SuppressWarnings("unchecked") // only getOrStart makes these, with its own K and M
        public void request(Object message, Caller caller) {
            var start = (Start) message;
            var key = (K) start.key;
            var owner = owners.get(key);
            if (owner == null || !owner.isAlive()) {
                var server = ((Function<K, GenServer<M, ?>>) start.server).apply(key);
                owner = ServerLoop.spawn(server, Spawn.DEFAULT.linkedOrderly());
                started.add(owner);
                owners.put(key, owner);
                watch(key, owner);
            }
            caller.reply(owner);
        }

        private void watch(Object key, Pid owner) {
            var owned = keys.computeIfAbsent(owner, pid -> {
                Proc.monitor(pid);
                return new HashSet<>(2);
            });
            owned.add(key);
        }

        @Override
        public void stopped(ExitReason reason) {
            started.forEach(pid -> Proc.exit(pid, ExitReason.SHUTDOWN));
            started.forEach(pid -> {
                if (Proc.awaitExit(pid, Duration.ofSeconds(5)).isEmpty()) {
                    Proc.kill(pid);
                }
            });
        }
    }
}
