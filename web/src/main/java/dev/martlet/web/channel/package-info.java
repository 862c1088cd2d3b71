/**
 * Channels: the real-time part, as Phoenix clients speak it.
 *
 * <p>Read {@link dev.martlet.web.channel.Channel}, which is the contract; {@link dev.martlet.web.channel.Channels}, which
 * routes topics to it; {@link dev.martlet.web.channel.Socket}, what a channel can do; {@link
 * dev.martlet.web.channel.Presence}, who is here. Test them with {@code dev.martlet.web.test.ChannelTest}.
 */
@NullMarked
package dev.martlet.web.channel;

import org.jspecify.annotations.NullMarked;
