package dev.martlet.stress;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What names are, one operation after the other: the specification that Lincheck holds the concurrent ones to. */
public class NamesSpec {
    private final Map<Integer, Integer> owners = new HashMap<>();
    private final Set<Integer> dead = new HashSet<>();

    /** Gives a name to a process. */
    public String register(int name, int process) {
        if (owners.containsKey(name)) {
            return "taken";
        }
        if (dead.contains(process)) {
            return "dead";
        }
        owners.put(name, process);
        return "registered";
    }

    /** Frees a name. */
    public boolean unregister(int name) {
        return owners.remove(name) != null;
    }

    /** Who has a name. */
    public String whereis(int name) {
        var owner = owners.get(name);
        return owner == null ? "nobody" : "process " + owner;
    }

    /** Ends a process. */
    public void kill(int process) {
        dead.add(process);
        owners.values().removeIf(owner -> owner == process);
    }
}
