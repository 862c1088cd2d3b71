%% Timers, monitors, links, exits.
-module(bench_signals).
-export([run/1]).
-import(bench, [scaled/1, rate/3, wait_n/2, now_ns/0]).

run("timer_create_cancel") ->
    N = scaled(1000000),
    T0 = now_ns(), L = create(N, []),
    T1 = now_ns(), lists:foreach(fun erlang:cancel_timer/1, L),
    T2 = now_ns(),
    [{"timer_create", N * 1.0e9 / (T1 - T0)}, {"timer_cancel", N * 1.0e9 / (T2 - T1)},
     {"timer_create_then_cancel", N * 1.0e9 / (T2 - T0)}];
run("timer_create_cancel_at_once") ->
    N = scaled(1000000),
    rate("timer_create_cancel_at_once", N, fun() -> create_cancel(N) end);
run("timer_fire") ->
    N = scaled(1000000), Me = self(),
    rate("timer_fire", N, fun() -> spawn_link(fun() -> fire(N, max(1, N div 1000), Me) end), wait_n(N, t) end);

run("monitor_demonitor") ->
    N = scaled(1000000), P = spawn(fun bench_messages:idle/0),
    R = rate("monitor_demonitor", N, fun() -> monitor_demonitor(N, P) end), exit(P, kill), R;
run("link_unlink") ->
    N = scaled(1000000), P = spawn(fun bench_messages:idle/0),
    R = rate("link_unlink", N, fun() -> link_unlink(N, P) end), exit(P, kill), R;

run("down_100k") ->
    N = scaled(100000),
    Ps = [element(1, spawn_monitor(fun() -> receive stop -> ok end end)) || _ <- lists:seq(1, N)],
    timer:sleep(200),
    rate("down_100k", N, fun() -> [P ! stop || P <- Ps], wait_down(N) end);
run("exit_100k") ->
    N = scaled(100000),
    process_flag(trap_exit, true),
    Ps = [spawn_link(fun() -> receive stop -> ok end end) || _ <- lists:seq(1, N)],
    timer:sleep(200),
    rate("exit_100k", N, fun() -> [P ! stop || P <- Ps], wait_exit(N) end).

create(0, L) -> L;
create(N, L) -> create(N - 1, [erlang:send_after(60000 + (N band 16383), self(), t) | L]).
create_cancel(0) -> ok;
create_cancel(N) -> erlang:cancel_timer(erlang:send_after(60000, self(), t)), create_cancel(N - 1).
fire(0, _, _) -> ok;
fire(N, Spread, To) -> erlang:send_after(N rem Spread, To, t), fire(N - 1, Spread, To).
monitor_demonitor(0, _) -> ok;
monitor_demonitor(N, P) -> demonitor(monitor(process, P), [flush]), monitor_demonitor(N - 1, P).
link_unlink(0, _) -> ok;
link_unlink(N, P) -> link(P), unlink(P), link_unlink(N - 1, P).
wait_down(0) -> ok;
wait_down(N) -> receive {'DOWN', _, _, _, _} -> wait_down(N - 1) end.
wait_exit(0) -> ok;
wait_exit(N) -> receive {'EXIT', _, _} -> wait_exit(N - 1) end.
