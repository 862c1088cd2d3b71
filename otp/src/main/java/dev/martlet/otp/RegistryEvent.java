package dev.martlet.otp;

import dev.martlet.kernel.Pid;

/**
 * What a registry tells the processes that {@linkplain Registry#listen listen} to it, as a message. For one key, events
 * come in the order in which it changed hands.
 */
public sealed interface RegistryEvent {
    /** The name of the registry. */
    String registry();

    /** The key. */
    Object key();

    /** Whose. */
    Pid pid();

    /**
     * A process has registered a key.
     *
     * @param registry the name of the registry
     * @param key the key
     * @param pid whose it is now
     * @param value what it registered with the key
     */
    record Registered(String registry, Object key, Pid pid, Object value) implements RegistryEvent {}

    /**
     * A process has given up a key, or has ended.
     *
     * @param registry the name of the registry
     * @param key the key
     * @param pid whose it was
     */
    record Unregistered(String registry, Object key, Pid pid) implements RegistryEvent {}
}
