package dev.martlet.kernel;

/**
 * An exit signal turned into a message, for processes that {@linkplain Proc#trapExit(boolean) trap exits}.
 *
 * @param from the linked process that ended, or the one that called {@link Proc#exit(Pid, ExitReason)}
 * @param reason why
 */
public record Exit(Pid from, ExitReason reason) {}
