/**
 * The chat. Start at {@link dev.martlet.showcase.chat.Room}, which remembers and orders what is said, and go on to {@link
 * dev.martlet.showcase.chat.RoomChannel}, the client's door to it.
 */
@NullMarked
package dev.martlet.showcase.chat;

import org.jspecify.annotations.NullMarked;
