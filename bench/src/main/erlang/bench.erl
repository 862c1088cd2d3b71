%% The Erlang side of `martlet bench beam`: erl -noshell +P 5000000 -s bench main full|quick|tiny PROGRAM...
%% A program is run in a fresh process, first to warm up, then measured; each measured run prints one line per row:
%% RESULT <tab> row <tab> value. What a row does is said in Java, next to its Martlet side.
-module(bench).
-export([main/1, scaled/1, window/0, now_ns/0, rate/3, wait_n/2, percentile/2, rss/0, in_proc/1]).

main([Scale | Programs]) ->
    logger:set_primary_config(level, none),
    persistent_term:put(scale, Scale),
    lists:foreach(fun program/1, [atom_to_list(P) || P <- Programs]),
    halt(0).

program(Name) ->
    Module = module_of(Name),
    {Warm, Measured} = repeats(Name),
    [in_proc(fun() -> Module:run(Name) end) || _ <- lists:seq(1, Warm)],
    [begin
         timer:sleep(100),
         [io:format("RESULT\t~s\t~.6f~n", [Row, Value * 1.0]) || {Row, Value} <- in_proc(fun() -> Module:run(Name) end)]
     end || _ <- lists:seq(1, Measured)].

module_of("fair_" ++ _) -> bench_fair;
module_of("share_" ++ _) -> bench_fair;
module_of("newcomer_" ++ _) -> bench_fair;
module_of("timer_" ++ _) -> bench_signals;
module_of("monitor_" ++ _) -> bench_signals;
module_of("link_" ++ _) -> bench_signals;
module_of("down_" ++ _) -> bench_signals;
module_of("exit_" ++ _) -> bench_signals;
module_of("start_child" ++ _) -> bench_otp;
module_of("crash_restart" ++ _) -> bench_otp;
module_of("restart_latency" ++ _) -> bench_otp;
module_of("registry_" ++ _) -> bench_otp;
module_of("memory") -> bench_otp;
module_of("storm_" ++ _) -> bench_storm;
module_of(_) -> bench_messages.

%% {warm-up runs, measured runs}; the JIT of the BEAM compiles ahead, so one run warms it.
repeats(Name) ->
    case persistent_term:get(scale) of
        tiny -> {0, 1};
        _ -> repeats_of(Name)
    end.

repeats_of("memory") -> {0, 1};
repeats_of("storm_" ++ _) -> {0, 3};
repeats_of("fair_" ++ _) -> {0, 5};
repeats_of("share_" ++ _) -> {0, 5};
repeats_of("newcomer_" ++ _) -> {0, 5};
repeats_of(_) -> {1, 3}.

%% How much work: quick is a tenth, tiny shows that the programs still work.
scaled(N) ->
    case persistent_term:get(scale) of
        full -> N;
        quick -> max(min(N, 1000), N div 10);
        tiny -> max(min(N, 10), N div 10000)
    end.

%% How long a fairness run looks, in ms.
window() ->
    case persistent_term:get(scale) of
        full -> 2500;
        quick -> 1000;
        tiny -> 60
    end.

now_ns() -> erlang:monotonic_time(nanosecond).

%% [{Row, operations a second while F runs}]
rate(Row, N, F) ->
    T0 = now_ns(),
    F(),
    [{Row, N * 1.0e9 / (now_ns() - T0)}].

in_proc(F) ->
    {P, R} = spawn_monitor(fun() -> exit({ok, F()}) end),
    receive
        {'DOWN', R, process, P, {ok, Value}} -> Value;
        {'DOWN', R, process, P, Other} ->
            io:format(standard_error, "~p~n", [Other]),
            halt(1)
    end.

wait_n(0, _) -> ok;
wait_n(N, X) -> receive X -> wait_n(N - 1, X) end.

percentile(P, List) ->
    Sorted = lists:sort(List),
    N = length(Sorted),
    lists:nth(max(1, min(N, ceil(P * N))), Sorted).

rss() ->
    {ok, B} = file:read_file("/proc/self/status"),
    {match, [V]} = re:run(B, "VmRSS:\\s+(\\d+)", [{capture, all_but_first, list}]),
    list_to_integer(V) * 1024.
