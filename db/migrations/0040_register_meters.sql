-- Changes of the register about meters and terminals, as records beside those of a supply point (register_change): size and dial of a meter
-- that were typed wrong, removal of a meter without a successor, fitting where there is none, and exchange of the terminal. Each by a
-- function that checks the person's right, compares the closings of which a file was made, and writes the audit; each is undone while nothing rests on it.

alter table register_change
  drop constraint register_change_kind_check,
  add constraint register_change_kind_check check (kind in (
    'move-in', 'move-out', 'stay-corrected', 'supply-closed', 'supply-opened', 'closing-day', 'tariff', 'area',
    'meter-corrected', 'meter-removed', 'meter-fitted', 'terminal-exchanged'));

create policy register on terminal for select to kenshin_register using (utility_id = (select current_utility_id()));
create policy register on terminal_fitting to kenshin_register
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));

-- Terminals that report a meter without being there are looked up by its serial.
create index frame_quarantine_reported on frame_quarantine (utility_id, meter_serial, received_at)
  where reason = 'unknown_meter' and meter_serial is not null;

-- 1. What these changes have in common.

create function utc_text(instant timestamptz) returns text
  language sql stable set search_path = public, pg_temp
  return to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function utc_text is 'An instant as the record of a change and the audit have it.';

create function closings_concerned(since timestamptz) returns date
  language sql stable set search_path = public, pg_temp
  return ((since - interval '1 microsecond') at time zone 'Asia/Tokyo')::date;
comment on function closings_concerned is 'First JST day whose closing a change at an instant concerns: at 0:00 that of the day before.';

create function record_fitting_change(what text, place integer, places integer[], holds date, since date, former jsonb, latter jsonb,
                                      acknowledged_closings date[], doer text) returns integer
  language plpgsql set search_path = public, pg_temp
as $$
declare
  tenant integer := current_utility_id();
  act bigint;
  made integer;
begin
  insert into audit as a (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'register.' || what, 'supply-point:' || place,
          jsonb_build_object('holdsFrom', holds, 'before', former, 'after', latter,
                             'acknowledgedClosings', to_jsonb(coalesce(acknowledged_closings, '{}'))))
  returning a.audit_id into act;
  -- After its act: from here on no extraction begins, as the chain of the audit is held.
  perform refuse_unlike_closings(
    array(select distinct f.closes_on from unnest(places) p cross join lateral closing_files_over(p, since, 0, null) f), acknowledged_closings);
  insert into register_change as r (utility_id, kind, supply_point_id, holds_from, affects_from, before, after, actor, actor_name, audit_id)
  values (tenant, what, place, holds, since, former, latter, doer, actor_name_of(doer), act)
  returning r.change_id into made;
  return made;
end $$;
comment on function record_fitting_change is 'Writes the act and the record of a change of a meter or terminal, and compares the closings that it names with those of which a file was made, at all the places. places empty: it changes no closing.';

create function hold_supply_point(place integer) returns supply_point
  language plpgsql set search_path = public, pg_temp
as $$
declare found_place supply_point;
begin
  -- Changes of one supply point wait for each other.
  select * into found_place from supply_point p
  where p.utility_id = current_utility_id() and p.supply_point_id = place for no key update;
  if not found then
    raise check_violation using constraint = 'register_change_place', message = 'there is no such supply point';
  end if;
  return found_place;
end $$;
comment on function hold_supply_point is 'The supply point, held until the transaction ends.';

create function highest_register(of_meter integer) returns integer
  language sql stable set search_path = public, pg_temp
as $$
  select greatest(
    (select max(i) from meter_day d cross join lateral unnest(d.index_l) i where d.utility_id = current_utility_id() and d.meter_id = of_meter),
    (select max(i) from edited_day d cross join lateral unnest(d.index_l) i where d.utility_id = current_utility_id() and d.meter_id = of_meter),
    (select max(greatest(f.start_index_l, f.final_index_l)) from meter_fitting f where f.utility_id = current_utility_id() and f.meter_id = of_meter))
$$;
comment on function highest_register is 'Highest register of a meter that is stored, entered or noted at a fitting, litres; null without one. Its dial shows it.';

create function announce_meter(of_meter integer) returns void
  language sql set search_path = public, pg_temp
as $$
  insert into day_change (utility_id, what, meter_ids, days)
  select current_utility_id(), 'register', array_agg(of_meter order by d.day), array_agg(d.day order by d.day)
  from meter_day d where d.utility_id = current_utility_id() and d.meter_id = of_meter
  having count(*) > 0
$$;
comment on function announce_meter is 'Puts all days of a meter into the feed, as what was judged by its size and dial is to be judged again.';

-- 2. Size and dial typed wrong.

create function correct_meter(supply_point_id integer, meter_id integer, new_size numeric, new_dial_l integer, acknowledged_closings date[],
                              actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(correct_meter.actor);
  place supply_point := hold_supply_point(correct_meter.supply_point_id);
  was meter;
  since date;
  places integer[];
begin
  select * into was from meter m where m.utility_id = tenant and m.meter_id = correct_meter.meter_id for no key update;
  select array_agg(distinct f.supply_point_id), closings_concerned(min(f.fitted_at) + interval '1 microsecond') into places, since
  from meter_fitting f where f.utility_id = tenant and f.meter_id = was.meter_id;
  if was.meter_id is null or not coalesce(place.supply_point_id = any (places), false) then
    raise check_violation using constraint = 'register_change_meter', message = 'the meter was never fitted at the supply point';
  end if;
  if (was.size, was.dial_l) = (correct_meter.new_size, correct_meter.new_dial_l) then
    raise check_violation using constraint = 'register_change_same', message = 'the meter has this size and dial already';
  end if;
  if highest_register(was.meter_id) >= correct_meter.new_dial_l then
    raise check_violation using constraint = 'register_change_dial', message = 'a register of the meter lies beyond that dial';
  end if;
  update meter m set size = correct_meter.new_size, dial_l = correct_meter.new_dial_l
  where m.utility_id = tenant and m.meter_id = was.meter_id;
  perform announce_meter(was.meter_id);
  return record_fitting_change('meter-corrected', place.supply_point_id, places, since, since,
    jsonb_build_object('meterId', was.meter_id, 'serial', was.serial, 'sizeM3PerHour', was.size, 'dialL', was.dial_l),
    jsonb_build_object('meterId', was.meter_id, 'serial', was.serial, 'sizeM3PerHour', correct_meter.new_size, 'dialL', correct_meter.new_dial_l),
    correct_meter.acknowledged_closings, doer);
end $$;
comment on function correct_meter is 'Gives a meter that is or was fitted at the supply point another size and dial, of all its days; writes the audit. acknowledged_closings names the closings since it was fitted first, at any place, of which a file was made, all of them and no others.';

-- 3. Removal, and fitting where there is none.

create function remove_meter(supply_point_id integer, removed_at timestamptz, final_index_l integer, acknowledged_closings date[], actor text)
  returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(remove_meter.actor);
  place supply_point := hold_supply_point(remove_meter.supply_point_id);
  was record;
begin
  select f.meter_id, f.fitted_at, m.serial, m.dial_l into was
  from meter_fitting f join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  where f.utility_id = tenant and f.supply_point_id = place.supply_point_id and f.removed_at is null for update of f;
  if not found then
    raise check_violation using constraint = 'register_change_meter', message = 'no meter is fitted at the supply point';
  end if;
  if remove_meter.final_index_l >= was.dial_l then
    raise check_violation using constraint = 'register_change_dial', message = 'the final index lies beyond the dial';
  end if;
  update meter_fitting f set removed_at = remove_meter.removed_at, final_index_l = remove_meter.final_index_l
  where f.utility_id = tenant and f.meter_id = was.meter_id and f.fitted_at = was.fitted_at;
  return record_fitting_change('meter-removed', place.supply_point_id, array[place.supply_point_id],
    (remove_meter.removed_at at time zone 'Asia/Tokyo')::date, closings_concerned(remove_meter.removed_at),
    jsonb_build_object('meterId', was.meter_id, 'serial', was.serial, 'fittedAt', utc_text(was.fitted_at)),
    jsonb_build_object('meterId', was.meter_id, 'serial', was.serial, 'removedAt', utc_text(remove_meter.removed_at),
                       'finalIndexL', remove_meter.final_index_l),
    remove_meter.acknowledged_closings, doer);
end $$;
comment on function remove_meter is 'Removes the meter that is fitted without a successor; writes the audit. acknowledged_closings names the closings at or after the instant of which a file was made, all of them and no others.';

create function fit_meter(supply_point_id integer, serial text, fitted_at timestamptz, start_index_l integer, new_size numeric,
                          new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(fit_meter.actor);
  place supply_point := hold_supply_point(fit_meter.supply_point_id);
  is_new boolean := fit_meter.new_size is not null;
  fitted meter;
begin
  if is_new then
    insert into meter (utility_id, serial, gas_kind, size, dial_l, verification_expires_on)
    values (tenant, fit_meter.serial, place.gas_kind, fit_meter.new_size, fit_meter.new_dial_l, fit_meter.new_expires_on);
    insert into audit (utility_id, actor, act, subject, detail)
    select tenant, doer, 'meter.registered', 'meter:' || m.meter_id, jsonb_build_object('serial', m.serial, 'size', m.size, 'dialL', m.dial_l)
    from meter m where m.utility_id = tenant and m.serial = fit_meter.serial;
  end if;
  select * into fitted from meter m where m.utility_id = tenant and m.serial = fit_meter.serial;
  if fitted.meter_id is null or fitted.gas_kind <> place.gas_kind then
    raise check_violation using constraint = 'register_change_meter', message = 'the meter is not registered, or for another gas';
  end if;
  if fit_meter.start_index_l >= fitted.dial_l then
    raise check_violation using constraint = 'register_change_dial', message = 'the start index lies beyond the dial';
  end if;
  insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l)
  values (tenant, fitted.meter_id, place.supply_point_id, fit_meter.fitted_at, fit_meter.start_index_l);
  return record_fitting_change('meter-fitted', place.supply_point_id, array[place.supply_point_id],
    (fit_meter.fitted_at at time zone 'Asia/Tokyo')::date, closings_concerned(fit_meter.fitted_at),
    jsonb_build_object('meterId', null),
    jsonb_build_object('meterId', fitted.meter_id, 'serial', fitted.serial, 'fittedAt', utc_text(fit_meter.fitted_at),
                       'startIndexL', fit_meter.start_index_l, 'registeredMeter', is_new),
    fit_meter.acknowledged_closings, doer);
end $$;
comment on function fit_meter is 'Fits a meter at a supply point without one, which it registers where size and dial are given; writes the audit. acknowledged_closings as of remove_meter.';

-- 4. The terminal.

create function exchange_terminal(supply_point_id integer, number text, exchanged_at timestamptz, acknowledged_closings date[], actor text)
  returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(exchange_terminal.actor);
  place supply_point := hold_supply_point(exchange_terminal.supply_point_id);
  fitted record;
  was record;
begin
  select t.terminal_id, t.number into fitted from terminal t
  where t.utility_id = tenant and t.number = exchange_terminal.number and t.retired_at is null;
  if not found then
    raise check_violation using constraint = 'register_change_terminal', message = 'the terminal is not registered, or out of service';
  end if;
  select t.terminal_id, t.number, f.from_at into was
  from terminal_fitting f join terminal t on t.utility_id = f.utility_id and t.terminal_id = f.terminal_id
  where f.utility_id = tenant and f.supply_point_id = place.supply_point_id and f.to_at is null for update of f;
  update terminal_fitting f set to_at = exchange_terminal.exchanged_at
  where f.utility_id = tenant and f.terminal_id = was.terminal_id and f.from_at = was.from_at;
  insert into terminal_fitting (utility_id, terminal_id, supply_point_id, from_at)
  values (tenant, fitted.terminal_id, place.supply_point_id, exchange_terminal.exchanged_at);
  return record_fitting_change('terminal-exchanged', place.supply_point_id, array[place.supply_point_id],
    (exchange_terminal.exchanged_at at time zone 'Asia/Tokyo')::date, closings_concerned(exchange_terminal.exchanged_at),
    jsonb_build_object('terminalId', was.terminal_id, 'terminalNumber', was.number),
    jsonb_build_object('terminalId', fitted.terminal_id, 'terminalNumber', fitted.number, 'exchangedAt', utc_text(exchange_terminal.exchanged_at)),
    exchange_terminal.acknowledged_closings, doer);
end $$;
comment on function exchange_terminal is 'Ends the fitting of the terminal at a supply point, if there is one, and fits another that is registered and in service; writes the audit. acknowledged_closings as of remove_meter. No key is made, read or retired.';

-- 5. Undo.

create function resting_on_fitting(change_id integer) returns table (kind text, at timestamptz, named text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  with r as materialized (
    select c.*, (c.after ->> 'meterId')::integer as meter_id, (c.after ->> 'terminalId')::integer as terminal_id,
           coalesce(c.after ->> 'removedAt', c.after ->> 'fittedAt', c.after ->> 'exchangedAt')::timestamptz as instant
    from register_change c
    where c.utility_id = (select current_utility_id()) and c.change_id = resting_on_fitting.change_id and c.undone_at is null
      and c.kind in ('meter-corrected', 'meter-removed', 'meter-fitted', 'terminal-exchanged')
  )
  -- A later change of the same meter's size and dial, from whatever place.
  select 'change', c.made_at, c.kind
  from r join register_change c on c.utility_id = r.utility_id and c.change_id > r.change_id and c.undone_at is null
    and c.kind = r.kind and (c.after ->> 'meterId')::integer = r.meter_id
  where r.kind = 'meter-corrected'
  union all
  -- Changed otherwise, as by a command.
  select 'altered', r.made_at, null
  from r
  where case r.kind
          when 'meter-corrected' then not exists (
            select from meter m where m.utility_id = r.utility_id and m.meter_id = r.meter_id
              and (m.size, m.dial_l) = ((r.after ->> 'sizeM3PerHour')::numeric, (r.after ->> 'dialL')::integer))
            and not exists (select from register_change c where c.utility_id = r.utility_id and c.change_id > r.change_id and c.undone_at is null
                            and c.kind = r.kind and (c.after ->> 'meterId')::integer = r.meter_id)
          when 'meter-removed' then not exists (
            select from meter_fitting f where f.utility_id = r.utility_id and f.meter_id = r.meter_id and f.supply_point_id = r.supply_point_id
              and f.fitted_at = (r.before ->> 'fittedAt')::timestamptz and f.removed_at = r.instant
              and f.final_index_l is not distinct from (r.after ->> 'finalIndexL')::integer)
          when 'meter-fitted' then not exists (
            select from meter_fitting f where f.utility_id = r.utility_id and f.meter_id = r.meter_id and f.supply_point_id = r.supply_point_id
              and f.fitted_at = r.instant and f.start_index_l is not distinct from (r.after ->> 'startIndexL')::integer)
          else not exists (
            select from terminal_fitting f where f.utility_id = r.utility_id and f.terminal_id = r.terminal_id
              and f.supply_point_id = r.supply_point_id and f.from_at = r.instant)
            or (r.before ->> 'terminalId') is not null and not exists (
            select from terminal_fitting f where f.utility_id = r.utility_id and f.terminal_id = (r.before ->> 'terminalId')::integer
              and f.supply_point_id = r.supply_point_id and f.to_at = r.instant)
        end
  union all
  -- Registers that the former dial cannot show.
  select 'reading', r.made_at, highest_register(r.meter_id)::text
  from r where r.kind = 'meter-corrected' and highest_register(r.meter_id) >= (r.before ->> 'dialL')::integer
  union all
  -- The removed meter elsewhere since, or another one in its place.
  select 'fitting', f.fitted_at, m.serial
  from r join meter_fitting f on f.utility_id = r.utility_id and (f.supply_point_id = r.supply_point_id or f.meter_id = r.meter_id)
    and f.fitted_at >= r.instant
  join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  where r.kind = 'meter-removed'
  union all
  select 'removal', f.removed_at, m.serial
  from r join meter_fitting f on f.utility_id = r.utility_id and f.supply_point_id = r.supply_point_id and f.meter_id = r.meter_id
    and f.fitted_at = r.instant and f.removed_at is not null
  join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  where r.kind = 'meter-fitted'
  union all
  select 'terminal', coalesce(f.to_at, f.from_at), t.number
  from r join terminal_fitting f on f.utility_id = r.utility_id
    -- The new one taken away; the former one elsewhere, or another in its place.
    and (f.terminal_id = r.terminal_id and f.supply_point_id = r.supply_point_id and f.from_at = r.instant and f.to_at is not null
         or f.from_at >= r.instant and f.terminal_id = (r.before ->> 'terminalId')::integer)
  join terminal t on t.utility_id = f.utility_id and t.terminal_id = f.terminal_id
  where r.kind = 'terminal-exchanged'
  union all
  select 'terminal', t.retired_at, t.number
  from r join terminal t on t.utility_id = r.utility_id and t.terminal_id = (r.before ->> 'terminalId')::integer and t.retired_at is not null
  where r.kind = 'terminal-exchanged'
  union all
  select distinct on (f.closes_on) 'closing-file', f.begun_at, f.closes_on::text
  from r
  join lateral (
    select r.supply_point_id as place
    union
    select g.supply_point_id from meter_fitting g where r.kind = 'meter-corrected' and g.utility_id = r.utility_id and g.meter_id = r.meter_id
  ) p on true
  cross join lateral closing_files_over(p.place, r.affects_from, r.audit_id, null) f
$$;
comment on function resting_on_fitting is 'What rests on a change of a meter or terminal: later fittings, a removal, a retired terminal, registers that the former dial cannot show, and files of closings that were begun after it.';

create function undo_fitting_change(r register_change) returns void
  language plpgsql set search_path = public, pg_temp
as $$
declare
  of_meter integer := (r.after ->> 'meterId')::integer;
  instant timestamptz := coalesce(r.after ->> 'removedAt', r.after ->> 'fittedAt', r.after ->> 'exchangedAt')::timestamptz;
begin
  case r.kind
    when 'meter-corrected' then
      update meter m set size = (r.before ->> 'sizeM3PerHour')::numeric, dial_l = (r.before ->> 'dialL')::integer
      where m.utility_id = r.utility_id and m.meter_id = of_meter;
      perform announce_meter(of_meter);
    when 'meter-removed' then
      update meter_fitting f set removed_at = null, final_index_l = null
      where f.utility_id = r.utility_id and f.meter_id = of_meter and f.fitted_at = (r.before ->> 'fittedAt')::timestamptz;
    when 'meter-fitted' then
      delete from meter_fitting f where f.utility_id = r.utility_id and f.meter_id = of_meter and f.fitted_at = instant;
      if (r.after ->> 'registeredMeter')::boolean
         and not exists (select from meter_fitting f where f.utility_id = r.utility_id and f.meter_id = of_meter)
         and not exists (select from meter_day d where d.utility_id = r.utility_id and d.meter_id = of_meter)
         and not exists (select from reading_request q where q.utility_id = r.utility_id and q.meter_id = of_meter)
         and not exists (select from reading_fault q where q.utility_id = r.utility_id and q.meter_id = of_meter) then
        insert into withdrawn_meter (utility_id, meter_id, serial) values (r.utility_id, of_meter, r.after ->> 'serial');
        delete from meter m where m.utility_id = r.utility_id and m.meter_id = of_meter;
      end if;
    else
      delete from terminal_fitting f
      where f.utility_id = r.utility_id and f.terminal_id = (r.after ->> 'terminalId')::integer and f.from_at = instant;
      update terminal_fitting f set to_at = null
      where f.utility_id = r.utility_id and f.terminal_id = (r.before ->> 'terminalId')::integer
        and f.supply_point_id = r.supply_point_id and f.to_at = instant;
  end case;
end $$;
comment on function undo_fitting_change is 'The rows of meters and terminals as before a change. A meter that was registered with its fitting goes too, unless readings or requests of it are there.';

create or replace function resting_on_change(change_id integer)
  returns table (kind text, at timestamptz, named text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  with r as materialized (
    -- The number by itself: row security keeps a condition that takes it out of a document from an index.
    select c.*, c.after ->> 'customerNumber' as customer_number from register_change c
    where c.utility_id = (select current_utility_id()) and c.change_id = resting_on_change.change_id and c.undone_at is null
  )
  -- A later change of the same thing. Stays and the supply depend on each other.
  select 'change', c.made_at, c.kind
  from r join register_change c on c.utility_id = r.utility_id and c.supply_point_id = r.supply_point_id
    and c.change_id > r.change_id and c.undone_at is null
  where c.kind = r.kind and r.kind not in ('meter-corrected', 'meter-removed', 'meter-fitted', 'terminal-exchanged')
     or r.kind in ('move-in', 'move-out', 'stay-corrected', 'supply-closed', 'supply-opened')
        and c.kind in ('move-in', 'move-out', 'stay-corrected', 'supply-closed', 'supply-opened')
  union all
  -- Changed otherwise, as by a command.
  select 'altered', r.made_at, null
  from r
  join supply_point p on p.utility_id = r.utility_id and p.supply_point_id = r.supply_point_id
  left join occupancy o on o.utility_id = r.utility_id and o.occupancy_id = r.occupancy_id
  where not exists (select from register_change c where c.utility_id = r.utility_id and c.supply_point_id = r.supply_point_id
                    and c.change_id > r.change_id and c.undone_at is null)
    and r.kind not in ('meter-corrected', 'meter-removed', 'meter-fitted', 'terminal-exchanged')
    and case r.kind
          when 'closing-day' then (r.after ->> 'closingDay')::integer <> p.closing_day
          when 'tariff' then (r.after ->> 'tariffId')::integer is distinct from p.tariff_id
          when 'area' then (r.after ->> 'areaId')::integer <> p.area_id
          when 'supply-closed' then (r.after ->> 'closedOn')::date is distinct from p.closed_on
          when 'supply-opened' then p.closed_on is not null
          else o.occupancy_id is null or stay_facts(o) <> r.after
        end
  union all
  -- Others that took the days that the stay would have again, and the customer number elsewhere.
  select 'move-in', o.from_on::timestamp at time zone 'Asia/Tokyo', o.customer_number
  from r join occupancy o on o.utility_id = r.utility_id and o.supply_point_id = r.supply_point_id and o.occupancy_id <> r.occupancy_id
    and daterange(o.from_on, o.to_on) && daterange((r.before ->> 'fromOn')::date, (r.before ->> 'toOn')::date)
  where r.kind in ('move-out', 'stay-corrected')
  union all
  select 'move-in', o.from_on::timestamp at time zone 'Asia/Tokyo', o.customer_number
  from r join occupancy o on o.utility_id = r.utility_id and o.customer_number = r.customer_number
    and o.supply_point_id <> r.supply_point_id
    and daterange(o.from_on, o.to_on) && daterange((r.before ->> 'fromOn')::date, (r.before ->> 'toOn')::date)
  where r.kind in ('move-out', 'stay-corrected')
  union all
  -- A customer stays on days on which the supply would have ended again.
  select 'move-in', o.from_on::timestamp at time zone 'Asia/Tokyo', o.customer_number
  from r join occupancy o on o.utility_id = r.utility_id and o.supply_point_id = r.supply_point_id
    and coalesce(o.to_on, 'infinity') > (r.before ->> 'closedOn')::date
  where r.kind = 'supply-opened'
  union all
  -- The supply ends before the stay would end again.
  select 'supply-end', p.closed_on::timestamp at time zone 'Asia/Tokyo', null
  from r join supply_point p on p.utility_id = r.utility_id and p.supply_point_id = r.supply_point_id
  where r.kind in ('move-out', 'stay-corrected') and p.closed_on < coalesce((r.before ->> 'toOn')::date, 'infinity')
  union all
  select 'access', r.made_at, r.after ->> 'customerNumber'
  from r join consumer_access x on x.utility_id = r.utility_id and x.occupancy_id = r.occupancy_id
  where r.kind = 'move-in'
  union all
  select 'closing-file', f.begun_at, f.closes_on::text
  from r cross join lateral closing_files_over(r.supply_point_id,
                                               -- A tariff's rounding is in every file made after the change, of whatever closing.
                                               case when r.kind = 'tariff' then date '1900-01-01' else r.affects_from end, r.audit_id,
                                               case when r.kind = 'closing-day' then (r.before ->> 'closingDay')::integer end) f
  where r.kind in ('move-in', 'move-out', 'stay-corrected', 'closing-day', 'tariff')
  union all
  select f.kind, f.at, f.named from r cross join lateral resting_on_fitting(r.change_id) f
  order by 2, 1, 3
$$;

create or replace function undo_register_change(change_id integer, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(undo_register_change.actor);
  r register_change;
begin
  select * into r from register_change c
  where c.utility_id = tenant and c.change_id = undo_register_change.change_id and c.undone_at is null for update;
  if not found then
    raise check_violation using constraint = 'register_change_stands', message = 'there is no such change';
  end if;
  perform from supply_point p where p.utility_id = tenant and p.supply_point_id = r.supply_point_id for no key update;
  -- Before what rests is looked up: from here on no extraction begins, as the chain of the audit is held.
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'register.change-undone', 'supply-point:' || r.supply_point_id,
          jsonb_build_object('kind', r.kind, 'change', r.change_id, 'holdsFrom', r.holds_from, 'before', r.before, 'after', r.after));
  if exists (select from resting_on_change(r.change_id)) then
    raise check_violation using constraint = 'register_change_free', message = 'something rests on the change';
  end if;
  case r.kind
    when 'move-in' then
      delete from occupancy o where o.utility_id = tenant and o.occupancy_id = r.occupancy_id;
    when 'move-out', 'stay-corrected' then
      update occupancy o set from_on = (r.before ->> 'fromOn')::date, to_on = (r.before ->> 'toOn')::date
      where o.utility_id = tenant and o.occupancy_id = r.occupancy_id;
    when 'closing-day' then
      delete from former_closing_day f
      where f.utility_id = tenant and f.supply_point_id = r.supply_point_id and f.until_on = r.holds_from;
      update supply_point p set closing_day = (r.before ->> 'closingDay')::integer
      where p.utility_id = tenant and p.supply_point_id = r.supply_point_id;
    when 'tariff' then
      update supply_point p set tariff_id = (r.before ->> 'tariffId')::integer
      where p.utility_id = tenant and p.supply_point_id = r.supply_point_id;
    when 'area' then
      update supply_point p set area_id = (r.before ->> 'areaId')::integer
      where p.utility_id = tenant and p.supply_point_id = r.supply_point_id;
    when 'meter-corrected', 'meter-removed', 'meter-fitted', 'terminal-exchanged' then
      perform undo_fitting_change(r);
    else
      update supply_point p set closed_on = (r.before ->> 'closedOn')::date
      where p.utility_id = tenant and p.supply_point_id = r.supply_point_id;
  end case;
  update register_change c set undone_by = doer, undone_name = actor_name_of(doer), undone_at = now()
  where c.utility_id = tenant and c.change_id = r.change_id;
end $$;

grant create on schema public to kenshin_register;
alter function utc_text owner to kenshin_register;
alter function closings_concerned owner to kenshin_register;
alter function record_fitting_change owner to kenshin_register;
alter function hold_supply_point owner to kenshin_register;
alter function highest_register owner to kenshin_register;
alter function announce_meter owner to kenshin_register;
alter function correct_meter owner to kenshin_register;
alter function remove_meter owner to kenshin_register;
alter function fit_meter owner to kenshin_register;
alter function exchange_terminal owner to kenshin_register;
alter function resting_on_fitting owner to kenshin_register;
alter function undo_fitting_change owner to kenshin_register;
revoke create on schema public from kenshin_register;
revoke execute on function utc_text, closings_concerned, record_fitting_change, hold_supply_point, highest_register, announce_meter, correct_meter,
  remove_meter, fit_meter, exchange_terminal, resting_on_fitting, undo_fitting_change from public;
