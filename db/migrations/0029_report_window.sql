-- The rule of the report window once: when the report of a day is due, and which days are due at an instant. Statements and functions
-- call these; lib/readings/report-window.ts says the same to the processes. They are inlined into the statements that call them.

create function report_due_after(report_minute integer, report_window_minutes integer) returns interval
  language sql immutable parallel safe
  return make_interval(mins => report_minute + report_window_minutes);
comment on function report_due_after is 'Time from the end of a JST day to the end of the report window of the day that follows.';

create function report_due_at(day date, report_minute integer, report_window_minutes integer) returns timestamptz
  language sql immutable parallel safe
  return (day + 1 + report_due_after(report_minute, report_window_minutes)) at time zone 'Asia/Tokyo';
comment on function report_due_at is 'The instant at which the report of a JST day is due: before it the day is awaited, from it on a day without a report is missing.';

create function last_due_day(at timestamptz, report_minute integer, report_window_minutes integer) returns date
  language sql immutable parallel safe
  return ((at at time zone 'Asia/Tokyo') - report_due_after(report_minute, report_window_minutes))::date - 1;
comment on function last_due_day is 'The latest JST day whose report is due at an instant; the days after it are awaited.';

create or replace function plan_reading_requests(window_ended_after timestamptz, window_ended_until timestamptz,
                                                 after_terminal integer, max_terminals integer,
                                                 out planned integer, out last_terminal integer)
  language plpgsql set search_path = public, pg_temp
as $$
begin
  with terminal_due as materialized (
    select * from (
      select t.terminal_id, t.report_minute, t.report_window_minutes,
             greatest(last_due_day(window_ended_after, t.report_minute, t.report_window_minutes) + 1,
                      (window_ended_until at time zone 'Asia/Tokyo')::date - u.poll_days_back) as first_day,
             last_due_day(window_ended_until, t.report_minute, t.report_window_minutes) as last_day
      from terminal t
      join utility u on u.utility_id = t.utility_id
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
           first_hour, last_hour, report_due_at(day, report_minute, report_window_minutes)
    from due
    where lacks_hours is distinct from false
    on conflict (utility_id, meter_id, day) do nothing
    returning 1
  )
  select (select count(*) from noted),
         (select case when count(*) = max_terminals then max(terminal_id) end from terminal_due)
  into planned, last_terminal;
end $$;

revoke execute on function report_due_after, report_due_at, last_due_day from public;
