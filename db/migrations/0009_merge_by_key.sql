-- A report for a day that exists reads and locks that day's row and no other, however many rows its utility has.
-- A row mark through a security-barrier view goes inside the view and the join condition does not: the view's rows are
-- looked up one by one instead, by their whole key, and no join method that reads a whole table is left to the planner.

create or replace function merge_day_reports(for_utility integer, reports day_report_row[], received timestamptz,
                                             out completed integer, out corrected integer)
  language plpgsql
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
      select * from meter_day m
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
  ), kept as (
    insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id,
                                    counter, frame_check, received_at, arrival, superseded_at)
    select utility_id, meter_id, day, revision, case when differs then 'corrected' else 'completed' end,
           index_l, pressure_pa, terminal_id, counter, frame_check, received_at, arrival, received
    from changed
    returning change, pg_notify('kenshin_reading_changed', for_utility || ' ' || revision_id)
  ), written as (
    -- An upsert finds each row by its key in the one chunk that has it; an update would look into every chunk.
    -- A day that a frame only confirms takes its counter: a frame between this one and the one that wrote the row may
    -- still be on its way, and is overtaken by this one.
    insert into meter_day as d (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id,
                                counter, frame_check, received_at, arrival, revision)
    select for_utility, c.meter_id, c.day, c.merged_index_l, c.merged_pressure_pa, c.merged_index_l[c.merged_closing_hour],
           c.merged_closing_hour, c.new_terminal_id, case when c.overtaken then c.counter else c.new_counter end,
           case when c.overtaken then c.frame_check else c.new_frame_check end, received,
           case when c.overtaken then c.arrival else c.new_arrival end, c.revision + 1
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
        frame_check = excluded.frame_check, received_at = excluded.received_at, arrival = excluded.arrival,
        revision = excluded.revision
  )
  select count(*) filter (where change = 'completed'), count(*) filter (where change = 'corrected')
  into completed, corrected from kept;
end $$;

-- The same for the counters: a plan made while terminal_state was small must not read all of it once it has grown.
alter function store_day_reports set enable_hashjoin = off;
alter function store_day_reports set enable_mergejoin = off;
alter function store_day_reports set enable_seqscan = off;
alter function store_day_reports set jit = off;

-- What a terminal left in quarantine is looked up by its number; without this every look-up read the utility's whole quarantine.
create index frame_quarantine_terminal on frame_quarantine (utility_id, terminal_number, quarantine_id);
