-- Planning and settling look up each meter's days by the key of meter_day, whatever the statistics say: as joins they were
-- planned as scans of all readings where the tables had grown since the last analyze. Terminals are taken some at a time.

drop function plan_reading_requests(timestamptz, timestamptz);
drop function settle_reading_requests(timestamptz, integer);

create function plan_reading_requests(window_ended_after timestamptz, window_ended_until timestamptz,
                                      after_terminal integer, max_terminals integer,
                                      out planned integer, out last_terminal integer)
  language plpgsql set search_path = public, pg_temp
as $$
begin
  with terminal_due as materialized (
    select * from (
      select t.terminal_id, w.minutes,
             greatest(((window_ended_after at time zone 'Asia/Tokyo') - w.minutes)::date,
                      (window_ended_until at time zone 'Asia/Tokyo')::date - u.poll_days_back) as first_day,
             ((window_ended_until at time zone 'Asia/Tokyo') - w.minutes)::date - 1 as last_day
      from terminal t
      join utility u on u.utility_id = t.utility_id
      cross join lateral (select make_interval(mins => t.report_minute + t.report_window_minutes) as minutes) w
      where t.retired_at is null and t.terminal_id > after_terminal
    ) t
    where first_day <= last_day
    order by terminal_id
    limit max_terminals
  ), fitted as materialized (
    select t.*, f.meter_id, greatest(f.fitted_at, tf.from_at) as from_at, least(f.removed_at, tf.to_at) as to_at,
           (select coalesce(array_agg(m.day), '{}') from meter_day m
            where m.meter_id = f.meter_id and m.day between t.first_day and t.last_day
              and array_position(m.index_l, null) is null) as full_days
    from terminal_due t
    join terminal_fitting tf on tf.terminal_id = t.terminal_id
    join meter_fitting f on f.supply_point_id = tf.supply_point_id
  ), due as materialized (
    select f.*, d.day, e.first_hour, e.last_hour,
           (select array_position(m.index_l[e.first_hour:e.last_hour], null) is not null from meter_day m
            where m.meter_id = f.meter_id and m.day = d.day) as lacks_hours
    from fitted f
    cross join lateral (select f.first_day + n as day from generate_series(0, f.last_day - f.first_day) n) d
    cross join lateral expected_hours(d.day, f.from_at, f.to_at) e
    where e.first_hour <= e.last_hour and d.day <> all (f.full_days)
  ), noted as (
    insert into reading_request (utility_id, meter_id, day, terminal_id, reason, first_hour, last_hour, due_at)
    select current_utility_id(), meter_id, day, terminal_id, case when lacks_hours then 'incomplete' else 'absent' end,
           first_hour, last_hour, (day + 1 + minutes) at time zone 'Asia/Tokyo'
    from due
    where lacks_hours is distinct from false
    on conflict (utility_id, meter_id, day) do nothing
    returning 1
  )
  select (select count(*) from noted),
         (select case when count(*) = max_terminals then max(terminal_id) end from terminal_due)
  into planned, last_terminal;
end $$;
comment on function plan_reading_requests is 'Notes, for the next max_terminals terminals of this transaction''s utility, the days whose report window ended in (after, until] and that are absent or incomplete. last_terminal is where to go on, null at the end.';

create function settle_reading_requests(as_of timestamptz, seen_after timestamptz,
                                        after_terminal integer, max_terminals integer,
                                        out settled integer, out last_terminal integer)
  language plpgsql set search_path = public, pg_temp
as $$
declare slice integer[];
begin
  select coalesce(array_agg(terminal_id), '{}') into slice from (
    select t.terminal_id from terminal t
    where t.terminal_id > after_terminal
      and exists (select from reading_request r
                  where r.utility_id = t.utility_id and r.terminal_id = t.terminal_id
                    and r.answered_at is null and r.given_up_at is null)
    order by t.terminal_id
    limit max_terminals
  ) t;
  settled := settle_reading_requests_of(slice, as_of, seen_after);
  last_terminal := case when cardinality(slice) = max_terminals then slice[max_terminals] end;
end $$;
comment on function settle_reading_requests is 'Does what settle_reading_requests_of does for the next max_terminals terminals of this transaction''s utility from which anything is wanted. last_terminal is where to go on, null at the end.';

create function settle_reading_requests_of(terminals integer[], as_of timestamptz, seen_after timestamptz)
  returns integer language plpgsql set search_path = public, pg_temp
as $$
declare settled integer;
begin
  -- What came on the terminal's own account and lacks hours is asked for once more; an answer is all that the terminal has.
  with open as materialized (
    select r.meter_id, r.day, r.last_asked_at,
           (select m.received_at from meter_day m where m.meter_id = r.meter_id and m.day = r.day) as received_at,
           (select array_position(m.index_l[r.first_hour:r.last_hour], null) is null from meter_day m
            where m.meter_id = r.meter_id and m.day = r.day) as is_full
    from reading_request r
    join terminal_state s on s.utility_id = r.utility_id and s.terminal_id = r.terminal_id
    where r.answered_at is null and r.given_up_at is null
      and r.terminal_id = any (terminals)
      and s.last_seen_at >= seen_after
  )
  update reading_request r
  set reason = case when open.is_full then r.reason else 'incomplete' end,
      answered_at = case when open.is_full or open.received_at > open.last_asked_at then open.received_at end
  from open
  where r.meter_id = open.meter_id and r.day = open.day and open.received_at is not null
    and (r.reason = 'absent' or open.is_full or open.received_at > open.last_asked_at);
  get diagnostics settled = row_count;
  update reading_request r
  set given_up_at = as_of
  from utility u
  where r.answered_at is null and r.given_up_at is null
    and r.terminal_id = any (terminals)
    and u.utility_id = r.utility_id
    and r.day < (as_of at time zone 'Asia/Tokyo')::date - u.poll_days_back;
  return settled;
end $$;
comment on function settle_reading_requests_of is 'Closes the open requests of some terminals of this transaction''s utility: those that were answered, where the terminal was seen since an instant, and those that are too old to ask for. Yields how many found their day.';
grant execute on function plan_reading_requests, settle_reading_requests, settle_reading_requests_of to kenshin_app;
