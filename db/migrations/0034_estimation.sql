-- Estimation: how a utility bills a period without a reading, what its staff decide for one, and what multiplies a volume.
-- Registers and readings are never changed by any of it.

create table estimation_setting (
  utility_id integer primary key references utility,
  missed_reading text not null check (missed_reading in ('none', 'last-usage', 'last-usage-by-days')),
  interpolate_max_hours smallint check (interpolate_max_hours between 2 and 72),
  changed_by text not null,
  changed_at timestamptz not null default now()
);
comment on table estimation_setting is 'How a utility estimates; without a row nothing is estimated. Former settings are in the audit (estimation.set).';
comment on column estimation_setting.missed_reading is 'none: a closing without a reading has no usage; last-usage: that of the last period; last-usage-by-days: the same, in proportion to the days.';
comment on column estimation_setting.interpolate_max_hours is 'A missing closing hour is interpolated between two registers at most so many hours apart; null: never.';

create table place_circumstance (
  utility_id integer not null references utility,
  circumstance_id integer not null generated always as identity,
  supply_point_id integer not null,
  kind text not null check (kind in ('absence', 'disaster')),
  from_on date not null,
  to_on date check (to_on > from_on),
  reason text not null check (length(btrim(reason)) between 1 and 200),
  recorded_by text not null,
  recorded_at timestamptz not null default now(),
  withdrawn_by text,
  withdrawn_at timestamptz,
  primary key (utility_id, circumstance_id),
  foreign key (utility_id, supply_point_id) references supply_point (utility_id, supply_point_id),
  check ((withdrawn_by is null) = (withdrawn_at is null))
);
create index place_circumstance_place on place_circumstance (utility_id, supply_point_id, from_on);
comment on table place_circumstance is 'Days of a supply point on which it was known that nobody was there (不在), or on which a disaster kept it from being read (災害). Never changed, only withdrawn.';
comment on column place_circumstance.from_on is 'First JST day.';
comment on column place_circumstance.to_on is 'JST day after the last one; null: until further notice.';

create table usage_decision (
  utility_id integer not null references utility,
  decision_id integer not null generated always as identity,
  occupancy_id integer not null,
  kind text not null check (kind in ('certified', 'correction')),
  on_day date not null,
  litres integer not null,
  percent numeric(5, 2) check (percent > 0 and percent < 100),
  direction text check (direction in ('fast', 'slow')),
  base_m3 numeric(12, 1),
  base_runs integer[],
  reason text not null check (length(btrim(reason)) between 1 and 200),
  decided_by text not null,
  decided_name text not null,
  decided_at timestamptz not null default now(),
  supersedes integer,
  withdrawn_by text,
  withdrawn_name text,
  withdrawn_at timestamptz,
  primary key (utility_id, decision_id),
  foreign key (utility_id, supersedes) references usage_decision (utility_id, decision_id),
  check (kind = 'certified' or (percent is not null and direction is not null and base_m3 is not null and base_runs is not null)),
  check (kind = 'correction' or (litres >= 0 and percent is null and direction is null and base_m3 is null and base_runs is null)),
  check ((withdrawn_by is null) = (withdrawn_at is null))
);
create unique index usage_decision_certified on usage_decision (utility_id, occupancy_id, on_day) where kind = 'certified' and withdrawn_at is null;
create index usage_decision_occupancy on usage_decision (utility_id, occupancy_id, on_day);
comment on table usage_decision is 'A volume that staff decided: the usage of one closing row (認定), or the correction of a meter that was found outside tolerance (器差補正). Never changed, only withdrawn or superseded. Without a foreign key to the occupancy, as rows of runs: what was given out stays readable.';
comment on column usage_decision.on_day is 'certified: the JST day that the row closes; correction: a JST day of the period with whose row it is billed.';
comment on column usage_decision.litres is 'certified: the usage; correction: what is added to what was billed, negative where the meter was fast.';
comment on column usage_decision.percent is 'How much the meter was fast or slow, %.';
comment on column usage_decision.base_m3 is 'Billed m³ of the closings that are corrected.';
comment on column usage_decision.base_runs is 'Runs in which these were issued, latest first.';
comment on column usage_decision.decided_name is 'Display name of the person or name of the command, as it was then; likewise withdrawn_name.';
comment on column usage_decision.supersedes is 'The decision on the same row in whose place it was made.';

create table volume_factor (
  utility_id integer not null references utility,
  supply_point_id integer not null,
  from_on date not null,
  factor numeric(8, 6) not null check (factor > 0),
  basis text not null check (length(btrim(basis)) between 1 and 200),
  recorded_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (utility_id, supply_point_id, from_on),
  foreign key (utility_id, supply_point_id) references supply_point (utility_id, supply_point_id)
);
comment on table volume_factor is 'Factor of a supply point that is delivered above the maximum pressure (圧力換算係数): it multiplies the billed m³ of each period that begins on or after the day, until the next one.';
comment on column volume_factor.from_on is 'JST day; a period that has begun before keeps the factor it began with.';
comment on column volume_factor.factor is '1: none any more.';
comment on column volume_factor.basis is 'From where it is: pressure, contract.';

alter table closing_run_figure
  add column estimated_index_l integer,
  add column estimate_basis text,
  add column register_m3 text,
  add column volume_factor text,
  add column correction_l integer;
comment on column closing_run_figure.quality is 'actual, substituted, none, estimated or certified.';
comment on column closing_run_figure.estimated_index_l is 'Register in litres that stands for the closing although it was not read: the next closing counts from it. Null: none was reckoned.';
comment on column closing_run_figure.estimate_basis is 'Rule by which it was reckoned; null without one.';
comment on column closing_run_figure.register_m3 is 'Billed m³ before a volume factor; null without one.';
comment on column closing_run_figure.volume_factor is 'Factor that multiplied them, decimal text.';
comment on column closing_run_figure.correction_l is 'Litres of corrections of meters outside tolerance that are billed with the row, beside its usage; null without one.';

do $$
declare t text;
begin
  foreach t in array array['estimation_setting', 'place_circumstance', 'usage_decision', 'volume_factor'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app, kenshin_web using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
    execute format('create policy register on %I to kenshin_register using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
  end loop;
end $$;

create function deciding_actor(given text, roles text[]) returns text
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare person text := sealed_actor();
begin
  if current_utility_id() is null then
    raise insufficient_privilege using message = 'no utility is set';
  end if;
  -- A command of the operator, which serves any utility and names itself.
  if person is null then return given; end if;
  if given is distinct from person or not exists (
    select from account a
    where a.utility_id = current_utility_id() and 'staff:' || a.account_id = person and a.role = any (roles) and a.disabled_at is null
  ) then
    raise insufficient_privilege using message = format('%s may not decide what is billed', person);
  end if;
  return person;
end $$;
comment on function deciding_actor is 'The actor that decides what is billed: of a session its own person, in one of the given roles; no key.';

create function name_of_actor(actor text) returns text
  language sql stable security definer set search_path = public, pg_temp
as $$
  select coalesce(
    (select a.display_name from account a where a.utility_id = (select current_utility_id()) and 'staff:' || a.account_id = name_of_actor.actor),
    regexp_replace(name_of_actor.actor, '^[a-z]+:', ''))
$$;
comment on function name_of_actor is 'Display name of a person of the utility, name of a command.';

create function set_estimation(missed_reading text, interpolate_max_hours integer, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(set_estimation.actor, '{admin}');
  former estimation_setting;
begin
  select * into former from estimation_setting s where s.utility_id = tenant for update;
  insert into estimation_setting as s (utility_id, missed_reading, interpolate_max_hours, changed_by)
  values (tenant, set_estimation.missed_reading, set_estimation.interpolate_max_hours, doer)
  on conflict (utility_id) do update
    set missed_reading = excluded.missed_reading, interpolate_max_hours = excluded.interpolate_max_hours,
        changed_by = excluded.changed_by, changed_at = now();
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'estimation.set', 'utility:' || tenant, jsonb_build_object(
    'missedReading', set_estimation.missed_reading, 'interpolateMaxHours', set_estimation.interpolate_max_hours,
    'formerMissedReading', coalesce(former.missed_reading, 'none'), 'formerInterpolateMaxHours', former.interpolate_max_hours));
end $$;
comment on function set_estimation is 'Sets how a utility estimates, from the next closing that is made; writes the audit.';

create function record_circumstance(supply_point_id integer, kind text, from_on date, to_on date, reason text, actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(record_circumstance.actor, '{admin,billing}');
  recorded integer;
begin
  insert into place_circumstance as c (utility_id, supply_point_id, kind, from_on, to_on, reason, recorded_by)
  values (tenant, record_circumstance.supply_point_id, record_circumstance.kind, record_circumstance.from_on, record_circumstance.to_on,
          record_circumstance.reason, doer)
  returning c.circumstance_id into recorded;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'circumstance.recorded', 'supply-point:' || record_circumstance.supply_point_id, jsonb_build_object(
    'circumstance', recorded, 'kind', record_circumstance.kind, 'fromOn', record_circumstance.from_on, 'toOn', record_circumstance.to_on));
  return recorded;
end $$;
comment on function record_circumstance is 'Records days of absence or disaster of a supply point; writes the audit.';

create function withdraw_circumstance(circumstance_id integer, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(withdraw_circumstance.actor, '{admin,billing}');
  place integer;
begin
  update place_circumstance c set withdrawn_by = doer, withdrawn_at = now()
  where c.utility_id = tenant and c.circumstance_id = withdraw_circumstance.circumstance_id and c.withdrawn_at is null
  returning c.supply_point_id into place;
  if not found then
    raise check_violation using constraint = 'circumstance_stands', message = 'there is no such circumstance';
  end if;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'circumstance.withdrawn', 'supply-point:' || place, jsonb_build_object('circumstance', withdraw_circumstance.circumstance_id));
end $$;
comment on function withdraw_circumstance is 'Withdraws recorded days of a supply point; writes the audit.';

create function hold_closing_runs() returns void
  language sql security definer set search_path = public, pg_temp
as $$
  select pg_advisory_xact_lock(hashtextextended('kenshin closing runs', current_utility_id()))
$$;
comment on function hold_closing_runs is 'Waits for a run of the utility that is being made, and holds off others until the end of the transaction: the lock of open_closing_run.';

create function issued_rows_of(occupancy_id integer)
  returns table (run_id integer, closes_on date, usage_m3 text, facts json)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select distinct on (r.closes_on) r.run_id, r.closes_on, g.usage_m3, r.facts
  from closing_run_row r
  join closing_run n on n.utility_id = r.utility_id and n.run_id = r.run_id and n.state = 'issued'
  join closing_run_figure g on g.utility_id = r.utility_id and g.run_id = r.run_id and g.row_number = r.row_number
  where r.utility_id = (select current_utility_id()) and r.occupancy_id = issued_rows_of.occupancy_id and r.remembered
  order by r.closes_on desc, r.run_id desc
$$;
comment on function issued_rows_of is 'The rows of an occupancy that stand issued, latest first, of each day that of the latest run.';

create function certify_usage(occupancy_id integer, closes_on date, litres integer, reason text, actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(certify_usage.actor, '{admin,billing}');
  former integer;
  decided integer;
begin
  perform hold_closing_runs();
  if not exists (select from occupancy o where o.utility_id = tenant and o.occupancy_id = certify_usage.occupancy_id) then
    raise foreign_key_violation using constraint = 'usage_decision_occupancy', message = 'there is no such occupancy';
  end if;
  if exists (select from issued_rows_of(certify_usage.occupancy_id) i where i.closes_on > certify_usage.closes_on) then
    raise check_violation using constraint = 'usage_decision_later', message = 'a later closing of the occupancy was issued';
  end if;
  update usage_decision d set withdrawn_by = doer, withdrawn_name = name_of_actor(doer), withdrawn_at = now()
  where d.utility_id = tenant and d.occupancy_id = certify_usage.occupancy_id and d.kind = 'certified'
    and d.on_day = certify_usage.closes_on and d.withdrawn_at is null
  returning d.decision_id into former;
  insert into usage_decision as d (utility_id, occupancy_id, kind, on_day, litres, reason, decided_by, decided_name, supersedes)
  values (tenant, certify_usage.occupancy_id, 'certified', certify_usage.closes_on, certify_usage.litres, certify_usage.reason, doer, name_of_actor(doer), former)
  returning d.decision_id into decided;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'usage.certified', 'occupancy:' || certify_usage.occupancy_id, jsonb_build_object(
    'decision', decided, 'closesOn', certify_usage.closes_on, 'litres', certify_usage.litres, 'supersedes', former));
  return decided;
end $$;
comment on function certify_usage is 'Decides the usage of one closing row, in place of an earlier decision on it, while no later closing of the occupancy was issued; writes the audit.';

create function correct_usage(occupancy_id integer, bills_on date, closings integer, percent numeric, direction text, reason text, actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(correct_usage.actor, '{admin,billing}');
  base record;
  billed numeric;
  decided integer;
begin
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
comment on function correct_usage is 'Corrects what the last closings of an occupancy billed by a meter that was found outside tolerance, fast or slow by so many %; billed with the row of the period of the day, which is not issued yet. Volumes are rounded down as they were billed. Writes the audit.';

create function withdraw_usage_decision(decision_id integer, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(withdraw_usage_decision.actor, '{admin,billing}');
  d usage_decision;
begin
  perform hold_closing_runs();
  select * into d from usage_decision u
  where u.utility_id = tenant and u.decision_id = withdraw_usage_decision.decision_id and u.withdrawn_at is null for update;
  if not found then
    raise check_violation using constraint = 'usage_decision_stands', message = 'there is no such decision';
  end if;
  if exists (
    select from issued_rows_of(d.occupancy_id) i
    where case d.kind when 'certified' then i.facts -> 'estimation' -> 'certified' ->> 'decisionId' = d.decision_id::text
      else exists (select from json_array_elements(case when json_typeof(i.facts -> 'corrections') = 'array' then i.facts -> 'corrections' else '[]' end) e
                   where e ->> 'decisionId' = d.decision_id::text) end
  ) then
    raise check_violation using constraint = 'usage_decision_free', message = 'a closing was issued with it';
  end if;
  update usage_decision u set withdrawn_by = doer, withdrawn_name = name_of_actor(doer), withdrawn_at = now()
  where u.utility_id = tenant and u.decision_id = d.decision_id;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'usage.decision-withdrawn', 'occupancy:' || d.occupancy_id, jsonb_build_object('decision', d.decision_id, 'kind', d.kind));
end $$;
comment on function withdraw_usage_decision is 'Withdraws a decision with which no closing stands issued; writes the audit.';

create function set_volume_factor(supply_point_id integer, from_on date, factor numeric, basis text, actor text) returns void
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
  insert into volume_factor as v (utility_id, supply_point_id, from_on, factor, basis, recorded_by)
  values (tenant, set_volume_factor.supply_point_id, set_volume_factor.from_on, set_volume_factor.factor, set_volume_factor.basis, doer)
  on conflict (utility_id, supply_point_id, from_on) do update
    set factor = excluded.factor, basis = excluded.basis, recorded_by = excluded.recorded_by, recorded_at = now();
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'volume-factor.set', 'supply-point:' || set_volume_factor.supply_point_id, jsonb_build_object(
    'fromOn', set_volume_factor.from_on, 'factor', set_volume_factor.factor::text, 'basis', set_volume_factor.basis));
end $$;
comment on function set_volume_factor is 'Sets the factor of a supply point for the periods that begin on or after a day later than every issued closing; writes the audit.';

grant create on schema public to kenshin_register;
do $$
declare f text;
begin
  foreach f in array array['deciding_actor', 'name_of_actor', 'set_estimation', 'record_circumstance', 'withdraw_circumstance', 'hold_closing_runs', 'issued_rows_of',
                           'certify_usage', 'correct_usage', 'withdraw_usage_decision', 'set_volume_factor'] loop
    execute format('alter function %I owner to kenshin_register', f);
    execute format('revoke execute on function %I from public', f);
  end loop;
end $$;
revoke create on schema public from kenshin_register;
