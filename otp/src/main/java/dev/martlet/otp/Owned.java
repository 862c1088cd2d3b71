package dev.martlet.otp;

import dev.martlet.kernel.Pid;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which keys a process has, so that they can be freed when it ends. A process stays known until then, even without keys:
 * it is watched once in its life, however often it comes and goes.
 *
 * <p>Most have one key, which is kept as it is; what is changed is changed inside of {@code compute}, under its lock.
 */
final class Owned<K> {
    /** More than one key, or none. */
    private static final class Keys extends HashSet<Object> {
        private static final long serialVersionUID = 1;

        Keys() {
            super(4);
        }
    }

    private final ConcurrentHashMap<Pid, Object> owners = new ConcurrentHashMap<>();

    /** Whether the process was not known before. */
    boolean add(Pid pid, K key) {
        var unknown = new boolean[1];
        owners.compute(pid, (_, now) -> {
            if (now == null) {
                unknown[0] = true;
                return key;
            }
            if (now.equals(key)) {
                return now;
            }
            var keys = keys(now);
            keys.add(key);
            return keys;
        });
        return unknown[0];
    }

    void remove(Pid pid, K key) {
        owners.computeIfPresent(pid, (_, now) -> {
            var keys = keys(now);
            keys.remove(key);
            return keys;
        });
    }

    private static Keys keys(Object now) {
        if (now instanceof Keys keys) {
            return keys;
        }
        var keys = new Keys();
        keys.add(now);
        return keys;
    }

    Set<K> of(Pid pid) {
        var found = new HashSet<Object>();
        owners.computeIfPresent(pid, (_, now) -> {
            collect(now, found);
            return now;
        });
        return typed(found);
    }

    /** It has ended: what it had. */
    Set<K> forget(Pid pid) {
        var found = new HashSet<Object>();
        var had = owners.remove(pid);
        if (had != null) {
            collect(had, found);
        }
        return typed(found);
    }

    private static void collect(Object now, Set<Object> into) {
        if (now instanceof Keys keys) {
            into.addAll(keys);
        } else {
            into.add(now);
        }
    }

    @SuppressWarnings("unchecked") // only add puts something in
    private Set<K> typed(Set<Object> keys) {
        return (Set<K>) keys;
    }

    Iterable<Pid> pids() {
        return owners.keySet();
    }
}
