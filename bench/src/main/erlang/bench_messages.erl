%% Spawning, messages, calls, selective receive.
-module(bench_messages).
-export([run/1, calls/2, idle/0]).
-import(bench, [scaled/1, rate/3, wait_n/2]).

run("spawn_exit") ->
    N = scaled(1000000), Me = self(), C = atomics:new(1, []),
    rate("spawn_exit", N, fun() -> spawn_exit(N, N, C, Me), receive all_done -> ok end end);
run("spawn_done") ->
    N = scaled(1000000), Me = self(),
    rate("spawn_done", N, fun() -> spawn(fun() -> spawn_done(N, Me) end), wait_n(N, done) end);

run("pingpong") ->
    N = scaled(1000000), Me = self(),
    Pong = spawn_link(fun pong/0),
    Ping = spawn_link(fun() -> receive go -> ping(N, Pong), Me ! done end end),
    R = rate("pingpong", N, fun() -> Ping ! go, receive done -> ok end end),
    unlink(Pong), exit(Pong, kill), R;

run("call_1") -> clients("call_1", 1, 1, scaled(500000));
run("call_100") -> clients("call_100", 100, 1, scaled(10000));
run("call_1000") -> clients("call_1000", 1000, 1, scaled(1000));
run("call_1000_own") -> clients("call_1000_own", 1000, 1000, scaled(1000));

run("reply_1") -> askers("reply_1", 1, 1, scaled(1000000));
run("reply_100") -> askers("reply_100", 100, 1, scaled(30000));
run("reply_1000") -> askers("reply_1000", 1000, 1, scaled(3000));
run("reply_1000_own") -> askers("reply_1000_own", 1000, 1000, scaled(3000));

run("fanin_" ++ K) -> fanin("fanin_" ++ K, list_to_integer(K), scaled(5000000));

run("fanout") ->
    Me = self(), Rounds = scaled(100),
    Rs = [spawn_link(fun() -> acker(Me) end) || _ <- lists:seq(1, 10000)],
    R = rate("fanout", 10000 * Rounds, fun() -> rounds(Rounds, Rs, 10000) end),
    [begin unlink(P), exit(P, kill) end || P <- Rs], R;

run("ring_1000") -> ring("ring_1000", 1000, scaled(1000000));
run("threadring_503") -> ring("threadring_503", 503, scaled(2000000));

run("selective_empty") ->
    N = scaled(1000000),
    rate("selective_empty", N, fun() -> selective(N) end);
run("selective_10k") ->
    N = scaled(20000),
    [self() ! {junk, I} || I <- lists:seq(1, 10000)],
    rate("selective_10k", N, fun() -> selective(N) end);
run("selective_call_10k") ->
    N = scaled(300000),
    [self() ! {junk, I} || I <- lists:seq(1, 10000)],
    S = bench_server:start(),
    R = rate("selective_call_10k", N, fun() -> calls(N, S) end),
    gen_server:stop(S), R.

spawn_exit(0, _, _, _) -> ok;
spawn_exit(K, N, C, Me) ->
    spawn(fun() -> case atomics:add_get(C, 1, 1) of N -> Me ! all_done; _ -> ok end end),
    spawn_exit(K - 1, N, C, Me).
spawn_done(0, _) -> ok;
spawn_done(N, Me) -> spawn(fun() -> Me ! done end), spawn_done(N - 1, Me).

ping(0, _) -> ok;
ping(N, P) -> P ! {ping, self()}, receive pong -> ping(N - 1, P) end.
pong() -> receive {ping, F} -> F ! pong, pong() end.

idle() -> receive stop -> ok; _ -> idle() end.

calls(0, _) -> ok;
calls(N, S) -> gen_server:call(S, get), calls(N - 1, S).

clients(Row, K, ServerCount, Each) ->
    Me = self(),
    Servers = list_to_tuple([bench_server:start() || _ <- lists:seq(1, ServerCount)]),
    Ps = [begin
              S = element(I rem ServerCount + 1, Servers),
              spawn_link(fun() -> receive go -> calls(Each, S), Me ! done end end)
          end || I <- lists:seq(1, K)],
    R = rate(Row, K * Each, fun() -> [P ! go || P <- Ps], wait_n(K, done) end),
    [gen_server:stop(S) || S <- tuple_to_list(Servers)], R.

askers(Row, K, ServerCount, Each) ->
    Me = self(),
    Servers = list_to_tuple([spawn_link(fun() -> answer(0) end) || _ <- lists:seq(1, ServerCount)]),
    Ps = [begin
              S = element(I rem ServerCount + 1, Servers),
              spawn_link(fun() -> receive go -> ask(Each, S), Me ! done end end)
          end || I <- lists:seq(1, K)],
    R = rate(Row, K * Each, fun() -> [P ! go || P <- Ps], wait_n(K, done) end),
    [begin unlink(S), exit(S, kill) end || S <- tuple_to_list(Servers)], R.
ask(0, _) -> ok;
ask(N, S) -> S ! {ask, self()}, receive {answer, _} -> ask(N - 1, S) end.
answer(N) -> receive {ask, From} -> From ! {answer, N}, answer(N + 1) end.

fanin(Row, K, Total) ->
    Me = self(), Each = Total div K,
    %% From 16 senders on a queue outside of the receiver's heap, which is faster for Erlang.
    Opts = if K < 16 -> [link]; true -> [link, {message_queue_data, off_heap}] end,
    Rx = spawn_opt(fun() -> count(Each * K), Me ! done end, Opts),
    Ps = [spawn_link(fun() -> receive go -> blast(Each, Rx) end end) || _ <- lists:seq(1, K)],
    rate(Row, Each * K, fun() -> [P ! go || P <- Ps], receive done -> ok end end).
count(0) -> ok;
count(N) -> receive {msg, _} -> count(N - 1) end.
blast(0, _) -> ok;
blast(N, Rx) -> Rx ! {msg, N}, blast(N - 1, Rx).

acker(Me) -> receive {msg, _} -> Me ! ack, acker(Me) end.
rounds(0, _, _) -> ok;
rounds(R, Rs, K) -> [P ! {msg, R} || P <- Rs], wait_n(K, ack), rounds(R - 1, Rs, K).

ring(Row, K, Hops) ->
    Me = self(),
    Last = spawn_link(fun() -> receive {next, Nx} -> ring_node(Nx, Me) end end),
    First = lists:foldl(fun(_, Nx) -> spawn_link(fun() -> ring_node(Nx, Me) end) end, Last, lists:seq(2, K)),
    Last ! {next, First},
    R = rate(Row, Hops, fun() -> First ! {token, Hops}, receive done -> ok end end),
    process_flag(trap_exit, true), exit(First, kill), R.
ring_node(Nx, Me) ->
    receive
        {token, 0} -> Me ! done, ring_node(Nx, Me);
        {token, N} -> Nx ! {token, N - 1}, ring_node(Nx, Me)
    end.

selective(0) -> ok;
selective(N) -> self() ! {want, N}, receive {want, N} -> selective(N - 1) end.
