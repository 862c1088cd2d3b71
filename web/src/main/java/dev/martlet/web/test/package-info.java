/** Testing channels, without a network and without a test framework. Start at {@link dev.martlet.web.test.ChannelTest}. */
@NullMarked
package dev.martlet.web.test;

import org.jspecify.annotations.NullMarked;
