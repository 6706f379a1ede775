-- Readings, counters and the audit are written by functions of kenshin_store alone; and whatever changes the values of a day,
-- the database itself keeps the version before.

create function changes_known(was anyarray, is_now anyarray) returns boolean
  language plpgsql immutable set search_path = public, pg_temp
as $$
declare k integer := array_position(was, null);
begin
  -- What is new goes where nothing was known; what then differs was known.
  while k is not null loop
    was[k] := is_now[k];
    k := array_position(was, null, k + 1);
  end loop;
  return was is distinct from is_now;
end $$;
comment on function changes_known is 'True when a value that was not null is another now, or null.';

create function keep_revision() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  is_correction boolean;
  announced text;
begin
  if (new.utility_id, new.meter_id, new.day) is distinct from (old.utility_id, old.meter_id, old.day) then
    raise integrity_constraint_violation using message = 'a day of readings stays with its meter and its date';
  end if;
  if (new.index_l, new.pressure_pa, new.closing_index_l, new.closing_hour)
     is not distinct from (old.index_l, old.pressure_pa, old.closing_index_l, old.closing_hour) then
    new.revision := old.revision;
    return new;
  end if;
  -- The closing alone may have changed, beside values that are as they were.
  if new.index_l is distinct from old.index_l then
    is_correction := array_position(old.index_l, null) is null or changes_known(old.index_l, new.index_l);
  else
    is_correction := new.pressure_pa is not distinct from old.pressure_pa;
  end if;
  if not is_correction and new.pressure_pa is distinct from old.pressure_pa then
    is_correction := changes_known(old.pressure_pa, new.pressure_pa);
  end if;
  insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id,
                                  counter, frame_check, received_at, arrival, superseded_at)
  values (old.utility_id, old.meter_id, old.day, old.revision, case when is_correction then 'corrected' else 'completed' end,
          old.index_l, old.pressure_pa, old.terminal_id, old.counter, old.frame_check, old.received_at, old.arrival,
          case when new.received_at is distinct from old.received_at then new.received_at else clock_timestamp() end)
  returning pg_notify('kenshin_reading_changed', utility_id || ' ' || revision_id) into announced;
  -- Up to the last number that the column holds (0016).
  new.revision := least(old.revision + 1, 32767);
  return new;
end $$;
comment on function keep_revision is 'Before a day''s values change, whoever changes them: the old version goes to meter_day_revision, the row counts on, and the change is announced.';
create trigger keep_revision before update on series.meter_day for each row
  when ((old.utility_id, old.meter_id, old.day, old.index_l, old.pressure_pa, old.closing_index_l, old.closing_hour, old.revision)
        is distinct from
        (new.utility_id, new.meter_id, new.day, new.index_l, new.pressure_pa, new.closing_index_l, new.closing_hour, new.revision))
  execute function keep_revision();
comment on column meter_day_revision.superseded_at is 'When the report that replaced this version was received; for a change by hand, when it was made.';

create or replace function store_day_reports(for_utility integer, reports day_report_row[], marks terminal_mark[], received timestamptz,
                                             out stored integer, out completed integer, out corrected integer)
  language plpgsql security definer
  set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off
  set enable_mergejoin = off
  set enable_seqscan = off
  set jit = off
as $$
begin
  -- Rows are taken in the same order by everybody, so that two batches wait for each other and never crosswise.
  insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id,
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

-- A report for a day that exists reads and locks that day's row and no other, however many rows its utility has.
create or replace function merge_day_reports(for_utility integer, reports day_report_row[], received timestamptz,
                                             out completed integer, out corrected integer)
  language plpgsql security definer
  set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off
  set enable_mergejoin = off
  set enable_seqscan = off
  set jit = off
as $$
begin
  with held as materialized (
    select e.*, r.index_l as new_index_l, r.pressure_pa as new_pressure_pa, r.terminal_id as new_terminal_id,
           r.counter as new_counter, r.frame_check as new_frame_check, r.arrival as new_arrival,
           r.terminal_id = e.terminal_id and r.counter < e.counter as overtaken
    from (select * from unnest(reports) order by meter_id, day) r
    -- One look-up for each report, in the order of the reports: rows are locked in the same order everywhere.
    cross join lateral (
      select * from series.meter_day m
      where m.utility_id = for_utility and m.meter_id = r.meter_id and m.day = r.day
      for update
    ) e
    where (e.terminal_id, e.counter, e.frame_check) is distinct from (r.terminal_id, r.counter, r.frame_check)
  ), merged as (
    -- Most reports of a known day say the same again: hour by hour only the others.
    select h.*, i.index_l as merged_index_l, i.closing_hour as merged_closing_hour, p.pressure_pa as merged_pressure_pa,
           i.differs or p.differs as differs
    from (select * from held where new_index_l <> index_l or new_pressure_pa <> pressure_pa) h
    cross join lateral (
      select array_agg(case when h.overtaken then coalesce(o, n) else coalesce(n, o) end) as index_l,
             max(k) filter (where coalesce(n, o) is not null) as closing_hour,
             not h.overtaken and coalesce(bool_or(n <> o), false) as differs
      from unnest(h.new_index_l, h.index_l) with ordinality u (n, o, k)
    ) i
    cross join lateral (
      select array_agg(case when h.overtaken then coalesce(o, n) else coalesce(n, o) end) as pressure_pa,
             not h.overtaken and coalesce(bool_or(n <> o), false) as differs
      from unnest(h.new_pressure_pa, h.pressure_pa) u (n, o)
    ) p
  ), changed as (
    select * from merged where merged_index_l <> index_l or merged_pressure_pa <> pressure_pa
  ), written as (
    -- An upsert finds each row by its key in the one chunk that has it; an update would look into every chunk.
    -- A day that a frame only confirms takes its counter: a frame between this one and the one that wrote the row may
    -- still be on its way, and is overtaken by this one. The old version of the others is kept by keep_revision.
    insert into series.meter_day as d (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
                                       terminal_id, counter, frame_check, received_at, arrival, revision)
    select for_utility, c.meter_id, c.day, c.merged_index_l, c.merged_pressure_pa, c.merged_index_l[c.merged_closing_hour],
           c.merged_closing_hour, c.new_terminal_id, case when c.overtaken then c.counter else c.new_counter end,
           case when c.overtaken then c.frame_check else c.new_frame_check end, received,
           case when c.overtaken then c.arrival else c.new_arrival end, c.revision
    from changed c
    union all
    select for_utility, h.meter_id, h.day, h.index_l, h.pressure_pa, h.closing_index_l, h.closing_hour, h.terminal_id,
           h.new_counter, h.new_frame_check, h.received_at, h.arrival, h.revision
    from held h
    where h.new_terminal_id = h.terminal_id and h.new_counter > h.counter
      and h.new_index_l = h.index_l and h.new_pressure_pa = h.pressure_pa
    on conflict (utility_id, meter_id, day) do update
    set index_l = excluded.index_l, pressure_pa = excluded.pressure_pa, closing_index_l = excluded.closing_index_l,
        closing_hour = excluded.closing_hour, terminal_id = excluded.terminal_id, counter = excluded.counter,
        frame_check = excluded.frame_check, received_at = excluded.received_at, arrival = excluded.arrival
  )
  select count(*) filter (where not differs), count(*) filter (where differs)
  into completed, corrected from changed;
end $$;

create function take_down_counters(for_terminal integer, how_many integer) returns bigint
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare first_taken bigint;
begin
  if how_many is null or how_many not between 1 and 1000 then
    raise invalid_parameter_value using message = 'take 1 to 1000 counters at once';
  end if;
  -- A counter that a crash of the database gave back would be a nonce used twice.
  perform set_config('synchronous_commit', 'on', true);
  update terminal_state s set down_counter = s.down_counter + how_many
  where s.utility_id = (select current_utility_id()) and s.terminal_id = for_terminal
  returning s.down_counter - how_many + 1 into first_taken;
  if first_taken is null then
    raise no_data_found using message = format('there is no terminal %s in this utility', for_terminal);
  end if;
  return first_taken;
end $$;
comment on function take_down_counters is 'Takes downlink counters of a terminal of this transaction''s utility and yields the first: they only ever count up.';

-- The chain reads the row before its own; the one who writes an act needs no right to read the acts of others.
-- By the key alone: planned while the table was small, each of many acts in a row read all acts before it.
create or replace function chain_audit() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp
  set enable_seqscan = off
  set enable_bitmapscan = off
as $$
declare
  last_row record;
begin
  if sealed_actor() is distinct from new.actor and sealed_actor() is not null then
    raise insufficient_privilege using message = format('the audit of a session names its own person, not "%s"', new.actor);
  end if;
  perform pg_advisory_xact_lock(hashtextextended('kenshin audit', new.utility_id));
  select a.audit_id, a.hash into last_row from audit a
  where a.utility_id = new.utility_id order by a.audit_id desc limit 1;
  new.audit_id := coalesce(last_row.audit_id, 0) + 1;
  new.at := clock_timestamp();
  new.previous_hash := coalesce(last_row.hash, '\x'::bytea);
  new.hash := sha256(new.previous_hash || convert_to(
    concat_ws(E'\x1f', new.utility_id, new.audit_id, to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
              new.actor, new.act, new.subject, new.detail::text), 'UTF8'));
  return new;
end $$;

-- The trigger asks at each row; a statement may change the setting between two rows. The policy asks once a statement.
create policy own_person on audit as restrictive for insert to kenshin_web
  with check (actor = (select sealed_actor()));

do $$
declare t text;
begin
  foreach t in array array['meter_day_revision', 'terminal_state', 'audit'] loop
    execute format('create policy store on %I to kenshin_store using (true) with check (true)', t);
  end loop;
end $$;

grant create on schema public to kenshin_store;
alter function changes_known owner to kenshin_store;
alter function keep_revision owner to kenshin_store;
alter function store_day_reports owner to kenshin_store;
alter function merge_day_reports owner to kenshin_store;
alter function take_down_counters owner to kenshin_store;
alter function chain_audit owner to kenshin_store;
revoke create on schema public from kenshin_store;
revoke execute on function changes_known, keep_revision, store_day_reports, merge_day_reports, take_down_counters, chain_audit from public;
