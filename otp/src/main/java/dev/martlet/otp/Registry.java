package dev.martlet.otp;

import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds one of many servers by key: rooms, devices, documents. A key belongs to one living process at a time and is free
 * again as soon as that ends.
 *
 * {@snippet :
 * Registry<String, Room.Msg> rooms = Registry.unique("rooms");     // a child of the tree
 *
 * Ref<Room.Msg> lobby = rooms.getOrStart("lobby", id -> new Room(id, pubsub));
 * Ref<Room.Msg> vault = rooms.ref("vault");                        // whoever has that key at the time of each send
 * rooms.register("vault", new Meta("ann"));                        // in the room's init: found under a key of its own
 * List<Registry.Entry<String>> anns = rooms.select(e -> e.value().equals(new Meta("ann")));
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>Lookups read a concurrent map and never wait. A process that has ended is never returned, not even between its
 *       end and the cleaning up.
 *   <li>Of many that register the same key at once, one gets it. A process may have many keys, each with a value.
 *   <li>What {@link #getOrStart} starts is linked to the registry: it stops with it, and is not restarted but started
 *       anew by the next who asks.
 *   <li>If the registry itself should crash, its keys stay: its next process watches their owners anew.
 * </ul>
 *
 * <p>After Elixir's <a href="https://hexdocs.pm/elixir/Registry.html">Registry</a>, kind {@code :unique}; for keys of many
 * see {@link DuplicateRegistry}.
 *
 * @param <K> the keys
 * @param <M> the protocol of the servers
 */
public final class Registry<K, M> implements Supervised {
    /**
     * One registration.
     *
     * @param <K> the keys
     * @param key what is registered
     * @param pid by whom
     * @param value and with what; {@code true} if nothing was given
     */
    public record Entry<K>(K key, Pid pid, Object value) {}

    private final String name;
    private final int maxStarted;
    private final RegistryPartitions partitions;
    private final RegistryListeners listeners;
    private final ConcurrentHashMap<K, Entry<K>> entries = new ConcurrentHashMap<>();
    private final Owned<K> owned = new Owned<>();

    private Registry(String name, int partitions, int maxStarted) {
        if (maxStarted < 1) {
            throw new IllegalArgumentException("maxStarted: allowed is 1 or more; got: " + maxStarted);
        }
        this.name = name;
        this.maxStarted = maxStarted;
        this.partitions = new RegistryPartitions(name, partitions);
        this.listeners = new RegistryListeners(name);
    }

    /** A registry in which a key has one owner. Nothing runs before it is started as a child. */
    public static <K, M> Registry<K, M> unique(String name) {
        return new Registry<>(name, 1, 1_000_000);
    }

    /** A registry in which a key may have many. */
    public static <K, M> DuplicateRegistry<K, M> duplicate(String name) {
        return new DuplicateRegistry<>(name, 1);
    }

    /** One of its own with that many processes that start servers and clean up; 1 unless said. */
    public Registry<K, M> partitions(int count) {
        return new Registry<>(name, count, maxStarted);
    }

    /** One of its own that starts at most that many servers at a time in each partition; 1,000,000 unless said. */
    public Registry<K, M> maxStarted(int max) {
        return new Registry<>(name, partitions.size(), max);
    }

    // ---- finding ---------------------------------------------------------------------------------------------

    /** The process that owns {@code key}. */
    public Optional<Pid> whereis(K key) {
        var entry = entries.get(key);
        return entry == null || !entry.pid.isAlive() ? Optional.empty() : Optional.of(entry.pid);
    }

    /** The server that owns {@code key}. */
    public Optional<Ref<M>> lookup(K key) {
        var entry = entries.get(key);
        return entry == null || !entry.pid.isAlive() ? Optional.empty() : Optional.of(Ref.of(entry.pid));
    }

    /** Owner and value of {@code key}. */
    public Optional<Entry<K>> entry(K key) {
        return Optional.ofNullable(entries.get(key)).filter(e -> e.pid.isAlive());
    }

    /**
     * A ref to whoever owns {@code key} at the time of each send: it outlives restarts. While there is nobody a cast does
     * nothing and a call fails with {@code noproc}.
     */
    public Ref<M> ref(K key) {
        return new RegistryRef<>(this, key);
    }

    /** The keys of a process. */
    public Set<K> keys(Pid pid) {
        return pid.isAlive() ? owned.of(pid) : Set.of();
    }

    /** The registrations that are {@code wanted}, of living processes, in no order; looks at all of them. */
    public List<Entry<K>> select(Predicate<? super Entry<K>> wanted) {
        return entries.values().stream()
                .filter(e -> e.pid.isAlive() && wanted.test(e))
                .toList();
    }

    /** How many keys have an owner. A moment after an owner's end its keys may still count. */
    public int size() {
        return entries.size();
    }

    // ---- changing --------------------------------------------------------------------------------------------

    /**
     * Makes the calling process the owner of {@code key}.
     *
     * @return false if another living process owns it
     */
    public boolean register(K key) {
        return register(key, true);
    }

    /** The same, with a value that others find beside the key; an immutable one. If it is the owner already, it stays so. */
    public boolean register(K key, Object value) {
        var self = Proc.self();
        var _ = partitions.of(self); // is it running?
        var entry = new Entry<>(key, self, value);
        var now = entries.compute(key, (_, old) -> old != null && old.pid.isAlive() ? old : changed(old, entry));
        if (now == entry) {
            partitions.own(owned, key, () -> remove(key, self));
        }
        return now.pid == self;
    }

    private Entry<K> changed(@Nullable Entry<K> old, Entry<K> entry) {
        if (old != null) {
            listeners.unregistered(old.key, old.pid);
        }
        listeners.registered(entry.key, entry.pid, entry.value);
        return entry;
    }

    /**
     * Replaces the value of a key of the calling process. Others see the old or the new one. The function is to be quick:
     * who registers a neighbouring key waits for it.
     *
     * @return false if it is not the owner
     */
    public boolean updateValue(K key, UnaryOperator<Object> change) {
        var self = Proc.self();
        var now = entries.computeIfPresent(
                key, (_, e) -> e.pid == self ? new Entry<>(key, self, change.apply(e.value)) : e);
        return now != null && now.pid == self;
    }

    /** Gives up a key of the calling process. */
    public void unregister(K key) {
        var self = Proc.self();
        remove(key, self);
        owned.remove(self, key);
    }

    private void remove(K key, Pid pid) {
        entries.computeIfPresent(key, (_, e) -> {
            if (e.pid != pid) {
                return e;
            }
            listeners.unregistered(key, pid);
            return null;
        });
    }

    /**
     * Sends the process a {@link RegistryEvent} for each registration and each end of one from now on, until it ends. If
     * its mailbox is full an event is dropped and counted, because the one who registers does not wait for listeners.
     */
    public void listen(Pid listener) {
        listeners.add(listener);
    }

    // ---- starting --------------------------------------------------------------------------------------------

    /**
     * The server that owns {@code key}, started by {@code server} if there is none. Waits until it is ready. The function
     * runs in the registry's process and only makes the value; what takes time belongs into {@code init}.
     *
     * @throws StartFailed if it does not start
     * @throws IllegalStateException if the registry does not run, or has started as many as it may
     */
    public Ref<M> getOrStart(K key, Function<? super K, ? extends GenServer<M, ?>> server) {
        var now = entries.get(key);
        if (now != null && now.pid.isAlive()) {
            return Ref.of(now.pid);
        }
        return switch (Proc.call(partitions.of(key), new StartOf(key, server), Duration.ofSeconds(30))) {
            case RegistryLoop.Owner(var pid, var ours) -> {
                if (ours) {
                    ServerLoop.awaitReady(name + "[" + key + "]", pid);
                }
                yield Ref.of(pid);
            }
            case RuntimeException failed -> throw failed;
            case Object other -> throw new IllegalStateException("unexpected answer: " + other);
        };
    }

    private final class StartOf implements RegistryLoop.Start {
        private final K key;
        private final Function<? super K, ? extends GenServer<M, ?>> server;

        StartOf(K key, Function<? super K, ? extends GenServer<M, ?>> server) {
            this.key = key;
            this.server = server;
        }

        @Override
        public Object ownerOrServer() {
            var owner = whereis(key);
            return owner.isPresent() ? owner.get() : server.apply(key);
        }

        @Override
        public Pid own(Pid started) {
            var entry = new Entry<K>(key, started, true);
            var now = entries.compute(key, (_, old) -> old != null && old.pid.isAlive() ? old : changed(old, entry));
            if (now == entry) {
                owned.add(started, key);
            }
            return now.pid;
        }

        @Override
        public String toString() {
            return "getOrStart(" + key + ")";
        }
    }

    @Override
    public Child child() {
        return partitions.child(i -> new RegistryLoop(new Share(i), maxStarted, this::full));
    }

    private RuntimeException full() {
        return new IllegalStateException("the registry " + name + " has started " + maxStarted
                + " servers, as many as it may; allow more by maxStarted, or stop those that are idle");
    }

    private final class Share implements RegistryLoop.Table {
        private final int index;

        Share(int index) {
            this.index = index;
        }

        @Override
        public Iterable<Pid> owners() {
            return partitions.share(index, owned.pids());
        }

        @Override
        public void forget(Pid pid) {
            owned.forget(pid).forEach(key -> remove(key, pid));
        }
    }

    @Override
    public String toString() {
        return "registry " + name;
    }
}
