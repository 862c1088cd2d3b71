package dev.martlet.showcase.chat;

import java.time.Instant;

/**
 * What somebody said.
 *
 * @param id unique in its room for all times: the room's epoch, a dash, a number that counts up
 * @param name who said it
 * @param body what
 * @param at when the room heard it
 * @param key what the client calls the message, so that it recognises its own; may be empty
 */
public record Line(String id, String name, String body, Instant at, String key) {}
