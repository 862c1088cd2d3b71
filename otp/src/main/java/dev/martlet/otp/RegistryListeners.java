package dev.martlet.otp;

import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who hears of the changes of a registry. Told under the lock of the key, so it never waits. */
final class RegistryListeners {
    private final String registry;
    private final List<Pid> pids = new CopyOnWriteArrayList<>();

    RegistryListeners(String registry) {
        this.registry = registry;
    }

    void add(Pid pid) {
        pids.add(pid);
    }

    void registered(Object key, Pid pid, Object value) {
        if (!pids.isEmpty()) {
            tell(new RegistryEvent.Registered(registry, key, pid, value));
        }
    }

    void unregistered(Object key, Pid pid) {
        if (!pids.isEmpty()) {
            tell(new RegistryEvent.Unregistered(registry, key, pid));
        }
    }

    private void tell(RegistryEvent event) {
        pids.removeIf(pid -> !pid.isAlive());
        pids.forEach(pid -> Proc.offer(pid, event)); // full: dropped, and counted by the kernel
    }
}
