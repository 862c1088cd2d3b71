package dev.martlet.otp;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One request to many servers at once, with one deadline for all: who answered, who failed and how.
 *
 * {@snippet :
 * var loads = MultiCall.of(workers, new Load(), Duration.ofMillis(200));
 * loads.answers().forEach((worker, load) -> ...);
 * loads.failures().forEach((worker, failed) -> log.warn("{}: {}", worker, failed.getMessage()));
 * }
 *
 * <p>It ends when all have answered, ended or run out of time. Answers that come later are dropped and counted. After
 * Erlang's <a href="https://www.erlang.org/doc/apps/stdlib/gen_server.html#multi_call/4">gen_server:multi_call</a>.
 *
 * @param <M> the protocol
 * @param <R> what each answers
 * @param answers the answers, in the order of the servers
 * @param failures why the others did not, in the order of the servers
 */
public record MultiCall<M, R>(Map<Ref<M>, R> answers, Map<Ref<M>, CallFailed> failures) {
    /** Asks them all and waits, at most that long. */
    public static <M, R> MultiCall<M, R> of(
            Collection<? extends Ref<M>> servers, Call<? extends M, R> request, Duration within) {
        var node = Node.current();
        var deadline = node.nanos() + within.toNanos();
        List<Pending<R>> pending = new ArrayList<>(servers.size());
        for (var server : servers) {
            pending.add(server.sendRequest(request));
        }
        Map<Ref<M>, R> answers = new LinkedHashMap<>();
        Map<Ref<M>, CallFailed> failures = new LinkedHashMap<>();
        var next = pending.iterator();
        for (var server : servers) {
            var one = next.next();
            try {
                answers.put(server, one.await(Duration.ofNanos(Math.max(0, deadline - node.nanos()))));
            } catch (CallFailed e) {
                one.abandon();
                failures.put(server, e);
            }
        }
        return new MultiCall<>(answers, failures);
    }
}
