package dev.martlet.otp;

import dev.martlet.kernel.Pid;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Many processes to a key, each with something beside it. Reading never waits. A group is made and dropped under the lock
 * of its key, so that nobody joins one that is being dropped.
 */
final class Groups<K, V> {
    private final ConcurrentHashMap<K, ConcurrentHashMap<Pid, V>> groups = new ConcurrentHashMap<>();

    /** Changes what a process has there: null is nothing. */
    void change(K key, Pid pid, UnaryOperator<@Nullable V> change) {
        groups.compute(key, (_, group) -> {
            var next = change.apply(group == null ? null : group.get(pid));
            if (next != null) {
                var there = group == null ? new ConcurrentHashMap<Pid, V>(2) : group;
                there.put(pid, next);
                return there;
            }
            if (group != null) {
                group.remove(pid);
            }
            return group == null || group.isEmpty() ? null : group;
        });
    }

    /** Those of one key; a view that changes. */
    Map<Pid, V> of(K key) {
        var group = groups.get(key);
        return group == null ? Map.of() : group;
    }

    Set<K> keys() {
        return groups.keySet();
    }

    Set<Map.Entry<K, ConcurrentHashMap<Pid, V>>> all() {
        return groups.entrySet();
    }
}
