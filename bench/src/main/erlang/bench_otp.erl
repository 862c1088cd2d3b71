%% Supervisors, names, memory of idle gen_servers.
-module(bench_otp).
-export([run/1]).
-import(bench, [scaled/1, rate/3, wait_n/2, now_ns/0, percentile/2, rss/0]).

run("start_child_100k") ->
    N = scaled(100000),
    process_flag(trap_exit, true),
    {ok, S} = supervisor:start_link(bench_sup, {[], 1}),
    R = rate("start_child_100k", N, fun() -> [{ok, _} = supervisor:start_child(S, []) || _ <- lists:seq(1, N)] end),
    stop_sup(S), timer:sleep(500), R;
run("crash_restart") -> restarts("crash_restart", 1);
run("crash_restart_16") -> restarts("crash_restart_16", 16);
run("restart_latency") ->
    {S, Ps} = start_sup(1),
    L = crash(scaled(3000), Ps, 1, []),
    stop_sup(S),
    [{"restart_latency_p50", percentile(0.5, L) / 1000}, {"restart_latency_p99", percentile(0.99, L) / 1000}];
run("restart_latency_paced") ->
    {S, [P]} = start_sup(1),
    L = paced(scaled(2000), P, []),
    stop_sup(S),
    [{"restart_latency_paced_p50", percentile(0.5, L) / 1000}, {"restart_latency_paced_p99", percentile(0.99, L) / 1000}];

%% ETS is what Elixir's Registry is made of: one lookup, and whether the owner is alive.
run("registry_lookup") ->
    N = scaled(1000000), {T, Ps} = registry(10000, atomics:new(1, []), self(), N),
    R = rate("registry_lookup", N, fun() -> lookups(N, T) end),
    [exit(P, kill) || P <- Ps], R;
run("registry_lookup_send") ->
    N = scaled(1000000), {T, Ps} = registry(10000, atomics:new(1, []), self(), N),
    R = rate("registry_lookup_send", N, fun() -> lookup_sends(N, T), receive all_done -> ok end end),
    [exit(P, kill) || P <- Ps], R;
%% OTP's process groups: pg:get_local_members, then a send to each.
run("registry_dispatch_10k") ->
    K = 10000, Rounds = scaled(50), Me = self(), C = atomics:new(1, []),
    {ok, Pg} = pg:start(bench_pg),
    Ps = [spawn(fun() -> ok = pg:join(bench_pg, topic, self()), Me ! joined, member(C, K, Me) end) || _ <- lists:seq(1, K)],
    wait_n(K, joined),
    R = rate("registry_dispatch_10k", K * Rounds, fun() -> dispatch(Rounds, C) end),
    M = monitor(process, Pg), exit(Pg, kill), receive {'DOWN', M, _, _, _} -> ok end,
    [exit(P, kill) || P <- Ps], R;

run("memory") ->
    N = scaled(1000000),
    [exit(bench_server:start(), kill) || _ <- lists:seq(1, 1000)],
    erlang:garbage_collect(), timer:sleep(200),
    M0 = erlang:memory(processes), R0 = rss(),
    T0 = now_ns(),
    Ps = [bench_server:start() || _ <- lists:seq(1, N)],
    T1 = now_ns(),
    timer:sleep(1500), erlang:garbage_collect(), timer:sleep(300),
    M1 = erlang:memory(processes), R1 = rss(),
    0 = gen_server:call(hd(Ps), get),
    [{"memory_heap", (M1 - M0) / N}, {"memory_rss", (R1 - R0) / N}, {"memory_start_1M", N * 1.0e9 / (T1 - T0)}].

%% 100 children in all, spread over the supervisors.
restarts(Row, Supervisors) ->
    K = 100, Rounds = scaled(100),
    process_flag(trap_exit, true), Me = self(),
    Sups = [element(2, supervisor:start_link(bench_sup, {[Me], 10000000})) || _ <- lists:seq(1, Supervisors)],
    Ps = [begin {ok, P} = supervisor:start_child(lists:nth(I rem Supervisors + 1, Sups), []), receive {started, P, _} -> P end end
          || I <- lists:seq(1, K)],
    R = rate(Row, K * Rounds, fun() -> crash(Rounds, Ps, K, []) end),
    [stop_sup(S) || S <- Sups], R.

start_sup(K) ->
    process_flag(trap_exit, true), Me = self(),
    {ok, S} = supervisor:start_link(bench_sup, {[Me], 10000000}),
    {S, [begin {ok, P} = supervisor:start_child(S, []), receive {started, P, _} -> P end end || _ <- lists:seq(1, K)]}.
stop_sup(S) -> unlink(S), M = monitor(process, S), exit(S, kill), receive {'DOWN', M, _, _, _} -> ok end.
crash(0, _, _, L) -> L;
crash(Rounds, Ps, K, L) ->
    T0 = now_ns(), [exit(P, kill) || P <- Ps],
    {Ps2, L2} = restarted(K, T0, [], L), crash(Rounds - 1, Ps2, K, L2).
restarted(0, _, Ps, L) -> {Ps, L};
restarted(K, T0, Ps, L) -> receive {started, P, T} -> restarted(K - 1, T0, [P | Ps], [T - T0 | L]) end.
paced(0, _, L) -> L;
paced(N, P, L) ->
    receive after 1 -> ok end,
    T0 = now_ns(), exit(P, kill),
    receive {started, P2, T} -> paced(N - 1, P2, [T - T0 | L]) end.

registry(K, C, Me, Target) ->
    T = ets:new(registry, [set, public, {read_concurrency, true}]),
    Ps = [spawn(fun() -> true = ets:insert(T, {I, self()}), Me ! registered, member(C, Target, Me) end) || I <- lists:seq(0, K - 1)],
    wait_n(K, registered),
    {T, Ps}.
member(C, Target, Me) ->
    receive {msg, _} ->
        case atomics:add_get(C, 1, 1) of Target -> Me ! all_done; _ -> ok end,
        member(C, Target, Me)
    end.
find(T, I) -> [{_, P}] = ets:lookup(T, I rem 10000), true = is_process_alive(P), P.
lookups(0, _) -> ok;
lookups(N, T) -> find(T, N), lookups(N - 1, T).
lookup_sends(0, _) -> ok;
lookup_sends(N, T) -> find(T, N) ! {msg, N}, lookup_sends(N - 1, T).
dispatch(0, _) -> ok;
dispatch(N, C) ->
    atomics:put(C, 1, 0),
    [P ! {msg, N} || P <- pg:get_local_members(bench_pg, topic)],
    receive all_done -> ok end,
    dispatch(N - 1, C).
