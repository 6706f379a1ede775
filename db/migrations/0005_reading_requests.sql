-- Scheduled polling: a meter's day that has not arrived, or arrived with hours missing, when its terminal's report window
-- is over becomes a row here, and is asked for when the terminal is next reachable.

create table reading_request (
  utility_id integer not null references utility,
  meter_id integer not null,
  day date not null,
  terminal_id integer not null,
  reason text not null check (reason in ('absent', 'incomplete')),
  first_hour smallint not null check (first_hour between 1 and 24),
  last_hour smallint not null check (last_hour between first_hour and 24),
  due_at timestamptz not null,
  asked_count smallint not null default 0 check (asked_count >= 0),
  last_asked_at timestamptz,
  answered_at timestamptz,
  given_up_at timestamptz,
  primary key (utility_id, meter_id, day),
  foreign key (utility_id, meter_id) references meter (utility_id, meter_id),
  foreign key (utility_id, terminal_id) references terminal (utility_id, terminal_id),
  check ((last_asked_at is null) = (asked_count = 0)),
  check (answered_at is null or given_up_at is null)
);
create index reading_request_open on reading_request (utility_id, terminal_id, day)
  where answered_at is null and given_up_at is null;
comment on table reading_request is 'A meter''s day that is asked for again (再収集). Open while neither answered nor given up.';
comment on column reading_request.day is 'JST calendar day.';
comment on column reading_request.terminal_id is 'The terminal that was fitted beside the meter on that day: the one to ask.';
comment on column reading_request.reason is 'absent: no report of the day; incomplete: index values are missing in it.';
comment on column reading_request.first_hour is 'First hour ending of the day for which a value is expected: later than 1 when the meter was fitted that day.';
comment on column reading_request.last_hour is 'Last hour ending for which a value is expected: earlier than 24 when the meter was removed that day.';
comment on column reading_request.due_at is 'End of the report window in which the day should have arrived.';
comment on column reading_request.asked_count is 'How often the terminal was asked.';
comment on column reading_request.answered_at is 'When the day was there in full, or as much of it as the terminal had when it was asked.';
comment on column reading_request.given_up_at is 'When it was asked for no more: too often in vain, or too long ago.';
alter table reading_request enable row level security;
alter table reading_request force row level security;
create policy tenant on reading_request to kenshin_app
  using (utility_id = current_utility_id()) with check (utility_id = current_utility_id());
grant select, insert, update on reading_request to kenshin_app;

-- Hour k of a day belongs to a meter that was fitted before k:00 and removed at k:00 or later.
create function expected_hours(day date, from_at timestamptz, to_at timestamptz, out first_hour integer, out last_hour integer)
  language sql immutable parallel safe
  return (
    greatest(1, 1 + floor(extract(epoch from from_at - (day::timestamp at time zone 'Asia/Tokyo')) / 3600)::integer),
    least(24, coalesce(floor(extract(epoch from to_at - (day::timestamp at time zone 'Asia/Tokyo')) / 3600)::integer, 24))
  );
comment on function expected_hours is 'The hours ending of a JST day that belong to a fitting [from_at, to_at); last_hour < first_hour where none do.';
grant execute on function expected_hours to kenshin_app;

create function plan_reading_requests(window_ended_after timestamptz, window_ended_until timestamptz)
  returns integer language plpgsql set search_path = public, pg_temp
as $$
declare planned integer;
begin
  with terminal_due as (
    select t.terminal_id, w.minutes,
           greatest(((window_ended_after at time zone 'Asia/Tokyo') - w.minutes)::date,
                    (window_ended_until at time zone 'Asia/Tokyo')::date - u.poll_days_back) as first_day,
           ((window_ended_until at time zone 'Asia/Tokyo') - w.minutes)::date - 1 as last_day
    from terminal t
    join utility u on u.utility_id = t.utility_id
    cross join lateral (select make_interval(mins => t.report_minute + t.report_window_minutes) as minutes) w
    where t.retired_at is null
  ), due as (
    select f.meter_id, t.terminal_id, d.day, (d.day + 1 + t.minutes) at time zone 'Asia/Tokyo' as due_at,
           e.first_hour, e.last_hour
    from terminal_due t
    cross join lateral (select t.first_day + n as day from generate_series(0, t.last_day - t.first_day) n) d
    join terminal_fitting tf on tf.terminal_id = t.terminal_id
    join meter_fitting f on f.supply_point_id = tf.supply_point_id
    cross join lateral expected_hours(d.day, greatest(f.fitted_at, tf.from_at), least(f.removed_at, tf.to_at)) e
    where e.first_hour <= e.last_hour
  ), lacking as (
    select due.*, case when m.day is null then 'absent' else 'incomplete' end as reason
    from due
    left join meter_day m on m.meter_id = due.meter_id and m.day = due.day
    where m.day is null or array_position(m.index_l[due.first_hour:due.last_hour], null) is not null
  )
  insert into reading_request (utility_id, meter_id, day, terminal_id, reason, first_hour, last_hour, due_at)
  select current_utility_id(), meter_id, day, terminal_id, reason, first_hour, last_hour, due_at from lacking
  on conflict (utility_id, meter_id, day) do nothing;
  get diagnostics planned = row_count;
  return planned;
end $$;
comment on function plan_reading_requests is 'Notes, for this transaction''s utility, the days whose report window ended in (after, until] and that are absent or incomplete.';
grant execute on function plan_reading_requests to kenshin_app;

create function settle_reading_requests(as_of timestamptz, only_terminal integer default null)
  returns integer language plpgsql set search_path = public, pg_temp
as $$
declare settled integer;
begin
  -- What came on the terminal's own account and lacks hours is asked for once more; an answer is all that the terminal has.
  update reading_request r
  set reason = case when array_position(m.index_l[r.first_hour:r.last_hour], null) is null then r.reason else 'incomplete' end,
      answered_at = case when m.received_at > r.last_asked_at
                           or array_position(m.index_l[r.first_hour:r.last_hour], null) is null then m.received_at end
  from meter_day m
  where r.answered_at is null and r.given_up_at is null
    and (only_terminal is null or r.terminal_id = only_terminal)
    and m.meter_id = r.meter_id and m.day = r.day
    and (r.reason = 'absent' or m.received_at > r.last_asked_at
         or array_position(m.index_l[r.first_hour:r.last_hour], null) is null);
  get diagnostics settled = row_count;
  update reading_request r
  set given_up_at = as_of
  from utility u
  where r.answered_at is null and r.given_up_at is null
    and (only_terminal is null or r.terminal_id = only_terminal)
    and u.utility_id = r.utility_id
    and r.day < (as_of at time zone 'Asia/Tokyo')::date - u.poll_days_back;
  return settled;
end $$;
comment on function settle_reading_requests is 'Closes the open requests of this transaction''s utility, or of one terminal, that were answered or are too old to ask for. Yields how many found their day.';
grant execute on function settle_reading_requests to kenshin_app;

-- Which utilities there are to plan for: asked by the schedule before any tenant is set.
create function utilities_to_poll()
  returns table (utility_id integer, poll_days_back integer)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select u.utility_id, u.poll_days_back from utility u order by u.utility_id
$$;
comment on function utilities_to_poll is 'Every utility, for the schedule that plans requests one utility after the other.';
grant create on schema public to kenshin_lookup;
grant kenshin_lookup to current_user;
alter function utilities_to_poll owner to kenshin_lookup;
revoke create on schema public from kenshin_lookup;
revoke execute on function utilities_to_poll from public;
grant execute on function utilities_to_poll to kenshin_app;
