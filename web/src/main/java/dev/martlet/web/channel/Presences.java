package dev.martlet.web.channel;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who was on a topic at some moment. Pushed as {@code presence_state} it has the form the client library expects.
 *
 * @param <M> what is said about an entry
 */
public sealed interface Presences<M> permits PresenceMap {
    /** The keys. */
    Set<String> keys();

    /** What is said under a key, one for each of its channels; empty if it is not here. */
    List<M> metas(String key);

    /** All of it. */
    Map<String, List<M>> asMap();
}
