-- The work-list (要確認): by how much the verdicts matter, so that the list is ordered by harm without reading any day.

alter table reading_verdict
  add column doubt_l integer[] not null default '{}',
  add column step_l integer[] not null default '{}';
comment on column reading_verdict.doubt_l is 'By how much each register in doubt lies outside what the nearest sound registers allow, element by element of hours. Litres; empty until the day is judged again.';
comment on column reading_verdict.step_l is 'Size of each step that cannot be explained, element by element of step_hours. Litres; empty until the day is judged again.';
create index reading_verdict_open on reading_verdict (utility_id, meter_id, day)
  where cardinality(hours) + cardinality(step_hours) > 0;

-- An edit moves what counts. A register that is in doubt counts for nothing, so that striking it out moves nothing.
create or replace function edit_moves(meter_id integer, day date, kind text, hours smallint[], index_l integer[]) returns integer
  language plpgsql stable set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  dial integer;
  entered smallint[];
  counting integer[];
  moved integer := 0;
begin
  select m.dial_l into dial from meter m where m.utility_id = tenant and m.meter_id = edit_moves.meter_id;
  -- A register that was entered for the same hour before is not counted from: what is moved is moved from what was received.
  select coalesce(e.entered_hours, '{}') into entered from edited_day e
  where e.utility_id = tenant and e.meter_id = edit_moves.meter_id and e.day = edit_moves.day;
  select d.index_l into counting from sound_day d
  where d.utility_id = tenant and d.meter_id = edit_moves.meter_id and d.day = edit_moves.day;
  select coalesce(max(register_distance(u.index_l, c.register, dial)), 0) into moved
  from unnest(edit_moves.hours, edit_moves.index_l) u (hour, index_l)
  cross join lateral counted_register(
    edit_moves.meter_id, edit_moves.day, u.hour,
    case when edit_moves.kind = 'entered' then array(select h from unnest(entered) h where h = u.hour) else edit_moves.hours end) c (register)
  where edit_moves.kind <> 'struck' or counting[u.hour] is not null;
  return moved;
end $$;
comment on function edit_moves is 'What an edit moves: the most by which the register at one of its hours, as a closing then would read it, becomes another; nothing where a register that does not count is struck out. Litres, on the shorter way around the dial.';
