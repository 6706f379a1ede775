-- Values of the register that the meter's dial cannot show. The hour is null in meter_day, as if it were missing, so no
-- usage, closing or picture counts it; the value that was received stands here. Such an hour was answered: it is not asked
-- for again.

create table reading_fault (
  utility_id integer not null references utility,
  meter_id integer not null,
  day date not null,
  hour_ending smallint not null check (hour_ending between 1 and 24),
  index_l integer not null,
  terminal_id integer not null,
  received_at timestamptz not null,
  primary key (utility_id, meter_id, day, hour_ending, index_l),
  foreign key (utility_id, meter_id) references meter (utility_id, meter_id),
  foreign key (utility_id, terminal_id) references terminal (utility_id, terminal_id)
);
comment on table reading_fault is 'Register values beyond the dial of their meter, as received: of an hour the first and the last four. Where meter_day has a value for the hour, a later report healed it.';
comment on column reading_fault.day is 'JST calendar day.';
comment on column reading_fault.hour_ending is 'The hour ending (1…24) that the value was reported for.';
comment on column reading_fault.index_l is 'The value received. Litres.';
comment on column reading_fault.terminal_id is 'Terminal whose frame brought the value first.';
comment on column reading_fault.received_at is 'When the value was received first.';
alter table reading_fault enable row level security;
alter table reading_fault force row level security;
create policy tenant on reading_fault to kenshin_app, kenshin_web, kenshin_ingest
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy store on reading_fault to kenshin_store using (true) with check (true);

create function note_reading_faults(for_utility integer, meters integer[], days date[], hours smallint[], indexes_l integer[],
                                    terminals integer[], received timestamptz)
  returns integer language plpgsql security definer
  set search_path = public, pg_temp
  set enable_hashjoin = off
  set enable_mergejoin = off
  set enable_seqscan = off
as $$
declare noted integer;
begin
  insert into reading_fault (utility_id, meter_id, day, hour_ending, index_l, terminal_id, received_at)
  select for_utility, f.meter_id, f.day, f.hour_ending, f.index_l, f.terminal_id, received
  from unnest(meters, days, hours, indexes_l, terminals) f (meter_id, day, hour_ending, index_l, terminal_id)
  order by f.meter_id, f.day, f.hour_ending, f.index_l
  on conflict (utility_id, meter_id, day, hour_ending, index_l) do nothing;
  get diagnostics noted = row_count;
  if noted = 0 then return 0; end if;
  -- Each is a new row for as long as the terminal makes up another value.
  delete from reading_fault f
  using (
    select k.meter_id, k.day, k.hour_ending, kept.index_l
    from (select distinct * from unnest(meters, days, hours) u (meter_id, day, hour_ending)) k
    cross join lateral (
      select r.index_l, row_number() over (order by r.received_at, r.index_l) as nth, count(*) over () as total
      from reading_fault r
      where r.utility_id = for_utility and r.meter_id = k.meter_id and r.day = k.day and r.hour_ending = k.hour_ending
    ) kept
    where kept.nth between 2 and kept.total - 4
  ) surplus
  where f.utility_id = for_utility and f.meter_id = surplus.meter_id and f.day = surplus.day
    and f.hour_ending = surplus.hour_ending and f.index_l = surplus.index_l;
  return noted;
end $$;
comment on function note_reading_faults is 'Keeps values beyond the dial as received, in the transaction that stores the other hours of their reports; of an hour the first and the last four. Yields how many were new.';
grant create on schema public to kenshin_store;
alter function note_reading_faults owner to kenshin_store;
revoke create on schema public from kenshin_store;
revoke execute on function note_reading_faults from public;

create function lacks_hours(of_meter integer, of_day date, index_l integer[], first_hour integer, last_hour integer)
  returns boolean language sql stable set search_path = public, pg_temp
as $$
  select array_position(index_l[first_hour:last_hour], null) is not null
    and exists (
      select from generate_series(first_hour, last_hour) k
      where index_l[k] is null
        and not exists (select from reading_fault f
                        where f.utility_id = (select current_utility_id()) and f.meter_id = of_meter and f.day = of_day
                          and f.hour_ending = k)
    )
$$;
comment on function lacks_hours is 'True when an hour from first_hour to last_hour of a meter''s day was never reported. A value beyond the dial counts as reported.';
revoke execute on function lacks_hours from public;

create or replace function plan_reading_requests(window_ended_after timestamptz, window_ended_until timestamptz,
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
           (select lacks_hours(m.meter_id, m.day, m.index_l, e.first_hour, e.last_hour) from meter_day m
            where m.meter_id = f.meter_id and m.day = d.day) as lacks_hours
    from fitted f
    cross join lateral (select f.first_day + n as day from generate_series(0, f.last_day - f.first_day) n) d
    cross join lateral expected_hours(d.day, f.from_at, f.to_at) e
    where e.first_hour <= e.last_hour and d.day <> all (f.full_days)
  ), noted as (
    insert into reading_request (utility_id, meter_id, day, terminal_id, reason, first_hour, last_hour, due_at)
    select (select current_utility_id()), meter_id, day, terminal_id, case when lacks_hours then 'incomplete' else 'absent' end,
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

create or replace function settle_reading_requests_of(terminals integer[], as_of timestamptz, seen_after timestamptz)
  returns integer language plpgsql set search_path = public, pg_temp
as $$
declare settled integer;
begin
  -- What came on the terminal's own account and lacks hours is asked for once more; an answer is all that the terminal has.
  with open as materialized (
    select r.meter_id, r.day, r.last_asked_at,
           (select m.received_at from meter_day m where m.meter_id = r.meter_id and m.day = r.day) as received_at,
           (select not lacks_hours(m.meter_id, m.day, m.index_l, r.first_hour, r.last_hour) from meter_day m
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
