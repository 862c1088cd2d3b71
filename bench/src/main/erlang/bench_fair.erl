%% What others feel beside processes that never give up the CPU by themselves.
%% fair_HOGS[_jdk][_high], share_HOGS[_jdk], newcomer_HOGS[_jdk]; jdk = busy in library code (sort, regex, map).
-module(bench_fair).
-export([run/1]).
-import(bench, [now_ns/0, window/0, percentile/2]).

run(Name) ->
    [Kind, Hogs | Options] = string:tokens(Name, "_"),
    N = list_to_integer(Hogs), Jdk = lists:member("jdk", Options),
    case Kind of
        "fair" -> fair(Name, N, Jdk, case lists:member("high", Options) of true -> high; false -> normal end);
        "share" -> share(Name, N, Jdk);
        "newcomer" -> newcomer(Name, N, Jdk)
    end.

fair(Name, N, Jdk, Priority) ->
    process_flag(priority, high),
    Me = self(), Hogs = hogs(N, Jdk), End = now_ns() + window() * 1000000,
    Opts = [link, {priority, Priority}],
    spawn_opt(fun() -> Me ! {ticks, ticker(End, [])} end, Opts),
    Pong = spawn_opt(fun pong/0, Opts),
    spawn_opt(fun() -> Me ! {pings, pinger(End, Pong, [])} end, Opts),
    Ticks = receive {ticks, A} -> A end, Pings = receive {pings, B} -> B end,
    unlink(Pong), stop([Pong | Hogs]),
    latencies(Name ++ "_tick", Ticks) ++ latencies(Name ++ "_rtt", Pings).

share(Name, N, Jdk) ->
    process_flag(priority, high),
    Alone = throughput(), Hogs = hogs(N, Jdk), Beside = throughput(),
    stop(Hogs), [{Name, 100 * Beside / Alone}].
throughput() ->
    C = counters:new(1, []), Pong = spawn(fun pong/0), Ping = spawn(fun() -> count(C, Pong) end),
    timer:sleep(100),
    T0 = now_ns(), N0 = counters:get(C, 1),
    timer:sleep(window()),
    T1 = now_ns(), N1 = counters:get(C, 1),
    stop([Ping, Pong]), (N1 - N0) * 1.0e9 / (T1 - T0).
count(C, Pong) -> Pong ! {ping, self()}, receive pong -> counters:add(C, 1, 1), count(C, Pong) end.

%% Every 5 ms a new process, spawned from one of priority high: how long until it runs.
newcomer(Name, N, Jdk) ->
    process_flag(priority, high),
    Hogs = hogs(N, Jdk), Me = self(), Count = window() div 5,
    [begin T0 = now_ns(), spawn(fun() -> Me ! {ran, now_ns() - T0} end), receive after 5 -> ok end end || _ <- lists:seq(1, Count)],
    L = [receive {ran, T} -> T end || _ <- lists:seq(1, Count)],
    stop(Hogs), latencies(Name, L).

latencies(Name, L) ->
    [{Name ++ "_p50", percentile(0.5, L) / 1000}, {Name ++ "_p99", percentile(0.99, L) / 1000}, {Name ++ "_max", lists:max(L) / 1000}].

hogs(N, Jdk) ->
    Hogs = [spawn(fun() -> case Jdk of true -> library(I); false -> spin(I) end end) || I <- lists:seq(1, N)],
    timer:sleep(200), Hogs.
stop(Ps) ->
    Ms = [monitor(process, P) || P <- Ps],
    [exit(P, kill) || P <- Ps],
    [receive {'DOWN', M, _, _, _} -> ok end || M <- Ms], ok.

spin(N) -> spin((N * 1103515245 + 12345) band 16#7fffffff).
library(I) when I rem 3 =:= 0 -> _ = lists:sort([rand:uniform(1000000) || _ <- lists:seq(1, 50000)]), library(I);
library(I) when I rem 3 =:= 1 -> _ = re:run(lists:duplicate(22, $a), "(a+)+b"), library(I);
library(I) -> _ = lists:foldl(fun(K, M) -> M#{K => I} end, #{}, lists:seq(1, 50000)), library(I).

ticker(End, Acc) ->
    T0 = now_ns(), erlang:send_after(10, self(), tick),
    receive tick -> ok end,
    T1 = now_ns(), L = [T1 - T0 - 10000000 | Acc],
    if T1 > End -> L; true -> ticker(End, L) end.
pinger(End, P, Acc) ->
    T0 = now_ns(), P ! {ping, self()},
    receive pong -> ok end,
    T1 = now_ns(), L = [T1 - T0 | Acc],
    if T1 > End -> L; true -> receive after 1 -> ok end, pinger(End, P, L) end.
pong() -> receive {ping, F} -> F ! pong, pong() end.
