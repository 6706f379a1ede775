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
