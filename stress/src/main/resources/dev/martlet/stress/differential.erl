%% The Erlang side of Martlet's differential test: executes programs and writes down what can be observed.
%% The Java side, dev.martlet.stress.MartletRun, does the same; Differential.java explains programs and observations.
%%
%% A line "FILE-IN FILE-OUT" on standard input runs one batch of programs; the answer is the line "done".
-module(differential).
-behaviour(supervisor).
-export([main/0, init/1, start_child/5]).

-define(PATIENCE, 10000).

main() ->
    case io:get_line("") of
        eof -> halt(0);
        Line ->
            [In, Out] = string:lexemes(Line, " \n"),
            {ok, Bytes} = file:read_file(In),
            ok = file:write_file(Out, batch(programs(binary:split(Bytes, <<"\n">>, [global, trim_all])))),
            io:format("done~n"),
            main()
    end.

programs(Lines) ->
    lists:reverse([{Head, lists:reverse(Steps)} || {Head, Steps} <- lists:foldl(fun program/2, [], Lines)]).

program(<<"program ", _/binary>> = Head, Programs) -> [{Head, []} | Programs];
program(Line, [{Head, Steps} | Programs]) -> [{Head, [binary:split(Line, <<" ">>, [global]) | Steps]} | Programs].

%% Some programs at a time. A place has its own names, so that those of two programs never meet.
batch(Programs) ->
    Self = self(),
    Places = min(2 * erlang:system_info(schedulers_online), length(Programs)),
    Parts = lists:foldl(
        fun({I, P}, Acc) -> maps:update_with(I rem Places, fun(Ps) -> [{I, P} | Ps] end, [{I, P}], Acc) end,
        #{}, lists:enumerate(Programs)),
    Runners = [spawn_link(fun() -> Self ! {self(), [{I, run(Place, P)} || {I, P} <- Ps]} end)
               || {Place, Ps} <- maps:to_list(Parts)],
    Done = lists:append([receive {Runner, Results} -> Results end || Runner <- Runners]),
    [Text || {_, Text} <- lists:sort(Done)].

run(Place, {Head, Steps}) ->
    Self = self(),
    {_, Ref} = spawn_monitor(fun() -> exit({lines, drive(Place, Steps)}) end),
    receive
        {'DOWN', Ref, process, _, {lines, Lines}} -> [Head, $\n, [[L, $\n] || L <- Lines]];
        {'DOWN', Ref, process, _, Why} -> exit(Self, {driver, Head, Why})
    end.

%% ---- the driver: one step at a time -------------------------------------------------------------------------

%% ids: what an id means now; names: what a pid is called for ever; live: the workers and supervisors that live.
-record(d, {place, log, step = 0, ids = #{}, names = #{}, live = #{}, sups = #{}, round = 0, lines = []}).

drive(Place, Steps) ->
    process_flag(trap_exit, true),
    Log = ets:new(log, [ordered_set, public]),
    D0 = #d{place = Place, log = Log, ids = #{<<"d">> => self()}, names = #{self() => <<"d">>}},
    D = lists:foldl(fun step/2, D0, Steps),
    finish(D#d.live),
    lists:reverse(D#d.lines).

finish(Live) ->
    Pids = maps:keys(Live),
    [exit(P, kill) || P <- Pids],
    [receive {'DOWN', _, process, P, _} -> ok end || P <- Pids].

step([Actor, Verb | Args] = Words, D0) ->
    D1 = D0#d{step = D0#d.step + 1},
    Head = [integer_to_binary(D1#d.step), $\s, lists:join($\s, Words), <<" = ">>],
    Op = resolve(Verb, Args, D1),
    {Result, D2} = act(Actor, Op, D1),
    {Events, D3} = settle(D2, []),
    Shown = case Actor =:= <<"d">> orelse not is_live(Actor, D0)
                orelse maps:is_key(maps:get(Actor, D0#d.ids), D3#d.live) of
                true -> show(Result, D3);
                false -> <<"died">> % whether it came to answer before is not determined
            end,
    D3#d{lines = [state(D3) | events(Events, D3)] ++ [iolist_to_binary([Head, Shown]) | D3#d.lines]}.

is_live(Id, D) ->
    case D#d.ids of
        #{Id := Pid} -> maps:is_key(Pid, D#d.live);
        _ -> false
    end.

act(<<"d">>, Op, D) ->
    {Result, _} = exec(Op, #{id => <<"d">>, step => D#d.step, log => D#d.log, driver => self()}),
    {Result, learn(Op, Result, D)};
act(Actor, Op, D) ->
    case is_live(Actor, D) of
        false -> {<<"none">>, D};
        true ->
            Pid = maps:get(Actor, D#d.ids),
            Pid ! {cmd, D#d.step, Op},
            receive
                {done, Pid, Result} -> {Result, learn(Op, Result, D)};
                {'DOWN', _, process, Pid, _} -> {died, dead(Pid, D)}
            after ?PATIENCE -> {<<"hangs">>, D}
            end
    end.

%% Operands are ids; those of processes become pids.
resolve(Verb, Args, D) ->
    Pid = fun(Id) -> maps:get(Id, D#d.ids, none) end,
    Name = fun(N) -> binary_to_atom(<<(integer_to_binary(D#d.place))/binary, $_, N/binary>>) end,
    case {Verb, Args} of
        {<<"spawn">>, [Id, Kind, How]} -> {spawn, Id, Kind, How};
        {<<"monitor">>, [Id, M]} -> {monitor, Pid(Id), M};
        {<<"send">>, [Id, N]} -> {send, Pid(Id), binary_to_integer(N)};
        {<<"sendexit">>, [Id, N, R]} -> {sendexit, Pid(Id), binary_to_integer(N), R};
        {<<"exit2">>, [Id, R]} -> {exit2, Pid(Id), reason(R)};
        {<<"recv">>, [<<"from">>, Id]} -> {recv, {from, Id}};
        {<<"recv">>, [<<"exit">>, Id]} -> {recv, {exit, Pid(Id)}};
        {<<"recv">>, [<<"down">>, M]} -> {recv, {down, M}};
        {<<"recv">>, [<<"msg">>]} -> {recv, msg};
        {<<"register">>, [N, Id]} -> {register, Name(N), Pid(Id)};
        {<<"unregister">>, [N]} -> {unregister, Name(N)};
        {<<"whereis">>, [N]} -> {whereis, Name(N)};
        {<<"sendname">>, [N]} -> {sendname, Name(N)};
        {<<"sup">>, [Id, Strategy, Max | Children]} ->
            {sup, Id, binary_to_atom(Strategy), binary_to_integer(Max), Children};
        {<<"children">>, [Id]} -> {children, Pid(Id)};
        {<<"terminate">>, [Id, C]} -> {terminate, Pid(Id), C};
        {<<"restart">>, [Id, C]} -> {restart, Pid(Id), C};
        {<<"startchild">>, [Id, C]} -> {startchild, Pid(Id), Id, C};
        {<<"trap">>, [On]} -> {trap, binary_to_atom(On)};
        {V, [Id]} when V =:= <<"link">>; V =:= <<"unlink">>; V =:= <<"alive">> -> {binary_to_atom(V), Pid(Id)};
        {V, [A]} -> {binary_to_atom(V), A}; % exit, crash, demonitor
        {V, []} -> {binary_to_atom(V)} % drain
    end.

%% New processes the driver hears of by the result of an operation; children by the log.
learn({spawn, Id, _, _}, {pid, Pid}, D) -> born(Id, Id, Pid, D);
learn({sup, Id, _, _, _}, {sup, Pid}, D) -> (born(Id, Id, Pid, D))#d{sups = (D#d.sups)#{Pid => Id}};
learn(_, _, D) -> D.

born(Id, Name, Pid, D) ->
    monitor(process, Pid),
    D#d{ids = (D#d.ids)#{Id => Pid}, names = (D#d.names)#{Pid => Name}, live = (D#d.live)#{Pid => 0}}.

dead(Pid, D) -> D#d{live = maps:remove(Pid, D#d.live)}.

%% ---- quiescence: nothing is under way any more --------------------------------------------------------------

%% A round asks every live worker for a mark in its mailbox and for its links and monitors. A signal of the dead is
%% under way as long as somebody who lives still has a link to, or a monitor of, the dead. Signals of an operation
%% itself have arrived: its actor called is_process_alive(Target) after it, which Erlang documents as a fence.
settle(D0, Before) ->
    D1 = D0#d{round = D0#d.round + 1},
    Known = D1#d.live,
    Workers = [P || P <- maps:keys(Known), not maps:is_key(P, D1#d.sups)],
    [P ! {cmd, D1#d.step, {barrier, D1#d.round}} || P <- Workers],
    {D2, Seen} = lists:foldl(fun answer/2, {D1, []}, Workers),
    {D3, Seen2} = lists:foldl(fun ask_sup/2, {D2, Seen}, [P || P <- maps:keys(Known), maps:is_key(P, D1#d.sups)]),
    New = log(D3),
    D4 = lists:foldl(fun({start, Id, Name, Pid, _}, D) -> born(Id, Name, Pid, D); (_, D) -> D end, D3, New),
    flush_exits(),
    Rest = [P || P <- Seen2, maps:is_key(P, D4#d.names), P =/= self(), not maps:is_key(P, D4#d.live)],
    case New =:= [] andalso Rest =:= [] andalso maps:keys(D4#d.live) =:= maps:keys(Known) of
        true -> {Before, D4};
        false -> settle(D4, Before ++ New)
    end.

answer(P, {D, Seen}) ->
    Round = D#d.round,
    receive
        {barrier, P, Round, Count, Others} -> {D#d{live = (D#d.live)#{P => Count}}, Others ++ Seen};
        {'DOWN', _, process, P, _} -> {dead(P, D), Seen}
    after ?PATIENCE -> exit({no_answer, P, process_info(P)})
    end.

ask_sup(P, {D, Seen}) ->
    try
        _ = supervisor:which_children(P), % answered after the exits that it has got already
        {links, Links} = process_info(P, links),
        {D, Links ++ Seen}
    catch _:_ -> receive {'DOWN', _, process, P, _} -> {dead(P, D), Seen} end
    end.

%% Of supervisors that the driver has started.
flush_exits() -> receive {'EXIT', _, _} -> flush_exits() after 0 -> ok end.

log(D) ->
    Events = [E || {K, _} = E <- ets:tab2list(D#d.log), is_integer(K)],
    [ets:delete(D#d.log, K) || {K, _} <- Events], % these only: others may have been added since
    [E || {_, E} <- Events].

note(Log, Event) -> ets:insert(Log, {erlang:unique_integer([monotonic]), Event}).

%% ---- operations, by whoever executes them -------------------------------------------------------------------

exec(Op, S) ->
    case lists:member(none, tuple_to_list(Op)) orelse Op =:= {recv, {exit, none}} of
        true -> {<<"none">>, S};
        false -> exec1(Op, S)
    end.

exec1({spawn, Id, Kind, How}, S) ->
    W = maps:with([log, driver], S),
    Run = fun() -> worker(W#{id => Id, kind => Kind, parent => none}) end,
    {{pid, case How of <<"link">> -> spawn_link(Run); <<"plain">> -> spawn(Run) end}, S};
exec1({link, P}, S) ->
    %% For a local process that has ended link/1 may raise noproc instead of sending the signal.
    try link(P) catch error:noproc -> exit(noproc) end,
    fence(P, true, S);
exec1({unlink, P}, S) -> fence(P, unlink(P), S);
exec1({monitor, P, M}, S) ->
    Mons = maps:get(mons, S, #{}),
    fence(P, true, S#{mons => Mons#{M => monitor(process, P)}});
exec1({demonitor, M}, #{mons := Mons} = S) when is_map_key(M, Mons) ->
    Ref = maps:get(M, Mons),
    Result = erlang:demonitor(Ref, [info]),
    true = erlang:demonitor(Ref, [flush]),
    {Result, S};
exec1({demonitor, _}, S) -> {<<"none">>, S};
exec1({trap, On}, S) -> {process_flag(trap_exit, On), S};
exec1({exit, R}, _) -> exit(reason(R));
exec1({crash, R}, _) -> erlang:error({crash, R});
exec1({exit2, P, R}, S) -> fence(P, exit(P, R), S);
exec1({send, P, N}, S) -> fence(P, send(P, N, S), S);
exec1({sendexit, P, N, R}, S) ->
    send(P, N, S),
    exit(reason(R));
exec1({recv, What}, S) -> take(What, S);
exec1({alive, P}, S) -> {is_process_alive(P), S};
exec1({register, N, P}, S) -> {try register(N, P) catch error:badarg -> <<"error">> end, S};
exec1({unregister, N}, S) -> {try unregister(N) catch error:badarg -> false end, S};
exec1({whereis, N}, S) -> {case whereis(N) of undefined -> <<"nobody">>; P -> {pid, P} end, S};
exec1({sendname, N}, S) ->
    case whereis(N) of
        undefined -> {<<"nobody">>, S};
        P -> fence(P, send(P, 1, S), S)
    end;
exec1({drain}, S) -> drain(S);
exec1({sup, Id, Strategy, Max, Children}, S) ->
    Flags = #{strategy => Strategy, intensity => Max, period => 3600},
    Specs = [spec(Id, C, S) || C <- Children],
    {case supervisor:start_link(?MODULE, {Flags, Specs}) of {ok, P} -> {sup, P}; {error, _} -> <<"error">> end, S};
exec1({children, P}, S) -> {asked(fun() -> {children, supervisor:which_children(P)} end), S};
exec1({terminate, P, C}, S) -> {asked(fun() -> supervisor:terminate_child(P, C) end), S};
exec1({restart, P, C}, S) -> {asked(fun() -> supervisor:restart_child(P, C) end), S};
exec1({startchild, P, Id, C}, S) -> {asked(fun() -> supervisor:start_child(P, spec(Id, C, S)) end), S}.

asked(Ask) ->
    try Ask() of
        ok -> true;
        {ok, P} when is_pid(P) -> {pid, P};
        {error, _} -> <<"error">>;
        Answer -> Answer
    catch exit:_ -> <<"noproc">>
    end.

fence(P, Result, S) ->
    _ = is_process_alive(P),
    {Result, S}.

send(P, N, #{id := Id, step := Step}) ->
    [P ! {msg, Id, Step * 10 + I} || I <- lists:seq(1, N)],
    true.

reason(<<"normal">>) -> normal;
reason(<<"shutdown">>) -> shutdown;
reason(<<"shutdown:", D/binary>>) -> {shutdown, D};
reason(R) -> binary_to_atom(R).

%% ---- workers ------------------------------------------------------------------------------------------------

%% A body leaves what it does not want in its mailbox; a server takes whatever comes at once and keeps it in a list.
worker(S) -> loop(S#{mons => #{}, saved => []}).

loop(#{kind := Kind, parent := Parent} = S) ->
    receive
        {cmd, Step, {barrier, Round}} -> loop(barrier(Step, Round, S));
        {cmd, Step, Op} ->
            {Result, S1} = exec(Op, S#{step => Step}),
            maps:get(driver, S) ! {done, self(), Result},
            loop(S1);
        {'EXIT', Parent, R} ->
            note(maps:get(log, S), {bye, maps:get(sup, S), maps:get(id, S), R}),
            exit(R);
        Other when Kind =:= <<"server">> -> loop(keep(Other, S))
    end.

keep(Message, #{saved := Saved} = S) -> S#{saved := Saved ++ [Message]}.

barrier(Step, Round, #{kind := Kind, driver := Driver} = S0) ->
    S = case Kind of
            <<"body">> -> self() ! {mark, Step}, S0;
            <<"server">> -> keep({mark, Step}, S0)
        end,
    {messages, Box} = process_info(self(), messages),
    {links, Links} = process_info(self(), links),
    {monitors, Monitors} = process_info(self(), monitors),
    Count = length([M || M <- Box ++ maps:get(saved, S), element(1, M) =/= mark]),
    Driver ! {barrier, self(), Round, Count, [P || P <- Links, is_pid(P)] ++ [P || {process, P} <- Monitors]},
    S.

take(What, #{kind := <<"body">>} = S) ->
    {case What of
         msg -> receive {msg, _, _} = M -> M after 0 -> <<"nothing">> end;
         {from, Id} -> receive {msg, Id, _} = M -> M after 0 -> <<"nothing">> end;
         {exit, P} -> receive {'EXIT', P, _} = M -> M after 0 -> <<"nothing">> end;
         {down, Name} ->
             case maps:get(mons, S) of
                 #{Name := Ref} -> receive {'DOWN', Ref, _, P, R} -> {down, Name, P, R} after 0 -> <<"nothing">> end;
                 _ -> <<"none">>
             end
     end, S};
take(What, #{kind := <<"server">>, saved := Saved} = S) ->
    Wanted = fun(M) -> wanted(What, named(M, S)) end,
    case lists:splitwith(fun(M) -> not Wanted(M) end, Saved) of
        {_, []} ->
            {case What of
                 {down, Name} when not is_map_key(Name, map_get(mons, S)) -> <<"none">>;
                 _ -> <<"nothing">>
             end, S};
        {Front, [M | Back]} -> {named(M, S), S#{saved := Front ++ Back}}
    end.

wanted(msg, {msg, _, _}) -> true;
wanted({from, Id}, {msg, Id, _}) -> true;
wanted({exit, P}, {'EXIT', P, _}) -> true;
wanted({down, Name}, {down, Name, _, _}) -> true;
wanted(_, _) -> false.

drain(#{kind := Kind} = S) ->
    Box = case Kind of <<"body">> -> empty(); <<"server">> -> maps:get(saved, S) end,
    {{box, [named(M, S) || M <- Box]}, S#{saved := []}}.

empty() -> receive M -> [M | empty()] after 0 -> [] end.

named({'DOWN', Ref, process, P, R}, #{mons := Mons}) ->
    [Name] = [N || {N, Known} <- maps:to_list(Mons), Known =:= Ref],
    {down, Name, P, R};
named(M, _) -> M.

%% ---- supervisors --------------------------------------------------------------------------------------------

init(Arg) -> {ok, Arg}.

%% A child is written id:restart:kind:shutdown:starts-that-fail, as in s0c1:permanent:body:wait:2,3
spec(Sup, Text, S) ->
    [Id, Restart, Kind, Shutdown, Fails] = binary:split(Text, <<":">>, [global]),
    Bad = [binary_to_integer(F) || F <- binary:split(Fails, <<",">>, [global]), F =/= <<"-">>],
    #{id => Id, restart => binary_to_atom(Restart),
      shutdown => case Shutdown of <<"wait">> -> 5000; <<"brutal">> -> brutal_kill end,
      start => {?MODULE, start_child, [Sup, Id, Kind, Bad, maps:with([log, driver], S)]}}.

start_child(Sup, Id, Kind, Bad, #{log := Log} = W) ->
    N = ets:update_counter(Log, {count, Id}, 1, {{count, Id}, 0}),
    Name = <<Id/binary, $#, (integer_to_binary(N))/binary>>,
    case lists:member(N, Bad) of
        true ->
            note(Log, {failed, Sup, Name}),
            {error, refused};
        false ->
            Parent = self(),
            Pid = spawn_link(fun() -> worker(W#{id => Id, kind => Kind, parent => Parent, sup => Sup}) end),
            note(Log, {start, Id, Name, Pid, Sup}),
            {ok, Pid}
    end.

%% ---- observations -------------------------------------------------------------------------------------------

state(D) ->
    Live = lists:sort([{maps:get(P, D#d.names), P, Count} || {P, Count} <- maps:to_list(D#d.live)]),
    iolist_to_binary([integer_to_binary(D#d.step), <<" state">>,
                      [[$\s, Name, case maps:is_key(P, D#d.sups) of true -> []; false -> [$:, integer_to_binary(N)] end]
                       || {Name, P, N} <- Live]]).

%% What one supervisor starts, and asks to stop, it does one after the other; between supervisors there is no order,
%% nor between children that are orphaned at the same time (their reason is another than shutdown).
events([], _) -> [];
events(Events, D) ->
    Sorted = lists:sort([{event_sup(E), event_order(I, E), show_event(E)} || {I, E} <- lists:enumerate(Events)]),
    [iolist_to_binary([integer_to_binary(D#d.step), <<" events">>, [[$\s, Text] || {_, _, Text} <- Sorted]])].

event_sup({start, _, _, _, Sup}) -> Sup;
event_sup(E) -> element(2, E).

event_order(_, {bye, _, _, R} = E) when R =/= shutdown -> {1, show_event(E)};
event_order(I, _) -> {0, I}.

show_event({start, _, Name, _, _}) -> <<"start/", Name/binary>>;
show_event({failed, _, Name}) -> <<"failed/", Name/binary>>;
show_event({bye, _, Id, R}) -> iolist_to_binary([<<"bye/">>, Id, $/, show_reason(R)]).

show(true, _) -> <<"true">>;
show(false, _) -> <<"false">>;
show({Tag, P}, D) when Tag =:= pid; Tag =:= sup -> name(P, D);
show({msg, From, N}, _) -> [From, $., integer_to_binary(N)];
show({'EXIT', P, R}, D) -> [<<"EXIT/">>, name(P, D), $/, show_reason(R)];
show({down, M, P, R}, D) -> [<<"DOWN/">>, M, $/, name(P, D), $/, show_reason(R)];
show({children, Children}, D) ->
    lists:join($\s, lists:sort([iolist_to_binary([Id, $/, case is_pid(P) of true -> name(P, D); false -> <<"-">> end])
                                || {Id, P, _, _} <- Children]));
show({box, Box}, D) -> lists:join($\s, [<<"box">> | lists:append([group(G, D) || G <- groups(Box)])]);
show(Text, _) when is_binary(Text) -> Text.

name(P, D) -> maps:get(P, D#d.names, <<"?">>).

%% The messages of a step are those before a mark of it.
groups(Box) ->
    {Groups, _} = lists:foldr(fun({mark, Step}, {Groups, _}) -> {Groups, Step};
                                 (M, {[{Step, Group} | Groups], Step}) -> {[{Step, [M | Group]} | Groups], Step};
                                 (M, {Groups, Step}) -> {[{Step, [M]} | Groups], Step}
                              end, {[], now}, Box),
    [Group || {_, Group} <- Groups].

%% Signals of one process arrive in the order sent; between processes, and between the signals of one death, is none.
group(Group, D) ->
    Senders = lists:usort([sender(M, D) || M <- Group]),
    lists:append([runs([M || M <- Group, sender(M, D) =:= From], D) || From <- Senders]).

sender({msg, From, _}, _) -> From;
sender({'EXIT', P, _}, D) -> name(P, D);
sender({down, _, P, _}, D) -> name(P, D).

runs([], _) -> [];
runs([{msg, _, _} = M | Rest], D) -> [iolist_to_binary(show(M, D)) | runs(Rest, D)];
runs(Group, D) ->
    {Signals, Rest} = lists:splitwith(fun(M) -> element(1, M) =/= msg end, Group),
    lists:sort([iolist_to_binary(show(M, D)) || M <- Signals]) ++ runs(Rest, D).

show_reason({shutdown, D}) when is_binary(D) -> <<"shutdown:", D/binary>>;
show_reason({shutdown, _}) -> <<"start_failed">>;
show_reason({{crash, R}, _}) -> <<"crash:", R/binary>>;
show_reason(R) when is_atom(R) -> atom_to_binary(R);
show_reason(R) -> iolist_to_binary(io_lib:format("~0p", [R])).
