-- Editing of readings (訂正): a person strikes a register out, enters one by hand, or confirms one that a rule doubts. An edit
-- stands beside the reading and never replaces it. It is made by functions alone, which check the person again, compute what it
-- moves, and write the audit and the feed of changes. Usage, closings and pages read sound_day, which has the edits in it.

alter table utility add second_look_l integer not null default 10000 check (second_look_l >= 0);
comment on column utility.second_look_l is 'An edit of a reading that moves more litres than this counts only when a second person agreed.';

create table reading_edit (
  utility_id integer not null references utility,
  edit_id integer not null generated always as identity,
  meter_id integer not null,
  day date not null,
  kind text not null check (kind in ('struck', 'entered', 'confirmed')),
  hours smallint[] not null,
  index_l integer[] not null,
  received_l integer[] not null,
  reason text not null check (reason in ('read-on-site', 'customer-reading', 'terminal-error', 'display-error', 'usage-explained',
                                         'work-on-meter', 'wrong-entry', 'other')),
  note text not null check (char_length(note) <= 200 and note !~ '[[:cntrl:]]'),
  moved_l bigint not null check (moved_l >= 0),
  counted_hours smallint[] not null default '{}' check (counted_hours <@ hours),
  state text not null check (state in ('proposed', 'standing', 'refused', 'taken-back', 'superseded')),
  made_by text not null,
  made_name text not null,
  made_at timestamptz not null default now(),
  seconded_by text,
  seconded_name text,
  seconded_at timestamptz,
  taken_back_by text,
  taken_back_name text,
  taken_back_at timestamptz,
  superseded_by integer,
  superseded_at timestamptz,
  primary key (utility_id, edit_id),
  foreign key (utility_id, superseded_by) references reading_edit (utility_id, edit_id),
  check (cardinality(hours) between 1 and 24 and cardinality(index_l) = cardinality(hours) and cardinality(received_l) = cardinality(hours)),
  check (1 <= all (hours) and 24 >= all (hours)),
  check (array_position(index_l, null) is null and 0 <= all (index_l)),
  check (kind <> 'entered' or cardinality(hours) = 1),
  check (kind = 'entered' or index_l = received_l),
  check (reason <> 'other' or note <> ''),
  check (seconded_by <> made_by),
  check ((seconded_by is null) = (seconded_at is null) and (state not in ('refused') or seconded_by is not null)),
  check ((taken_back_by is null) = (taken_back_at is null) and (taken_back_by is null) = (state <> 'taken-back')),
  check ((superseded_by is null) = (superseded_at is null) and (superseded_by is null) = (state <> 'superseded'))
);
create index reading_edit_day on reading_edit (utility_id, meter_id, day);
create index reading_edit_proposed on reading_edit (utility_id, made_at) where state = 'proposed';
comment on table reading_edit is 'Edits of readings (訂正), all that were ever made. What an edit is about never changes; its state is moved by functions. proposed: waits for a second person and counts for nothing; standing: counts; refused: the second person said no; taken-back: a person ended it; superseded: later edits have all its hours. It has no foreign key to meter: a meter whose exchange is undone leaves the register, and comes back with the same number.';
comment on column reading_edit.day is 'JST calendar day.';
comment on column reading_edit.kind is 'struck (指針取消): the registers are no readings; entered (手入力): a register read otherwise; confirmed (確認済): the registers are right although a rule doubts them.';
comment on column reading_edit.hours is 'Hours ending (1…24), ascending.';
comment on column reading_edit.index_l is 'Element by element: the register that is entered, or the stored one that is struck or confirmed, which holds while the day has it. Litres.';
comment on column reading_edit.received_l is 'The stored registers when the edit was made; null where there was none. Litres.';
comment on column reading_edit.reason is 'Why, as a code (lib/editing/reading-edit.ts).';
comment on column reading_edit.note is 'A short note without personal data; empty: none.';
comment on column reading_edit.moved_l is 'The most by which the register at one of these hours, as a closing then would read it, becomes another. Litres.';
comment on column reading_edit.counted_hours is 'Those of the hours whose received register counted when the edit was made, edits aside that nobody seconded.';
comment on column reading_edit.made_by is 'Actor as kind:id, as in the audit.';
comment on column reading_edit.made_name is 'Display name of the person, or name of the command, as it was then.';
comment on column reading_edit.seconded_by is 'The second person, who agreed or refused; never the first.';
comment on column reading_edit.superseded_by is 'The edit that took its last hour.';

create table edited_day (
  utility_id integer not null references utility,
  meter_id integer not null,
  day date not null,
  hours smallint[] not null,
  kinds text[] not null,
  index_l integer[] not null,
  edit_ids integer[] not null,
  entered_hours smallint[] not null,
  changed_at timestamptz not null,
  primary key (utility_id, meter_id, day),
  check (cardinality(hours) > 0 and cardinality(kinds) = cardinality(hours) and cardinality(index_l) = cardinality(hours)
         and cardinality(edit_ids) = cardinality(hours)),
  check (kinds <@ array['struck', 'entered', 'confirmed'])
);
comment on table edited_day is 'The standing edits of a meter''s JST day, hour by hour: what counts now. A day without a row has none. Kept by the functions of reading_edit.';
comment on column edited_day.hours is 'Hours ending (1…24) with a standing edit, ascending.';
comment on column edited_day.kinds is 'Element by element, as in reading_edit.';
comment on column edited_day.index_l is 'Element by element, as in reading_edit. Litres.';
comment on column edited_day.edit_ids is 'Element by element: the edit.';
comment on column edited_day.entered_hours is 'Those of the hours whose register was entered by hand.';

do $$
declare t text;
begin
  foreach t in array array['reading_edit', 'edited_day'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app, kenshin_web using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
    execute format('create policy register on %I to kenshin_register using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
  end loop;
end $$;
alter policy tenant on edited_day to kenshin_app, kenshin_web, kenshin_worker;
create policy store on edited_day for select to kenshin_store using (true);
create policy register on utility to kenshin_register using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));

create function keep_reading_edit() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    raise integrity_constraint_violation using message = 'an edit of a reading is never removed';
  end if;
  if (old.state, new.state) not in (values ('proposed', 'standing'), ('proposed', 'refused'), ('proposed', 'taken-back'),
                                           ('standing', 'taken-back'), ('standing', 'superseded')) then
    raise integrity_constraint_violation using message = format('an edit of a reading does not go from %s to %s', old.state, new.state);
  end if;
  if (new.utility_id, new.edit_id, new.meter_id, new.day, new.kind, new.hours, new.index_l, new.received_l, new.reason, new.note,
      new.moved_l, new.counted_hours, new.made_by, new.made_name, new.made_at)
     is distinct from
     (old.utility_id, old.edit_id, old.meter_id, old.day, old.kind, old.hours, old.index_l, old.received_l, old.reason, old.note,
      old.moved_l, old.counted_hours, old.made_by, old.made_name, old.made_at)
     or old.seconded_by is not null and (new.seconded_by, new.seconded_at) is distinct from (old.seconded_by, old.seconded_at) then
    raise integrity_constraint_violation using message = 'an edit of a reading stays what it was made as';
  end if;
  return new;
end $$;
comment on function keep_reading_edit is 'Holds an edit to its states and to what it was made as.';
create trigger keep_reading_edit before update or delete on reading_edit for each row execute function keep_reading_edit();

-- 1. The days that count, with the edits.

create function sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[], edited_hours smallint[],
                            edited_kinds text[], edited_l integer[]) returns integer[]
  language sql immutable parallel safe
  return (
    select array_agg(case when e.kind = 'entered' then e.index_l
                          when e.kind = 'confirmed' then u.index_l
                          when e.kind is null and v.hour is null then u.index_l end order by u.k)
    from unnest(coalesce($1, array_fill(null::integer, array[24]))) with ordinality u (index_l, k)
    left join unnest($2, $3) v (hour, index_l) on v.hour = u.k and v.index_l = u.index_l
    left join unnest($4, $5, $6) e (hour, kind, index_l) on e.hour = u.k and (e.kind = 'entered' or e.index_l = u.index_l)
  );
comment on function sound_index(integer[], smallint[], integer[], smallint[], text[], integer[]) is 'The registers of a day that count: entered ones in place, null where they are struck, or in doubt and not confirmed. A verdict, a strike and a confirmation hold while the day has the value that they are about.';

create function unedited_hours(index_l integer[], doubtful_hours smallint[], edited_hours smallint[], edited_kinds text[],
                               edited_l integer[]) returns smallint[]
  language sql immutable parallel safe
  return (
    select array_agg(h.hour order by h.hour) from unnest($2) h (hour)
    where not exists (
      select from unnest($3, $4, $5) e (hour, kind, index_l)
      where e.hour = h.hour and (e.kind = 'entered' or e.index_l = $1[h.hour])));
comment on function unedited_hours is 'The hours in doubt of which no edit holds; null without one.';

-- Not inlined, so that the chunks of the readings are not planned a second time wherever the view is read.
create function day_is_received(meter_id integer, day date) returns boolean
  language plpgsql stable security definer set search_path = public, pg_temp
as $$
begin
  return exists (
    select from series.meter_day d
    where d.utility_id = (select current_utility_id()) and d.meter_id = day_is_received.meter_id and d.day = day_is_received.day);
end $$;
comment on function day_is_received is 'True when a report of the meter''s JST day is stored.';

grant create on schema public to kenshin_store;
alter function day_is_received owner to kenshin_store;
revoke execute on function day_is_received from public;
-- Verdicts and edits are joined as one relation: of a utility without edits, a look-up of a meter's days costs what it did.
create or replace view sound_day with (security_barrier) as
  select d.utility_id, d.meter_id, d.day, s.index_l, d.pressure_pa,
         case when m.meter_id is null then d.closing_index_l else s.index_l[c.closing_hour] end as closing_index_l,
         c.closing_hour, d.terminal_id, d.received_at, d.arrival, d.revision,
         case when m.edited_hours is null then m.doubtful_hours
              else unedited_hours(d.index_l, m.doubtful_hours, m.edited_hours, m.kinds, m.edited_l) end as doubtful_hours,
         m.entered_hours
  from series.meter_day d
  left join (
    select v.utility_id, v.meter_id, v.day, v.hours as doubtful_hours, v.index_l as doubtful_l,
           e.hours as edited_hours, e.kinds, e.index_l as edited_l, e.entered_hours
    from reading_verdict v
    left join edited_day e on e.utility_id = v.utility_id and e.meter_id = v.meter_id and e.day = v.day
    union all
    select e.utility_id, e.meter_id, e.day, null, null, e.hours, e.kinds, e.index_l, e.entered_hours
    from edited_day e
    where not exists (
      select from reading_verdict v where v.utility_id = e.utility_id and v.meter_id = e.meter_id and v.day = e.day)
  ) m on m.utility_id = d.utility_id and m.meter_id = d.meter_id and m.day = d.day
  cross join lateral (
    select case when m.edited_hours is not null
                then sound_index(d.index_l, m.doubtful_hours, m.doubtful_l, m.edited_hours, m.kinds, m.edited_l)
                when m.meter_id is not null then sound_index(d.index_l, m.doubtful_hours, m.doubtful_l)
                else d.index_l end as index_l
  ) s
  cross join lateral (
    select case when m.meter_id is null then d.closing_hour else last_known_hour(s.index_l) end as closing_hour
  ) c
  where d.utility_id = (select current_utility_id())
  union all
  select e.utility_id, e.meter_id, e.day, s.index_l, array_fill(null::smallint, array[24]), s.index_l[c.closing_hour], c.closing_hour,
         null::integer, e.changed_at, null::smallint, 0::smallint, null::smallint[], e.entered_hours
  from edited_day e
  cross join lateral (select sound_index(null, null, null, e.hours, e.kinds, e.index_l) as index_l) s
  cross join lateral (select last_known_hour(s.index_l) as closing_hour) c
  where e.utility_id = (select current_utility_id()) and cardinality(e.entered_hours) > 0 and not day_is_received(e.meter_id, e.day);
comment on view sound_day is 'meter_day as it counts: without the registers that are struck or in doubt (null, and the closing is the last that counts), with those entered by hand; also days of which nothing but an entered register is known (arrival null). doubtful_hours: the hours that were judged so; entered_hours: those entered by hand.';
revoke create on schema public from kenshin_store;

-- 2. The feed.

alter table day_change drop constraint day_change_what_check, add constraint day_change_what_check
  check (what in ('on-time', 'late', 'back-fill', 'requested', 'completed', 'corrected', 'edited', 'register', 'limits'));
comment on column day_change.what is 'How new days arrived (on-time, late, back-fill, requested); completed, corrected: days that were there; edited: an edit of a person (reading_edit) stands or ended; register: what is fitted where, or where supply began or ended; limits: the limits of pressure of an area.';
create policy register on day_change for insert to kenshin_register with check (utility_id = (select current_utility_id()));

-- 3. The acts.

create function edit_actor(given text) returns text
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
    where a.utility_id = current_utility_id() and 'staff:' || a.account_id = person
      and a.role in ('admin', 'billing') and a.disabled_at is null
  ) then
    raise insufficient_privilege using message = format('%s may not edit readings', person);
  end if;
  return person;
end $$;
comment on function edit_actor is 'The actor that edits readings: of a session its own person, with the right to it.';

create function edit_actor_name(actor text) returns text
  language sql stable security definer set search_path = public, pg_temp
as $$
  select coalesce((select a.display_name from account a where a.utility_id = current_utility_id() and 'staff:' || a.account_id = actor),
                  regexp_replace(actor, '^[a-z]+:', ''))
$$;
comment on function edit_actor_name is 'Display name of the person, or name of the command.';

create function hour_instant(day date, hour_ending integer) returns timestamptz
  language sql immutable parallel safe
  return (day + make_interval(hours => hour_ending)) at time zone 'Asia/Tokyo';
comment on function hour_instant is 'The instant at which an hour of a JST day ends.';

create function register_distance(one integer, other integer, dial_l integer) returns integer
  language sql immutable parallel safe
  return least(abs(one - other), dial_l - abs(one - other));
comment on function register_distance is 'Litres between two registers of a meter on the shorter way around its dial.';

create function seconded_index(edited edited_day, sound_l integer[]) returns integer[]
  language sql stable set search_path = public, pg_temp
as $$
  select array_agg(case when r.edit_id is null or r.seconded_by is not null
                          or e.kind <> 'entered' and e.index_l is distinct from m.index_l[u.k] then u.index_l
                        when u.k = any (r.counted_hours)
                          or r.received_l[array_position(r.hours, u.k::smallint)] is distinct from m.index_l[u.k] then m.index_l[u.k]
                   end order by u.k)
  from unnest($2) with ordinality u (index_l, k)
  left join unnest(edited.hours, edited.kinds, edited.index_l, edited.edit_ids) e (hour, kind, index_l, edit_id) on e.hour = u.k
  left join reading_edit r on r.utility_id = edited.utility_id and r.edit_id = e.edit_id
  left join meter_day m on m.utility_id = edited.utility_id and m.meter_id = edited.meter_id and m.day = edited.day
$$;
comment on function seconded_index is 'The registers of an edited day without the edits that no second person agreed to: at their hours what was received, unless it did not count when the edit was made. sound_l: the day as it counts.';

create function day_registers(meter_id integer, first_day date, last_day date, edit_day date, edit_hours smallint[], edit_l integer[])
  returns table (day date, index_l integer[])
  language sql stable set search_path = public, pg_temp
as $$
  select d.day,
         case when $5 is null and y.meter_id is not null then seconded_index(y, d.index_l)
              when d.day = $4 then (
                select array_agg(case when e.hour is null then u.index_l else e.index_l end order by u.k)
                from unnest(d.index_l) with ordinality u (index_l, k) left join unnest($5, $6) e (hour, index_l) on e.hour = u.k)
              else d.index_l end
  from sound_day d left join edited_day y on y.utility_id = d.utility_id and y.meter_id = d.meter_id and y.day = d.day
  where d.utility_id = current_utility_id() and d.meter_id = $1 and d.day between $2 and $3
  union all
  select $4, (select array_agg(e.index_l order by k) from generate_series(1, 24) k left join unnest($5, $6) e (hour, index_l) on e.hour = k)
  where $4 between $2 and $3
    and not exists (select from sound_day d where d.utility_id = current_utility_id() and d.meter_id = $1 and d.day = $4)
$$;
comment on function day_registers is 'The registers of a meter''s JST days that count with an edit of a day (null: a struck register), or without hours (null), those that count without the edits that no second person agreed to.';

create function counted_register(meter_id integer, day date, hour_ending integer, edit_day date, edit_hours smallint[], edit_l integer[])
  returns integer
  language plpgsql stable set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  at timestamptz := hour_instant(counted_register.day, counted_register.hour_ending);
  fitting record;
  found_l integer;
begin
  select f.fitted_at, f.removed_at, f.start_index_l, f.final_index_l into fitting
  from meter_fitting f
  where f.utility_id = tenant and f.meter_id = counted_register.meter_id and f.fitted_at <= at and (f.removed_at is null or f.removed_at >= at)
  order by f.fitted_at desc limit 1;
  -- Of the same day; then of the two stretch before; then of all before.
  select u.index_l into found_l
  from day_registers($1, $2, $2, $4, $5, $6) d cross join lateral unnest(d.index_l) with ordinality u (index_l, hour)
  where u.index_l is not null and u.hour <= counted_register.hour_ending and hour_instant(d.day, u.hour::integer) >= fitting.fitted_at
  order by u.hour desc limit 1;
  for stretch in 1 .. 2 loop
    exit when found_l is not null;
    select d.index_l[c.hour] into found_l
    from day_registers($1, case stretch when 1 then $2 - 62 else '-infinity' end, case stretch when 1 then $2 - 1 else $2 - 63 end,
                       $4, $5, $6) d
    cross join lateral (select last_known_hour(d.index_l) as hour) c
    where c.hour is not null and hour_instant(d.day, c.hour) >= fitting.fitted_at
    order by d.day desc limit 1;
  end loop;
  found_l := coalesce(found_l, fitting.start_index_l);
  if found_l is null then
    select u.index_l into found_l
    from day_registers($1, $2, $2 + 62, $4, $5, $6) d cross join lateral unnest(d.index_l) with ordinality u (index_l, hour)
    where u.index_l is not null and (d.day > counted_register.day or u.hour > counted_register.hour_ending)
      and (fitting.removed_at is null or hour_instant(d.day, u.hour::integer) <= fitting.removed_at)
    order by d.day, u.hour limit 1;
  end if;
  return coalesce(found_l, fitting.final_index_l);
end $$;
comment on function counted_register is 'The register that counts for the end of an hour of a meter''s JST day, with an edit or without those that nobody seconded (day_registers): the latest one up to it in the meter''s fitting, noted ones included; without one, the first after it. Litres; null where none is known.';

create function edit_moves(meter_id integer, day date, kind text, hours smallint[], index_l integer[]) returns integer
  language plpgsql stable set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  dial integer;
  after_l integer[] := case when kind = 'struck' then array_fill(null::integer, array[cardinality(hours)]) else index_l end;
  moved integer := 0;
begin
  select m.dial_l into dial from meter m where m.utility_id = tenant and m.meter_id = edit_moves.meter_id;
  -- Measured from what counted before anyone edited alone, so that many small edits do not add up to a large one. Where later
  -- registers are struck, this edit moves what a closing reads there too.
  select coalesce(max(register_distance(a.register, counted_register($1, p.day, p.hour, null, null, null), dial)), 0) into moved
  from (
    select $2 as day, h::integer as hour, true as is_own from unnest($4) h
    union all
    select y.day, max(e.hour)::integer, false
    from edited_day y cross join lateral unnest(y.hours, y.kinds, y.edit_ids) e (hour, kind, edit_id)
    join reading_edit r on r.utility_id = y.utility_id and r.edit_id = e.edit_id and r.seconded_by is null
    where y.utility_id = tenant and y.meter_id = edit_moves.meter_id and y.day between edit_moves.day and edit_moves.day + 62
      and e.kind = 'struck' and (y.day > edit_moves.day or e.hour <> all (edit_moves.hours))
    group by y.day
  ) p
  cross join lateral counted_register($1, p.day, p.hour, $2, $4, after_l) a (register)
  where p.is_own or a.register is distinct from counted_register($1, p.day, p.hour, $2, '{}', '{}');
  return moved;
end $$;
comment on function edit_moves is 'What an edit moves: the most by which the register at one of its hours, or at a later one that is struck and follows it, as a closing then would read it, becomes another than without this edit and all that no second person agreed to. Nothing where a register that does not count is struck out. Litres, on the shorter way around the dial.';

create function issued_closings_at(meter_id integer, instants timestamptz[]) returns setof date
  language sql stable set search_path = public, pg_temp
as $$
  select distinct r.closes_on
  from unnest(issued_closings_at.instants) i (at)
  join meter_fitting f on f.utility_id = current_utility_id() and f.meter_id = issued_closings_at.meter_id
    and f.fitted_at <= i.at and (f.removed_at is null or f.removed_at >= i.at)
  join occupancy o on o.utility_id = f.utility_id and o.supply_point_id = f.supply_point_id
  join closing_run_row r on r.utility_id = o.utility_id and r.occupancy_id = o.occupancy_id
    and r.closes_on >= (i.at at time zone 'Asia/Tokyo' - interval '1 microsecond')::date
  join closing_run n on n.utility_id = r.utility_id and n.run_id = r.run_id and n.state = 'issued'
    and i.at >= least(r.previous_at, (n.previous_on + 1)::timestamp at time zone 'Asia/Tokyo')
$$;
comment on function issued_closings_at is 'The issued closings of a meter''s place that one of the instants belongs to, both ends of their period included.';

create function require_issued_closings(meter_id integer, day date, hours smallint[], acknowledged date[]) returns void
  language plpgsql stable set search_path = public, pg_temp
as $$
declare
  issued date[] := array(
    select c from issued_closings_at($1, array(select hour_instant($2, h) from unnest($3) h)) c order by c);
  unlike date[];
begin
  unlike := array(select c from unnest(issued) c where c <> all (coalesce(acknowledged, '{}')) order by c);
  if cardinality(unlike) > 0 then
    raise check_violation using constraint = 'reading_edit_issued', message = 'an issued closing is not named',
      detail = array_to_string(unlike, ' ');
  end if;
  unlike := array(select c from unnest(acknowledged) c where c <> all (issued) order by c);
  if cardinality(unlike) > 0 then
    raise check_violation using constraint = 'reading_edit_not_issued', message = 'a named closing was not issued',
      detail = array_to_string(unlike, ' ');
  end if;
end $$;
comment on function require_issued_closings is 'Refuses unless exactly the issued closings are named that the hours belong to.';

create function require_stored_registers(edit reading_edit) returns void
  language plpgsql stable set search_path = public, pg_temp
as $$
begin
  if edit.kind <> 'entered' and exists (
    select from unnest(edit.hours, edit.index_l) u (hour, index_l)
    where u.index_l is distinct from (
      select d.index_l[u.hour] from meter_day d where d.utility_id = edit.utility_id and d.meter_id = edit.meter_id and d.day = edit.day)
  ) then
    raise check_violation using constraint = 'reading_edit_stored', message = 'the day has other registers';
  end if;
end $$;
comment on function require_stored_registers is 'Refuses to strike or confirm registers that the day does not have.';

create function announce_edit(edit reading_edit, actor text, act text, acknowledged date[]) returns void
  language plpgsql set search_path = public, pg_temp
as $$
begin
  if act in ('reading.edited', 'reading.edit-seconded', 'reading.edit-taken-back') then
    insert into day_change (utility_id, what, meter_ids, days) values (edit.utility_id, 'edited', array[edit.meter_id], array[edit.day]);
  end if;
  insert into audit (utility_id, actor, act, subject, detail)
  values (edit.utility_id, announce_edit.actor, announce_edit.act, 'meter:' || edit.meter_id,
          jsonb_build_object('edit', edit.edit_id, 'day', edit.day, 'kind', edit.kind, 'hours', edit.hours, 'indexL', edit.index_l,
                             'receivedL', edit.received_l, 'reason', edit.reason, 'movedL', edit.moved_l,
                             'acknowledgedClosings', coalesce(acknowledged, '{}')));
end $$;
comment on function announce_edit is 'Puts an act on an edit into the audit, and where what counts has changed, the day into the feed. The note stays out: it is free text.';

create function enter_edited_hours(edit reading_edit) returns void
  language plpgsql set search_path = public, pg_temp
as $$
begin
  insert into edited_day as y (utility_id, meter_id, day, hours, kinds, index_l, edit_ids, entered_hours, changed_at)
  select edit.utility_id, edit.meter_id, edit.day, array_agg(u.hour order by u.hour), array_agg(u.kind order by u.hour),
         array_agg(u.index_l order by u.hour), array_agg(u.edit_id order by u.hour),
         coalesce(array_agg(u.hour order by u.hour) filter (where u.kind = 'entered'), '{}'), now()
  from (
    select e.hour, edit.kind as kind, e.index_l, edit.edit_id as edit_id from unnest(edit.hours, edit.index_l) e (hour, index_l)
    union all
    select k.hour, k.kind, k.index_l, k.edit_id
    from edited_day o cross join lateral unnest(o.hours, o.kinds, o.index_l, o.edit_ids) k (hour, kind, index_l, edit_id)
    where o.utility_id = edit.utility_id and o.meter_id = edit.meter_id and o.day = edit.day and k.hour <> all (edit.hours)
  ) u
  on conflict (utility_id, meter_id, day) do update
  set hours = excluded.hours, kinds = excluded.kinds, index_l = excluded.index_l, edit_ids = excluded.edit_ids,
      entered_hours = excluded.entered_hours, changed_at = excluded.changed_at;
  update reading_edit r set state = 'superseded', superseded_by = edit.edit_id, superseded_at = now()
  where r.utility_id = edit.utility_id and r.meter_id = edit.meter_id and r.day = edit.day and r.state = 'standing'
    and r.edit_id <> all ((select y.edit_ids from edited_day y
                           where y.utility_id = edit.utility_id and y.meter_id = edit.meter_id and y.day = edit.day)::integer[]);
end $$;
comment on function enter_edited_hours is 'Lets an edit stand: its hours of the day are its own, and edits that have none left are superseded.';

-- One after another for each meter.
create function hold_edits(meter_id integer) returns void
  language sql set search_path = public, pg_temp
as $$
  select pg_advisory_xact_lock(hashtextextended('kenshin edits of a meter ' || hold_edits.meter_id, current_utility_id()))
$$;
comment on function hold_edits is 'Until the end of the transaction, no other edits a reading of the meter.';

create function edit_reading(meter_id integer, day date, kind text, hours smallint[], index_l integer[], reason text, note text,
                             acknowledged_closings date[], actor text,
                             out edit_id integer, out state text, out moved_l bigint)
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := edit_actor(edit_reading.actor);
  dial integer;
  made reading_edit;
begin
  perform hold_edits(edit_reading.meter_id);
  select m.dial_l into dial from meter m where m.utility_id = tenant and m.meter_id = edit_reading.meter_id;
  if not found then
    raise check_violation using constraint = 'reading_edit_meter', message = 'there is no such meter';
  end if;
  if not coalesce(dial > all (edit_reading.index_l), false) then
    raise check_violation using constraint = 'reading_edit_dial', message = 'a register lies beyond the dial';
  end if;
  if edit_reading.hours is distinct from array(select distinct h from unnest(edit_reading.hours) h order by h) then
    raise check_violation using constraint = 'reading_edit_hours', message = 'the hours are not ascending';
  end if;
  if exists (
    select from unnest(edit_reading.hours) h
    where not exists (
      select from meter_fitting f
      where f.utility_id = tenant and f.meter_id = edit_reading.meter_id and f.fitted_at <= hour_instant(edit_reading.day, h)
        and (f.removed_at is null or f.removed_at >= hour_instant(edit_reading.day, h)))
  ) then
    raise check_violation using constraint = 'reading_edit_fitted', message = 'the meter was not fitted then';
  end if;
  perform require_issued_closings(edit_reading.meter_id, edit_reading.day, edit_reading.hours, edit_reading.acknowledged_closings);
  edit_reading.moved_l := edit_moves(edit_reading.meter_id, edit_reading.day, edit_reading.kind, edit_reading.hours, edit_reading.index_l);
  edit_reading.state := case when edit_reading.moved_l > (select u.second_look_l from utility u where u.utility_id = tenant)
                             then 'proposed' else 'standing' end;
  insert into reading_edit as r (utility_id, meter_id, day, kind, hours, index_l, received_l, reason, note, moved_l, counted_hours, state,
                                 made_by, made_name)
  select tenant, edit_reading.meter_id, edit_reading.day, edit_reading.kind, edit_reading.hours, edit_reading.index_l,
         array(select d.index_l[h.hour]
               from unnest(edit_reading.hours) with ordinality h (hour, place)
               left join meter_day d on d.utility_id = tenant and d.meter_id = edit_reading.meter_id and d.day = edit_reading.day
               order by h.place),
         edit_reading.reason, edit_reading.note, edit_reading.moved_l,
         array(select h from day_registers(edit_reading.meter_id, edit_reading.day, edit_reading.day, null, null, null) d
               join unnest(edit_reading.hours) h on d.index_l[h] is not null order by h),
         edit_reading.state, doer, edit_actor_name(doer)
  returning r.* into made;
  perform require_stored_registers(made);
  if made.state = 'standing' then perform enter_edited_hours(made); end if;
  perform announce_edit(made, doer, case made.state when 'standing' then 'reading.edited' else 'reading.edit-proposed' end,
                        edit_reading.acknowledged_closings);
  edit_reading.edit_id := made.edit_id;
end $$;
comment on function edit_reading is 'Makes an edit of a meter''s JST day. Where it moves more than the utility''s limit it is proposed, otherwise it stands at once.';

create function second_edit(edit_id integer, agreed boolean, acknowledged_closings date[], actor text) returns text
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := edit_actor(second_edit.actor);
  made reading_edit;
begin
  perform hold_edits((select r.meter_id from reading_edit r where r.utility_id = tenant and r.edit_id = second_edit.edit_id));
  select * into made from reading_edit r where r.utility_id = tenant and r.edit_id = second_edit.edit_id and r.state = 'proposed';
  if not found then
    raise check_violation using constraint = 'reading_edit_proposed', message = 'there is no such proposed edit';
  end if;
  if doer = made.made_by then
    raise check_violation using constraint = 'reading_edit_own', message = 'the second look is another person''s';
  end if;
  if agreed then
    perform require_stored_registers(made);
    perform require_issued_closings(made.meter_id, made.day, made.hours, second_edit.acknowledged_closings);
  end if;
  update reading_edit r set state = case when agreed then 'standing' else 'refused' end,
    seconded_by = doer, seconded_name = edit_actor_name(doer), seconded_at = now()
  where r.utility_id = tenant and r.edit_id = made.edit_id
  returning r.* into made;
  if agreed then perform enter_edited_hours(made); end if;
  perform announce_edit(made, doer, case when agreed then 'reading.edit-seconded' else 'reading.edit-refused' end,
                        second_edit.acknowledged_closings);
  return made.state;
end $$;
comment on function second_edit is 'The second person''s look at a proposed edit: it stands from now on, or is refused.';

create function take_back_edit(edit_id integer, acknowledged_closings date[], actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := edit_actor(take_back_edit.actor);
  made reading_edit;
  did_stand boolean;
begin
  perform hold_edits((select r.meter_id from reading_edit r where r.utility_id = tenant and r.edit_id = take_back_edit.edit_id));
  select * into made from reading_edit r
  where r.utility_id = tenant and r.edit_id = take_back_edit.edit_id and r.state in ('proposed', 'standing');
  if not found then
    raise check_violation using constraint = 'reading_edit_open', message = 'there is no such edit that is proposed or stands';
  end if;
  did_stand := made.state = 'standing';
  if did_stand then
    perform require_issued_closings(made.meter_id, made.day, made.hours, take_back_edit.acknowledged_closings);
    delete from edited_day y
    where y.utility_id = tenant and y.meter_id = made.meter_id and y.day = made.day and made.edit_id = all (y.edit_ids);
    update edited_day y set (hours, kinds, index_l, edit_ids, entered_hours, changed_at) = (
      select array_agg(k.hour order by k.hour), array_agg(k.kind order by k.hour), array_agg(k.index_l order by k.hour),
             array_agg(k.edit_id order by k.hour), coalesce(array_agg(k.hour order by k.hour) filter (where k.kind = 'entered'), '{}'), now()
      from unnest(y.hours, y.kinds, y.index_l, y.edit_ids) k (hour, kind, index_l, edit_id) where k.edit_id <> made.edit_id)
    where y.utility_id = tenant and y.meter_id = made.meter_id and y.day = made.day;
  end if;
  update reading_edit r set state = 'taken-back', taken_back_by = doer, taken_back_name = edit_actor_name(doer), taken_back_at = now()
  where r.utility_id = tenant and r.edit_id = made.edit_id;
  perform announce_edit(made, doer, case when did_stand then 'reading.edit-taken-back' else 'reading.edit-withdrawn' end,
                        take_back_edit.acknowledged_closings);
end $$;
comment on function take_back_edit is 'Ends an edit: its hours count again as they were received. One that it superseded does not come back.';

create function set_second_look(second_look_l integer, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  tenant integer := current_utility_id();
  former integer;
begin
  -- The operator's: no session and no key may set the limit that binds it.
  if tenant is null or sealed_actor() is not null then
    raise insufficient_privilege using message = 'the operator sets the limit of the second look';
  end if;
  select u.second_look_l into former from utility u where u.utility_id = tenant;
  update utility u set second_look_l = set_second_look.second_look_l where u.utility_id = tenant;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, set_second_look.actor, 'utility.second-look-set', 'utility:' || tenant,
          jsonb_build_object('formerL', former, 'secondLookL', set_second_look.second_look_l));
end $$;
comment on function set_second_look is 'Sets from how many litres on an edit of a reading needs a second person.';

grant create on schema public to kenshin_register;
alter function edit_actor owner to kenshin_register;
alter function edit_actor_name owner to kenshin_register;
alter function edit_reading owner to kenshin_register;
alter function second_edit owner to kenshin_register;
alter function take_back_edit owner to kenshin_register;
alter function set_second_look owner to kenshin_register;
revoke create on schema public from kenshin_register;
revoke execute on function keep_reading_edit, edit_actor, edit_actor_name, hour_instant, register_distance, seconded_index, day_registers, counted_register,
  edit_moves,
  issued_closings_at, require_issued_closings, require_stored_registers, announce_edit, enter_edited_hours, hold_edits, edit_reading,
  second_edit, take_back_edit, set_second_look from public;
