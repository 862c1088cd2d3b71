package dev.martlet.showcase.chat;

import dev.martlet.otp.Ref;
import dev.martlet.otp.Registry;
import dev.martlet.pubsub.PubSub;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The open rooms, by their topic.
 *
 * @param registry knows them
 * @param pubsub carries what is said in them
 * @param clock tells when
 */
public record Rooms(Registry<String, Room.Msg> registry, PubSub pubsub, InstantSource clock) {
    /** How many rooms may be open; anybody can open one, and each costs memory until nobody spoke in it for a day. */
    static final int MOST = 10_000;

    Optional<String> problemWithOpening(String topic) {
        return registry.size() < MOST || registry.whereis(topic).isPresent()
                ? Optional.empty()
                : Optional.of("%,d rooms are open, and that is the most; join one of them".formatted(MOST));
    }

    Ref<Room.Msg> open(String topic) {
        return registry.getOrStart(topic, name -> new Room(name, pubsub, clock));
    }
}
