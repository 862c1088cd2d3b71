package dev.martlet.pubsub;

/**
 * A topic: a name, and the type of what is broadcast on it. Two topics are the same if both are equal, so events of
 * different types under one name never meet.
 *
 * {@snippet :
 * static Topic<Posted> topic(String room) {
 *     return Topic.of("room:" + room, Posted.class);
 * }
 * }
 *
 * @param name its name
 * @param type what is broadcast on it
 * @param <E> what is broadcast on it
 */
public record Topic<E>(String name, Class<E> type) {
    /** The topic of that name and type. */
    public static <E> Topic<E> of(String name, Class<E> type) {
        return new Topic<>(name, type);
    }

    @Override
    public String toString() {
        return name + " (" + type.getSimpleName() + ")";
    }
}
