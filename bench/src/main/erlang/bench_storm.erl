%% Ten million messages to one gen_server, and how soon after the last one it answers as fast as before.
-module(bench_storm).
-export([run/1]).
-import(bench, [scaled/1, now_ns/0, wait_n/2]).

run("storm_flow") -> storm("storm_flow", false);
run("storm_backlog") -> storm("storm_backlog", true).

storm(Row, Held) ->
    S = bench_server:start(), Me = self(), Each = scaled(10000000) div 8, Flag = atomics:new(1, []),
    Before = burst(S, 20000),
    case Held of true -> gen_server:cast(S, {hold, Flag}); false -> ok end,
    T0 = now_ns(),
    [spawn_link(fun() -> blast(Each, S), Me ! sent end) || _ <- lists:seq(1, 8)],
    wait_n(8, sent),
    T1 = now_ns(),
    atomics:put(Flag, 1, 1),
    recovered(S, Before),
    T2 = now_ns(),
    gen_server:stop(S),
    [{Row ++ "_send", 8 * Each * 1.0e9 / (T1 - T0)}, {Row ++ "_recovery", (T2 - T1) / 1.0e6}].

blast(0, _) -> ok;
blast(N, S) -> gen_server:cast(S, {msg, N}), blast(N - 1, S).

%% Calls a second.
burst(S, N) ->
    T0 = now_ns(), calls(N, S), N * 1.0e9 / (now_ns() - T0).
calls(0, _) -> ok;
calls(N, S) -> gen_server:call(S, get, infinity), calls(N - 1, S).

%% Until 2,000 calls in a row go at half the speed of before at least.
recovered(S, Before) ->
    case burst(S, 2000) >= Before / 2 of
        true -> ok;
        false -> recovered(S, Before)
    end.
