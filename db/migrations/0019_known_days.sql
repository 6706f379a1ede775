-- Reports of days that are stored already: half the work for each. The days of a batch are looked up day by day instead of
-- report by report, both kinds of values are merged in one pass, and a version that is kept no longer locks its utility's row.
-- That row is there: only keep_revision writes versions, from rows of series.meter_day, whose utility store_day_reports was given.

alter table meter_day_revision drop constraint meter_day_revision_utility_id_fkey;

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
    from (
      -- One look-up for each day: finding the chunk takes several times as long as reading a row of it.
      select r.day, array_agg(r.meter_id order by r.meter_id) as meters, array_agg(r order by r.meter_id) as reports
      from unnest(reports) r group by r.day order by r.day
    ) d
    -- Rows are locked by day and meter everywhere.
    cross join lateral (
      select *, array_position(d.meters, m.meter_id) as nth from series.meter_day m
      where m.utility_id = for_utility and m.meter_id = any (d.meters) and m.day = d.day
      for update
    ) e
    cross join lateral unnest(d.reports[e.nth:e.nth]) r
    where (e.terminal_id, e.counter, e.frame_check) is distinct from (r.terminal_id, r.counter, r.frame_check)
  ), merged as (
    -- Most reports of a known day say the same again: hour by hour only the others.
    select h.*, m.*
    from (select * from held where new_index_l <> index_l or new_pressure_pa <> pressure_pa) h
    cross join lateral (
      select array_agg(case when h.overtaken then coalesce(i, new_i) else coalesce(new_i, i) end) as merged_index_l,
             array_agg(case when h.overtaken then coalesce(p, new_p) else coalesce(new_p, p) end) as merged_pressure_pa,
             max(k) filter (where coalesce(new_i, i) is not null) as merged_closing_hour,
             not h.overtaken and coalesce(bool_or(new_i <> i or new_p <> p), false) as differs
      from unnest(h.new_index_l, h.index_l, h.new_pressure_pa, h.pressure_pa) with ordinality u (new_i, i, new_p, p, k)
    ) m
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
