package dev.martlet.showcase.chat;

import dev.martlet.web.channel.Payload;
import java.util.Optional;

/**
 * Who is behind a socket. The chat asks for a name and nothing else, so two people may call themselves the same.
 *
 * @param name what they call themselves, without blanks around it
 */
public record User(String name) {
    /** Removes blanks around the name. */
    public User {
        name = name.strip();
    }

    /** Lets everybody in who gives a name; whether it is a good one is told by the rooms, since a socket cannot say why. */
    public static Optional<User> connect(Payload params) {
        return params.optional("name").map(User::new);
    }
}
