package dev.martlet.web.channel;

import dev.martlet.kernel.ExitReason;
import java.util.Map;

/** What the tests talk to: one event for each thing a channel can do. */
record AccountChannel() implements Channel<AccountChannel.In, Integer, AccountChannel.User> {
    record User(String name) {}

    sealed interface In {
        record Echo(String text) implements In {}

        record Shout(String body) implements In {}

        record ShoutFrom(String body) implements In {}

        record PushMe(String body) implements In {}

        record Count() implements In {}

        record Silent() implements In {}

        record Later(String text) implements In {}

        record Crash() implements In {}

        record Stop() implements In {}

        record StopReply(String text) implements In {}
    }

    @Override
    public Join<Integer> join(String topic, Payload params, Socket<User> socket) {
        if (params.has("crash")) {
            throw new IllegalStateException("crash in join, as asked for");
        }
        if (params.has("reject")) {
            return Join.refused("unauthorized");
        }
        socket.push("welcome", Map.of("user", socket.assigns().name()));
        return Join.ok(0, Map.of("topic", topic));
    }

    @Override
    public Next<Integer> handleIn(In event, Integer count, Socket<User> socket) {
        return switch (event) {
            case In.Echo(var text) -> reply(Map.of("text", text), count + 1);
            case In.Shout(var body) -> {
                socket.broadcast("shouted", Map.of("body", body));
                yield reply(Map.of(), count);
            }
            case In.ShoutFrom(var body) -> {
                socket.broadcastFrom("shouted", Map.of("body", body));
                yield reply(Map.of(), count);
            }
            case In.PushMe(var body) -> {
                socket.push("pushed", Map.of("body", body));
                yield reply(Map.of(), count);
            }
            case In.Count() -> reply(Map.of("count", count), count);
            case In.Silent() -> next(count);
            case In.Later(var text) -> {
                var ref = socket.ref();
                dev.martlet.kernel.Proc.spawn(() -> ref.reply("ok", Map.of("text", text)));
                yield next(count);
            }
            case In.Crash() -> throw new IllegalStateException("crash, as asked for");
            case In.Stop() -> stop(ExitReason.NORMAL, count);
            case In.StopReply(var text) -> reply(Map.of("text", text), count).thenStop(ExitReason.SHUTDOWN);
        };
    }

    @Override
    public Next<Integer> handleIn(String event, Payload payload, Integer count, Socket<User> socket) throws Exception {
        return switch (event) {
            case "any" -> reply(payload, count);
            case "bin_push" -> {
                socket.push("bin_pushed", payload);
                yield reply(Map.of(), count);
            }
            case "bin_shout" -> {
                socket.broadcast("bin_shouted", payload);
                yield reply(Map.of(), count);
            }
            default -> Channel.super.handleIn(event, payload, count, socket);
        };
    }

    @Override
    public void terminate(ExitReason reason, Integer count, Socket<User> socket) {
        if (!reason.isCrash()) {
            socket.push("bye", Map.of("reason", reason.toString()));
        }
    }
}
