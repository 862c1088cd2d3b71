%% The gen_server that the programs call, start and crash.
-module(bench_server).
-behaviour(gen_server).
-export([start/0, start_link/0, start_link/1, init/1, handle_call/3, handle_cast/2, handle_info/2]).

start() -> {ok, P} = gen_server:start(?MODULE, 0, []), P.
start_link() -> gen_server:start_link(?MODULE, 0, []).
start_link(Reporter) -> gen_server:start_link(?MODULE, {report, Reporter}, []).

init({report, Reporter}) -> Reporter ! {started, self(), bench:now_ns()}, {ok, 0};
init(X) -> {ok, X}.

handle_call(get, _From, S) -> {reply, S, S + 1}.
%% Busy elsewhere until the flag is set. It looks every 10 ms, so that it does not scan the mailbox for a message.
handle_cast({hold, Flag}, S) -> hold(Flag), {noreply, S};
handle_cast(_, S) -> {noreply, S}.
handle_info(_, S) -> {noreply, S}.

hold(Flag) ->
    case atomics:get(Flag, 1) of
        0 -> receive after 10 -> hold(Flag) end;
        _ -> ok
    end.
