-- Corrections of meters outside tolerance (器差補正): what one corrects is corrected by no second one.

create or replace function correct_usage(occupancy_id integer, bills_on date, closings integer, percent numeric, direction text, reason text, actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(correct_usage.actor, '{admin,billing}');
  base record;
  former usage_decision;
  billed numeric;
  decided integer;
begin
  -- Also holds off another correction until the end of the transaction: the statements after it see that one.
  perform hold_closing_runs();
  if exists (select from issued_rows_of(correct_usage.occupancy_id) i where i.closes_on >= correct_usage.bills_on) then
    raise check_violation using constraint = 'usage_decision_issued', message = 'the period of that day was issued';
  end if;
  select sum(i.usage_m3::numeric) as m3, array_agg(i.run_id order by i.closes_on desc) as runs, count(*) as closings,
    count(i.usage_m3) as billed, min(i.closes_on) as first_on
  into base
  from (select * from issued_rows_of(correct_usage.occupancy_id) limit correct_usage.closings) i;
  -- Three months back at most: the first of three closings ended less than three months before the day.
  if correct_usage.closings not between 1 and 3 or base.closings <> correct_usage.closings or base.billed <> base.closings
     or base.first_on <= (correct_usage.bills_on - interval '3 months 1 day')::date then
    raise check_violation using constraint = 'usage_decision_base', message = 'the closings to be corrected were not all issued with a usage within three months';
  end if;
  -- By the days of the closings: a closing that was issued again has another run.
  select d.* into former from usage_decision d
  where d.utility_id = tenant and d.occupancy_id = correct_usage.occupancy_id and d.kind = 'correction' and d.withdrawn_at is null
    and exists (
      select from closing_run_row r
      where r.utility_id = tenant and r.occupancy_id = d.occupancy_id and r.run_id = any (d.base_runs) and r.remembered and r.closes_on >= base.first_on)
  order by d.decision_id limit 1;
  if found then
    raise check_violation using constraint = 'usage_decision_corrected_already',
      message = 'another correction of these closings stands',
      detail = jsonb_build_object('decisionId', former.decision_id, 'decidedName', former.decided_name,
        'decidedOn', to_char(former.decided_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD'), 'percent', trim_scale(former.percent)::text,
        'direction', former.direction)::text;
  end if;
  billed := trunc(base.m3 * (100 + case correct_usage.direction when 'fast' then -1 else 1 end * correct_usage.percent) / 100, scale(base.m3));
  insert into usage_decision as d (utility_id, occupancy_id, kind, on_day, litres, percent, direction, base_m3, base_runs, reason, decided_by, decided_name)
  values (tenant, correct_usage.occupancy_id, 'correction', correct_usage.bills_on, ((billed - base.m3) * 1000)::integer, correct_usage.percent,
          correct_usage.direction, base.m3, base.runs, correct_usage.reason, doer, name_of_actor(doer))
  returning d.decision_id into decided;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'usage.corrected', 'occupancy:' || correct_usage.occupancy_id, jsonb_build_object(
    'decision', decided, 'billsOn', correct_usage.bills_on, 'percent', correct_usage.percent::text, 'direction', correct_usage.direction,
    'baseM3', base.m3::text, 'runs', base.runs, 'litres', ((billed - base.m3) * 1000)::integer));
  return decided;
end $$;
comment on function correct_usage is 'Corrects what the last closings of an occupancy billed by a meter that was found outside tolerance, fast or slow by so many %; billed with the row of the period of the day, which is not issued yet. Of a closing one correction stands. Volumes are rounded down as they were billed. Writes the audit.';

-- Soft rules of validation: a mark for attention (注意) beside readings that are possible and odd. It removes nothing from a sum.

create table terminal_clock_doubt (
  utility_id integer not null references utility,
  terminal_id integer not null,
  day date not null,
  offset_s integer not null,
  noted_at timestamptz not null,
  primary key (utility_id, terminal_id, day),
  foreign key (utility_id, terminal_id) references terminal (utility_id, terminal_id)
);
comment on table terminal_clock_doubt is 'Days on which a live report showed that a terminal''s clock was off by half an hour or more: the hours it kept then may be others.';
comment on column terminal_clock_doubt.day is 'JST day of the report.';
comment on column terminal_clock_doubt.offset_s is 'Terminal clock minus server clock, seconds; the last of the day that was off.';

create table reading_mark (
  utility_id integer not null references utility,
  meter_id integer not null,
  rule text not null check (rule in ('stuck-register', 'unlike-season', 'clock-doubt', 'received-later')),
  from_on date not null,
  to_on date not null check (to_on >= from_on),
  litres integer not null check (litres >= 0),
  facts jsonb not null,
  marked_at timestamptz not null,
  stands boolean not null default true,
  seen_by text,
  seen_name text,
  seen_at timestamptz,
  note text check (char_length(note) between 1 and 200 and note !~ '[[:cntrl:]]'),
  primary key (utility_id, meter_id, rule, from_on),
  foreign key (utility_id, meter_id) references meter (utility_id, meter_id) on delete cascade,
  check ((seen_by is null) = (seen_at is null) and (seen_by is null) = (seen_name is null) and (note is null or seen_by is not null))
);
create index reading_mark_open on reading_mark (utility_id, litres desc, meter_id, rule, from_on) where stands and seen_at is null;
comment on table reading_mark is 'Marks for attention (注意) of the soft rules of validation (lib/validation/reading-marks.ts): days of a meter that are possible and odd. They count in all sums. A mark that is computed alike stays as it is, also seen; one that becomes another is to be seen again.';
comment on column reading_mark.stands is 'False: the rule does not say so any more, as the readings or the register are now.';
comment on column reading_mark.from_on is 'First JST day.';
comment on column reading_mark.to_on is 'Last JST day.';
comment on column reading_mark.litres is 'By how much the usage may be another, by the rule; orders the list.';
comment on column reading_mark.facts is 'What the rule saw (MarkFacts); litres, days, seconds.';
comment on column reading_mark.seen_by is 'Actor as kind:id of the person who looked at it; null: nobody yet.';
comment on column reading_mark.seen_name is 'Display name of the person, as it was then.';
comment on column reading_mark.note is 'What the person found, one line without personal data; null: nothing.';

do $$
declare t text;
begin
  foreach t in array array['terminal_clock_doubt', 'reading_mark'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;
create policy tenant on terminal_clock_doubt to kenshin_app, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy store on terminal_clock_doubt to kenshin_store using (true) with check (true);
create policy tenant on reading_mark to kenshin_app, kenshin_web, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy register on reading_mark to kenshin_register
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
-- The job compares a household with itself: since when it is there, when it was away, and what was entered by hand.
alter policy tenant on occupancy to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on place_circumstance to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on reading_edit to kenshin_app, kenshin_web, kenshin_worker;

-- A trigger of a row, with its condition: of a clock that is right nothing is called. A report that says nothing of the clock keeps the offset.
create function note_clock_doubt() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  insert into terminal_clock_doubt as d (utility_id, terminal_id, day, offset_s, noted_at)
  values (new.utility_id, new.terminal_id, jst_day(new.last_seen_at), new.clock_offset_s, new.last_seen_at)
  on conflict (utility_id, terminal_id, day) do update set offset_s = excluded.offset_s, noted_at = excluded.noted_at;
  return null;
end $$;
comment on function note_clock_doubt is 'Keeps the day on which a terminal''s clock was seen half an hour off or more.';
create trigger note_clock_doubt after update of clock_offset_s on terminal_state
  for each row when (new.clock_offset_s not between -1799 and 1799 and new.clock_offset_s is distinct from old.clock_offset_s and new.last_seen_at is not null) execute function note_clock_doubt();

create function see_reading_mark(meter_id integer, rule text, from_on date, seen boolean, note text, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(see_reading_mark.actor, '{admin,billing}');
begin
  update reading_mark m
  set seen_by = case when see_reading_mark.seen then doer end, seen_name = case when see_reading_mark.seen then name_of_actor(doer) end,
      seen_at = case when see_reading_mark.seen then now() end, note = case when see_reading_mark.seen then nullif(btrim(see_reading_mark.note), '') end
  where m.utility_id = tenant and m.meter_id = see_reading_mark.meter_id and m.rule = see_reading_mark.rule and m.from_on = see_reading_mark.from_on
    and m.stands and (m.seen_at is null) = see_reading_mark.seen;
  if not found then
    raise check_violation using constraint = 'reading_mark_stands', message = 'there is no such mark, or somebody was faster';
  end if;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, case when see_reading_mark.seen then 'reading.mark-seen' else 'reading.mark-reopened' end, 'meter:' || see_reading_mark.meter_id,
          jsonb_build_object('rule', see_reading_mark.rule, 'fromOn', see_reading_mark.from_on));
end $$;
comment on function see_reading_mark is 'Notes that a person looked at a mark, or takes that back; writes the audit.';

grant create on schema public to kenshin_register, kenshin_store;
alter function see_reading_mark owner to kenshin_register;
alter function note_clock_doubt owner to kenshin_store;
revoke create on schema public from kenshin_register, kenshin_store;
revoke execute on function see_reading_mark, note_clock_doubt from public;

-- Who set how the utility estimates, and recorded what is known of a place, under the name as it was then: the pages show it.

alter table estimation_setting add column changed_name text;
alter table place_circumstance add column recorded_name text;
alter table volume_factor add column recorded_name text;
comment on column estimation_setting.changed_name is 'Display name of the person or name of the command, as it was then; null before it was kept.';
comment on column place_circumstance.recorded_name is 'As estimation_setting.changed_name.';
comment on column volume_factor.recorded_name is 'As estimation_setting.changed_name.';

create or replace function set_estimation(missed_reading text, interpolate_max_hours integer, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(set_estimation.actor, '{admin}');
  former estimation_setting;
begin
  select * into former from estimation_setting s where s.utility_id = tenant for update;
  insert into estimation_setting as s (utility_id, missed_reading, interpolate_max_hours, changed_by, changed_name)
  values (tenant, set_estimation.missed_reading, set_estimation.interpolate_max_hours, doer, name_of_actor(doer))
  on conflict (utility_id) do update
    set missed_reading = excluded.missed_reading, interpolate_max_hours = excluded.interpolate_max_hours,
        changed_by = excluded.changed_by, changed_name = excluded.changed_name, changed_at = now();
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'estimation.set', 'utility:' || tenant, jsonb_build_object(
    'missedReading', set_estimation.missed_reading, 'interpolateMaxHours', set_estimation.interpolate_max_hours,
    'formerMissedReading', coalesce(former.missed_reading, 'none'), 'formerInterpolateMaxHours', former.interpolate_max_hours));
end $$;

create or replace function record_circumstance(supply_point_id integer, kind text, from_on date, to_on date, reason text, actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(record_circumstance.actor, '{admin,billing}');
  recorded integer;
begin
  insert into place_circumstance as c (utility_id, supply_point_id, kind, from_on, to_on, reason, recorded_by, recorded_name)
  values (tenant, record_circumstance.supply_point_id, record_circumstance.kind, record_circumstance.from_on, record_circumstance.to_on,
          record_circumstance.reason, doer, name_of_actor(doer))
  returning c.circumstance_id into recorded;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'circumstance.recorded', 'supply-point:' || record_circumstance.supply_point_id, jsonb_build_object(
    'circumstance', recorded, 'kind', record_circumstance.kind, 'fromOn', record_circumstance.from_on, 'toOn', record_circumstance.to_on));
  return recorded;
end $$;

create or replace function set_volume_factor(supply_point_id integer, from_on date, factor numeric, basis text, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(set_volume_factor.actor, '{admin}');
begin
  perform hold_closing_runs();
  if exists (
    select from occupancy o cross join lateral issued_rows_of(o.occupancy_id) i
    where o.utility_id = tenant and o.supply_point_id = set_volume_factor.supply_point_id and i.closes_on >= set_volume_factor.from_on
  ) then
    raise check_violation using constraint = 'volume_factor_issued', message = 'a closing on or after that day was issued';
  end if;
  insert into volume_factor as v (utility_id, supply_point_id, from_on, factor, basis, recorded_by, recorded_name)
  values (tenant, set_volume_factor.supply_point_id, set_volume_factor.from_on, set_volume_factor.factor, set_volume_factor.basis, doer, name_of_actor(doer))
  on conflict (utility_id, supply_point_id, from_on) do update
    set factor = excluded.factor, basis = excluded.basis, recorded_by = excluded.recorded_by, recorded_name = excluded.recorded_name, recorded_at = now();
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'volume-factor.set', 'supply-point:' || set_volume_factor.supply_point_id, jsonb_build_object(
    'fromOn', set_volume_factor.from_on, 'factor', set_volume_factor.factor::text, 'basis', set_volume_factor.basis));
end $$;
