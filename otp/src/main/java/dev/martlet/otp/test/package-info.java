/** Testing processes, without a test framework of its own. Start at {@link dev.martlet.otp.test.TestProc}. */
@NullMarked
package dev.martlet.otp.test;

import org.jspecify.annotations.NullMarked;
