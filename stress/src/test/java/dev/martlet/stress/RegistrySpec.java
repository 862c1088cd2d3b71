package dev.martlet.stress;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a unique registry is, one operation after the other: the specification that Lincheck holds the real one to. */
public class RegistrySpec {
    private final Map<Integer, Integer> owners = new HashMap<>();
    private final Set<Integer> dead = new HashSet<>();

    /** A process registers itself. */
    public String register(int key, int process) {
        if (dead.contains(process)) {
            return "dead";
        }
        return owners.merge(key, process, (now, _) -> now) == process ? "registered" : "taken";
    }

    /** A process gives up a key. */
    public String unregister(int key, int process) {
        if (dead.contains(process)) {
            return "dead";
        }
        owners.remove(key, process);
        return "done";
    }

    /** Who has a key. */
    public String whereis(int key) {
        var owner = owners.get(key);
        return owner == null ? "nobody" : "process " + owner;
    }

    /** A process ends itself. */
    public String exit(int process) {
        dead.add(process);
        owners.values().removeIf(owner -> owner == process);
        return "dead";
    }
}
