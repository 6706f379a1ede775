-- Readings: one row per meter and JST day. Element k (1…24) of both arrays is the register, and the pressure, at k:00 JST.
-- No row security and no foreign key on or at the hypertable, so that the Community edition's columnstore stays possible.

create table series.meter_day (
  utility_id integer not null,
  meter_id integer not null,
  day date not null,
  index_l integer[] not null,
  pressure_pa smallint[] not null,
  closing_index_l integer,
  closing_hour smallint,
  terminal_id integer not null,
  counter bigint not null,
  frame_check integer not null,
  received_at timestamptz not null,
  arrival smallint not null check (arrival between 1 and 4),
  revision smallint not null default 0,
  primary key (utility_id, meter_id, day),
  check (cardinality(index_l) = 24 and array_lower(index_l, 1) = 1),
  check (cardinality(pressure_pa) = 24 and array_lower(pressure_pa, 1) = 1),
  -- Both null or neither; as no element outside 1…24 has a value, this bounds the hour as well.
  check (closing_index_l is not distinct from index_l[closing_hour] and (closing_hour is null) = (closing_index_l is null))
);
select create_hypertable('series.meter_day', by_range('day', interval '30 days'), create_default_indexes => false);
-- Closing reads every meter's last index of one day from this index alone.
create index meter_day_closing on series.meter_day (day, utility_id) include (meter_id, closing_hour, closing_index_l);

comment on table series.meter_day is 'A meter''s JST day: 24 index values and 24 pressures, null where there is none.';
comment on column series.meter_day.day is 'JST calendar day.';
comment on column series.meter_day.index_l is 'Register at 1:00 … 24:00 JST. Litres.';
comment on column series.meter_day.pressure_pa is 'Supply pressure at 1:00 … 24:00 JST. Pascals (gauge).';
comment on column series.meter_day.closing_index_l is 'Latest known register of the day, litres; null when the day has none.';
comment on column series.meter_day.closing_hour is 'The hour ending (1…24) that closing_index_l stands for.';
comment on column series.meter_day.terminal_id is 'Terminal whose frame wrote this version.';
comment on column series.meter_day.counter is 'Uplink counter of that frame, or of its terminal''s latest frame that said exactly the same.';
comment on column series.meter_day.frame_check is 'First four bytes of the authentication tag of the frame with that counter, as a signed 32-bit integer.';
comment on column series.meter_day.received_at is 'When this version was received.';
comment on column series.meter_day.arrival is '1: on time; 2: late; 3: back-fill of history; 4: answer to a request.';
comment on column series.meter_day.revision is '0 for the first version, counting up with each change (meter_day_revision keeps the old ones).';

create view meter_day with (security_barrier) as
  select utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id, counter,
         frame_check, received_at, arrival, revision
  from series.meter_day
  where utility_id = current_utility_id()
  with local check option;
comment on view meter_day is 'series.meter_day of this transaction''s utility.';
grant select, insert, update on meter_day to kenshin_app;

create view hourly_reading with (security_barrier) as
  select d.utility_id, d.meter_id, d.day, h.hour_ending::smallint as hour_ending,
         (d.day + make_interval(hours => h.hour_ending::integer)) at time zone 'Asia/Tokyo' as at,
         h.index_l, h.pressure_pa
  from meter_day d
  cross join lateral unnest(d.index_l, d.pressure_pa) with ordinality as h (index_l, pressure_pa, hour_ending);
comment on view hourly_reading is 'Plain hourly rows for SQL users: hour_ending 1…24, at = its end. Filter on day: that prunes chunks.';
grant select on hourly_reading to kenshin_app;

create table meter_day_revision (
  utility_id integer not null references utility,
  revision_id bigint not null generated always as identity,
  meter_id integer not null,
  day date not null,
  revision smallint not null,
  change text not null check (change in ('completed', 'corrected')),
  index_l integer[] not null,
  pressure_pa smallint[] not null,
  terminal_id integer not null,
  counter bigint not null,
  frame_check integer not null,
  received_at timestamptz not null,
  arrival smallint not null,
  superseded_at timestamptz not null,
  primary key (utility_id, meter_id, day, revision),
  unique (utility_id, revision_id)
);
comment on table meter_day_revision is 'The version that a later report replaced. In revision_id order it is the feed of changes.';
comment on column meter_day_revision.change is 'What replaced it did: completed (only missing values were added) or corrected (a known value changed).';
comment on column meter_day_revision.index_l is 'As in meter_day. Litres.';
comment on column meter_day_revision.pressure_pa is 'As in meter_day. Pascals.';
alter table meter_day_revision enable row level security;
alter table meter_day_revision force row level security;
create policy tenant on meter_day_revision to kenshin_app
  using (utility_id = current_utility_id()) with check (utility_id = current_utility_id());
grant select, insert on meter_day_revision to kenshin_app;

create type day_report_row as (
  meter_id integer, day date, terminal_id integer, index_l integer[], pressure_pa smallint[],
  closing_index_l integer, closing_hour smallint, counter bigint, frame_check integer, arrival smallint
);
create type terminal_mark as (
  terminal_id integer, up_high bigint, up_window bigint,
  battery_mv integer, signal_dbm smallint, link smallint, firmware integer, clock_offset_s integer
);
revoke usage on type day_report_row, terminal_mark from public;
grant usage on type day_report_row, terminal_mark to kenshin_app;

-- Two replay windows become one whose top is the higher counter.
create function merge_window(high_a bigint, window_a bigint, high_b bigint, window_b bigint) returns bigint
  language sql immutable parallel safe
  return (case when greatest(high_a, high_b) - high_a < 64 then window_a << (greatest(high_a, high_b) - high_a)::integer else 0 end)
       | (case when greatest(high_a, high_b) - high_b < 64 then window_b << (greatest(high_a, high_b) - high_b)::integer else 0 end);
comment on function merge_window is 'Union of two 64-wide replay windows, relative to the higher of the two tops.';
grant execute on function merge_window to kenshin_app;

create function store_day_reports(for_utility integer, reports day_report_row[], marks terminal_mark[], received timestamptz,
                                  out stored integer, out completed integer, out corrected integer)
  language plpgsql
  set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
begin
  perform set_config('app.utility_id', for_utility::text, true);
  -- Rows are taken in the same order by everybody, so that two batches wait for each other and never crosswise.
  insert into meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id,
                         counter, frame_check, received_at, arrival, revision)
  select for_utility, r.meter_id, r.day, r.index_l, r.pressure_pa, r.closing_index_l, r.closing_hour, r.terminal_id,
         r.counter, r.frame_check, received, r.arrival, 0
  from unnest(reports) r
  order by r.meter_id, r.day
  on conflict (utility_id, meter_id, day) do nothing;
  get diagnostics stored = row_count;
  completed := 0;
  corrected := 0;
  if stored < cardinality(reports) then
    select c.completed, c.corrected into completed, corrected from merge_day_reports(for_utility, reports, received) c;
  end if;
  update terminal_state s
  set up_high = greatest(s.up_high, m.up_high),
      up_window = merge_window(s.up_high, s.up_window, m.up_high, m.up_window),
      last_seen_at = received,
      battery_mv = coalesce(m.battery_mv, s.battery_mv),
      signal_dbm = coalesce(m.signal_dbm, s.signal_dbm),
      link = coalesce(m.link, s.link),
      firmware = coalesce(m.firmware, s.firmware),
      clock_offset_s = coalesce(m.clock_offset_s, s.clock_offset_s)
  from (select * from unnest(marks) order by terminal_id) m
  where s.utility_id = for_utility and s.terminal_id = m.terminal_id;
end $$;
comment on function store_day_reports is 'Stores one utility''s batch of day reports and its counter marks. A day that exists is left, completed or corrected; the old version is kept. One meter-day and one terminal may occur once in a batch.';

create function merge_day_reports(for_utility integer, reports day_report_row[], received timestamptz,
                                  out completed integer, out corrected integer)
  language plpgsql
  set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
begin
  with held as materialized (
    select e.*, r.index_l as new_index_l, r.pressure_pa as new_pressure_pa, r.terminal_id as new_terminal_id,
           r.counter as new_counter, r.frame_check as new_frame_check, r.arrival as new_arrival,
           r.terminal_id = e.terminal_id and r.counter < e.counter as overtaken
    from (select * from unnest(reports) order by meter_id, day) r
    join meter_day e on e.utility_id = for_utility and e.meter_id = r.meter_id and e.day = r.day
    where (e.terminal_id, e.counter, e.frame_check) is distinct from (r.terminal_id, r.counter, r.frame_check)
    for update of e
  ), merged as (
    select h.*, i.index_l as merged_index_l, i.closing_hour as merged_closing_hour, p.pressure_pa as merged_pressure_pa,
           i.differs or p.differs as differs
    from held h
    cross join lateral (
      select array_agg(case when h.overtaken then coalesce(o, n) else coalesce(n, o) end order by k) as index_l,
             max(k) filter (where coalesce(n, o) is not null) as closing_hour,
             not h.overtaken and coalesce(bool_or(n <> o), false) as differs
      from unnest(h.new_index_l, h.index_l) with ordinality u (n, o, k)
    ) i
    cross join lateral (
      select array_agg(case when h.overtaken then coalesce(o, n) else coalesce(n, o) end order by k) as pressure_pa,
             not h.overtaken and coalesce(bool_or(n <> o), false) as differs
      from unnest(h.new_pressure_pa, h.pressure_pa) with ordinality u (n, o, k)
    ) p
  ), changed as (
    select * from merged where merged_index_l <> index_l or merged_pressure_pa <> pressure_pa
  ), kept as (
    insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id,
                                    counter, frame_check, received_at, arrival, superseded_at)
    select utility_id, meter_id, day, revision, case when differs then 'corrected' else 'completed' end,
           index_l, pressure_pa, terminal_id, counter, frame_check, received_at, arrival, received
    from changed
    returning change, pg_notify('kenshin_reading_changed', for_utility || ' ' || revision_id)
  ), rewritten as (
    update meter_day d
    set index_l = c.merged_index_l, pressure_pa = c.merged_pressure_pa,
        closing_index_l = c.merged_index_l[c.merged_closing_hour], closing_hour = c.merged_closing_hour,
        terminal_id = c.new_terminal_id, received_at = received, revision = c.revision + 1,
        counter = case when c.overtaken then c.counter else c.new_counter end,
        frame_check = case when c.overtaken then c.frame_check else c.new_frame_check end,
        arrival = case when c.overtaken then c.arrival else c.new_arrival end
    from changed c
    where d.utility_id = for_utility and d.meter_id = c.meter_id and d.day = c.day
  ), confirmed as (
    -- A frame between this one and the one that wrote the row may still be on its way: it is overtaken by this one.
    update meter_day d
    set counter = h.new_counter, frame_check = h.new_frame_check
    from held h
    where d.utility_id = for_utility and d.meter_id = h.meter_id and d.day = h.day
      and h.new_terminal_id = h.terminal_id and h.new_counter > h.counter
      and h.new_index_l = h.index_l and h.new_pressure_pa = h.pressure_pa
  )
  select count(*) filter (where change = 'completed'), count(*) filter (where change = 'corrected')
  into completed, corrected from kept;
end $$;
comment on function merge_day_reports is 'The part of store_day_reports for days that exist: a known value is never lost to a missing one, a frame that a later one of its terminal overtook only fills what is missing, and a changed row keeps its old version.';
grant execute on function store_day_reports, merge_day_reports to kenshin_app;

create table frame_quarantine (
  quarantine_id bigint primary key generated always as identity,
  utility_id integer references utility,
  terminal_number text not null,
  topic text not null,
  reason text not null check (reason <> ''),
  reason_offset integer,
  bytes bytea not null,
  received_at timestamptz not null default now()
);
create index frame_quarantine_utility on frame_quarantine (utility_id, received_at);
comment on table frame_quarantine is 'Frames that were not accepted, with their bytes and the reason. utility_id is null for a terminal that no utility has registered.';
comment on column frame_quarantine.reason_offset is 'Byte at which decoding stopped, where that is known.';
alter table frame_quarantine enable row level security;
alter table frame_quarantine force row level security;
create policy tenant on frame_quarantine for select to kenshin_app using (utility_id = current_utility_id());
create policy lookup on frame_quarantine to kenshin_lookup using (true) with check (true);
grant select on frame_quarantine to kenshin_app;
grant select, insert on frame_quarantine to kenshin_lookup;

create function quarantine_frame(terminal_number text, topic text, reason text, reason_offset integer, bytes bytea)
  returns bigint language sql security definer set search_path = public, pg_temp
as $$
  -- Until the end of the transaction: the frame is acknowledged after it, and must be on disk by then.
  select set_config('synchronous_commit', 'on', true);
  insert into frame_quarantine (utility_id, terminal_number, topic, reason, reason_offset, bytes)
  values ((select t.utility_id from terminal t where t.number = $1), $1, $2, $3, $4, $5)
  returning quarantine_id
$$;
comment on function quarantine_frame is 'Keeps a refused frame under the utility that registered the terminal number, or under none.';

create function terminal_for_connect(terminal_number text)
  returns table (utility_id integer, utility_code text, terminal_id integer, secret_hash bytea, report_minute smallint,
                 report_window_minutes smallint, up_high bigint, up_window bigint, keys json, meters json)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select t.utility_id, u.code, t.terminal_id, t.secret_hash, t.report_minute, t.report_window_minutes, s.up_high, s.up_window,
    (select coalesce(json_agg(json_build_object('generation', k.generation, 'wrappedKey', encode(k.wrapped_key, 'hex'), 'kekId', k.kek_id)
                     order by k.generation), '[]')
     from terminal_key k where k.utility_id = t.utility_id and k.terminal_id = t.terminal_id and k.retired_at is null),
    (select coalesce(json_agg(json_build_object('meterId', m.meter_id, 'serial', m.serial, 'dialL', m.dial_l,
                       'fittedAt', greatest(f.fitted_at, tf.from_at), 'removedAt', least(f.removed_at, tf.to_at)) order by f.fitted_at), '[]')
     from terminal_fitting tf
     join meter_fitting f on f.utility_id = tf.utility_id and f.supply_point_id = tf.supply_point_id
      and tstzrange(f.fitted_at, f.removed_at) && tstzrange(tf.from_at, tf.to_at)
     join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
     where tf.utility_id = t.utility_id and tf.terminal_id = t.terminal_id)
  from terminal t
  join utility u on u.utility_id = t.utility_id
  join terminal_state s on s.utility_id = t.utility_id and s.terminal_id = t.terminal_id
  where t.number = $1 and t.retired_at is null
$$;
comment on function terminal_for_connect is 'All that the broker needs of a terminal that signs in: before this, its utility is not known.';

grant create on schema public to kenshin_lookup;
grant kenshin_lookup to current_user;
alter function quarantine_frame owner to kenshin_lookup;
alter function terminal_for_connect owner to kenshin_lookup;
revoke create on schema public from kenshin_lookup;
revoke execute on function quarantine_frame, terminal_for_connect from public;
grant execute on function quarantine_frame, terminal_for_connect to kenshin_app;
