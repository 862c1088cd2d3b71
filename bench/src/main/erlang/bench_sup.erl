%% A supervisor of many gen_servers, started one by one.
-module(bench_sup).
-behaviour(supervisor).
-export([init/1]).

init({Args, MaxRestarts}) ->
    Start = {bench_server, start_link, Args},
    {ok, {{simple_one_for_one, MaxRestarts, 1}, [{c, Start, permanent, brutal_kill, worker, [bench_server]}]}}.
