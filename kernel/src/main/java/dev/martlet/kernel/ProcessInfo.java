package dev.martlet.kernel;

import java.time.Duration;

/**
 * One line about a process, as it was when {@link Inspector} came by.
 *
 * @param pid which
 * @param label what it is called, or an empty string
 * @param state what it was doing
 * @param waiting how many messages waited
 * @param oldest how long the oldest of them had, to about a millisecond; zero if there was none
 * @param handled how many messages it has handled, modulo 2^32
 * @param handlingFor how long it had been handling one message; zero if it was no server, or idle
 * @param memory about how many bytes it and its mailbox take, without its state and what the messages hold
 */
public record ProcessInfo(
        Pid pid,
        String label,
        ProcessState state,
        int waiting,
        Duration oldest,
        long handled,
        Duration handlingFor,
        long memory) {}
