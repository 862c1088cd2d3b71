package dev.martlet.kernel;

import java.util.List;
import java.util.Optional;

/**
 * All that {@link Inspector} knows of one process. Lists hold at most {@link Inspector#MOST_TIES} entries each.
 *
 * @param info the short form
 * @param names its registered names
 * @param code the class of its code: of the GenServer, of the body
 * @param priority how eagerly it is run
 * @param trapsExits whether exit signals become messages
 * @param mailbox what it lets wait
 * @param ancestors who supervises it, who supervises that, and so on; the nearest first
 * @param links to whom it is linked
 * @param monitors whom it monitors
 * @param monitoredBy who monitors it
 * @param more whether the lists above are not complete
 * @param waitingFor whom it has called and waits for
 * @param handling the message it handles, if it is a server
 * @param stack where its code is, the innermost call first; empty for a server that does nothing
 */
public record ProcessDetail(
        ProcessInfo info,
        List<String> names,
        Class<?> code,
        Priority priority,
        boolean trapsExits,
        Mailbox mailbox,
        List<Pid> ancestors,
        List<Pid> links,
        List<Pid> monitors,
        List<Pid> monitoredBy,
        boolean more,
        Optional<Pid> waitingFor,
        Optional<Object> handling,
        List<StackTraceElement> stack) {}
