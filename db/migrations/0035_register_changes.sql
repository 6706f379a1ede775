-- Changes of the register by a person as records of their own (register_change): move in and out, closing and opening of the
-- supply, closing day, tariff and area of a supply point. Each by a function that checks the person's right, compares the closings
-- of which a file was made, writes the audit and changes nothing else; and one function that undoes a change on which nothing rests.

create table register_change (
  utility_id integer not null references utility,
  change_id integer not null generated always as identity,
  kind text not null check (kind in ('move-in', 'move-out', 'stay-corrected', 'supply-closed', 'supply-opened', 'closing-day', 'tariff', 'area')),
  supply_point_id integer not null,
  holds_from date not null,
  affects_from date not null check (affects_from <= holds_from),
  occupancy_id integer check ((occupancy_id is not null) = (kind in ('move-in', 'move-out', 'stay-corrected'))),
  before jsonb,
  after jsonb not null,
  actor text not null,
  actor_name text not null,
  audit_id bigint not null,
  made_at timestamptz not null default now(),
  undone_by text,
  undone_name text,
  undone_at timestamptz,
  primary key (utility_id, change_id),
  foreign key (utility_id, supply_point_id) references supply_point (utility_id, supply_point_id),
  check ((before is null) = (kind = 'move-in')),
  check ((undone_at is null) = (undone_by is null) and (undone_at is null) = (undone_name is null))
);
create index register_change_supply_point on register_change (utility_id, supply_point_id, change_id);
comment on table register_change is 'A change of a supply point in the register by a person, also one that was undone. Exchanges of meters are in meter_exchange.';
comment on column register_change.holds_from is 'First JST day on which the register is other than before: of a move-out the first that is no longer the customer''s.';
comment on column register_change.affects_from is 'First JST day whose closing the change concerns.';
comment on column register_change.occupancy_id is 'The stay, of a change of stays. Without a foreign key: a stay that began with a change goes with its undoing.';
comment on column register_change.before is 'What the change replaced, by names of the API; null of a move-in.';
comment on column register_change.after is 'What it put there.';
comment on column register_change.actor is 'Actor as kind:id, as in the audit.';
comment on column register_change.actor_name is 'Display name of the person, or name of the command, as it was then.';
comment on column register_change.audit_id is 'Its act in the audit: files of closings with a later number have seen it.';

create table former_closing_day (
  utility_id integer not null references utility,
  supply_point_id integer not null,
  until_on date not null,
  closing_day smallint not null check (closing_day between 1 and 31),
  primary key (utility_id, supply_point_id, until_on),
  foreign key (utility_id, supply_point_id) references supply_point (utility_id, supply_point_id)
);
comment on table former_closing_day is 'A closing day (検針日) that a supply point had before. The closing day of a date is that of the first row whose until_on is later; without one it is supply_point.closing_day.';
comment on column former_closing_day.until_on is 'First JST day on which it did not hold any more.';
comment on column former_closing_day.closing_day is '1 to 31; a month that is shorter closes on its last day.';

do $$
declare t text;
begin
  foreach t in array array['register_change', 'former_closing_day'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app, kenshin_web using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
    execute format('create policy register on %I to kenshin_register using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
  end loop;
  foreach t in array array['area', 'tariff', 'consumer_access'] loop
    execute format('create policy register on %I for select to kenshin_register using (utility_id = (select current_utility_id()))', t);
  end loop;
end $$;

-- 1. Closings of which a file was made.

create function closing_day_on(supply_point_id integer, on_day date) returns integer
  language sql stable security definer set search_path = public, pg_temp
as $$
  select coalesce(
    (select f.closing_day from former_closing_day f
     where f.utility_id = p.utility_id and f.supply_point_id = p.supply_point_id and f.until_on > closing_day_on.on_day
     order by f.until_on limit 1), p.closing_day)::integer
  from supply_point p
  where p.utility_id = (select current_utility_id()) and p.supply_point_id = closing_day_on.supply_point_id
$$;
comment on function closing_day_on is 'The closing day that a supply point has, or had, on a JST day.';

create function closing_files(after_act bigint, closed_since date)
  returns table (closes_on date, begun_at timestamptz, closing_day integer, customer_number text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select c.day, a.at, s.closing_day, a.detail ->> 'customerNumber'
  from audit a
  cross join lateral (select substring(a.subject from '^closing-day:([0-9]{1,2})$')::integer as closing_day) s
  -- An act with anything else in it was not written by the product, but by a web process that was taken over.
  cross join lateral (
    select case when e.value ~ '^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$' and pg_input_is_valid(e.value, 'date') then e.value::date end as day
    from jsonb_array_elements_text(case when jsonb_typeof(a.detail -> 'closings') = 'array' then a.detail -> 'closings' else '[]' end) e
  ) c
  where a.utility_id = (select current_utility_id())
    and a.act in ('closing.export-begun', 'closing.exported', 'closing.export-broken-off')
    and (a.audit_id > closing_files.after_act
         -- Begun before and not ended: it may have been reading its rows then, or be reading them now. None takes a day.
         or a.act = 'closing.export-begun'
            and a.at > (select x.at from audit x where x.utility_id = a.utility_id and x.audit_id = closing_files.after_act)
                       - interval '1 day'
            and not exists (
              select from audit e
              where e.utility_id = a.utility_id and e.audit_id > a.audit_id and e.actor = a.actor
                and e.act in ('closing.exported', 'closing.export-broken-off') and e.detail ->> 'export' = a.detail ->> 'export'
            ))
    and c.day >= closing_files.closed_since
    -- No household makes a file, and none is made before the closing (a day for clocks that differ) or of a day that does not close.
    and a.actor !~ '^consumer:'
    and (c.day + 1)::timestamp at time zone 'Asia/Tokyo' <= a.at + interval '1 day'
    and extract(day from c.day) = least(s.closing_day, extract(day from date_trunc('month', c.day::timestamp) + interval '1 month - 1 day'))
$$;
comment on function closing_files is 'Closings of a day or later of which a file was made whose rows may have been read after the given act: one that was begun, ended or broken off later, or that was begun within a day before and has no end. With act 0, all files.';

create or replace function closing_files_of(supply_point_id integer, closed_since timestamptz, after_act bigint)
  returns table (closes_on date, begun_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select c.closes_on, min(c.begun_at)
  from closing_files(closing_files_of.after_act,
                     (closing_files_of.closed_since at time zone 'Asia/Tokyo' - interval '1 microsecond')::date) c
  join occupancy o on o.utility_id = (select current_utility_id()) and o.supply_point_id = closing_files_of.supply_point_id
    and o.from_on <= c.closes_on and (o.to_on is null or o.to_on > c.closes_on)
  where case when c.customer_number is null then c.closing_day = closing_day_on(closing_files_of.supply_point_id, c.closes_on)
             else c.customer_number = o.customer_number end
  group by c.closes_on
$$;

create function closing_files_over(supply_point_id integer, closed_since date, after_act bigint, other_day integer)
  returns table (closes_on date, begun_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select c.closes_on, min(c.begun_at)
  from closing_files(closing_files_over.after_act, closing_files_over.closed_since) c
  where case when c.customer_number is null
             then c.closing_day in (closing_day_on(closing_files_over.supply_point_id, c.closes_on), closing_files_over.other_day)
             else exists (
               select from occupancy o
               where o.utility_id = (select current_utility_id()) and o.supply_point_id = closing_files_over.supply_point_id
                 and o.customer_number = c.customer_number)
        end
  group by c.closes_on
$$;
comment on function closing_files_over is 'As closing_files_of, and also where nobody occupied the supply point on the closing: the files that a change of its stays or of its closing day concerns. other_day: a closing day whose files count too; null: none.';

-- 2. What all changes have in common.

create function actor_name_of(doer text) returns text
  language sql stable security definer set search_path = public, pg_temp
as $$
  select coalesce((select a.display_name from account a
                   where a.utility_id = (select current_utility_id()) and 'staff:' || a.account_id = doer),
                  regexp_replace(doer, '^[a-z]+:', ''))
$$;
comment on function actor_name_of is 'Display name of the person, or name of the command.';

create function refuse_unlike_closings(filed date[], acknowledged date[]) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare unlike date[];
begin
  unlike := array(select d from unnest(filed) d where d <> all (coalesce(acknowledged, '{}')) order by d);
  if unlike <> '{}' then
    raise check_violation using constraint = 'register_change_filed', detail = array_to_string(unlike, ' '),
      message = 'files of closings were made that the change does not name';
  end if;
  unlike := array(select d from unnest(acknowledged) d where d <> all (filed) or d is null order by d);
  if unlike <> '{}' then
    raise check_violation using constraint = 'register_change_not_filed', detail = array_to_string(unlike, ' '),
      message = 'no file was made of closings that the change names';
  end if;
end $$;
comment on function refuse_unlike_closings is 'Fails unless a change names the closings of which a file was made, all of them and no others.';

create function stay_facts(o occupancy) returns jsonb
  language sql immutable
  return jsonb_build_object('occupancyId', o.occupancy_id, 'customerNumber', o.customer_number, 'fromOn', o.from_on, 'toOn', o.to_on);
comment on function stay_facts is 'A stay as the record of a change has it.';

-- 3. Stays.

create function change_stay(supply_point_id integer, occupancy_id integer, customer_number text, from_on date, to_on date,
                            acknowledged_closings date[], actor text,
                            out change_id integer, out stay_id integer)
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(change_stay.actor);
  place supply_point;
  was occupancy;
  stay occupancy;
  what text;
  since date;
  holds date;
  act bigint;
begin
  -- Changes of one supply point wait for each other.
  select * into place from supply_point p
  where p.utility_id = tenant and p.supply_point_id = change_stay.supply_point_id for no key update;
  if not found then
    raise check_violation using constraint = 'register_change_place', message = 'there is no such supply point';
  end if;
  if change_stay.from_on < place.opened_on or coalesce(change_stay.to_on, 'infinity') > place.closed_on then
    raise check_violation using constraint = 'register_change_open', message = 'the supply point is not open on all these days';
  end if;
  if change_stay.occupancy_id is null then
    what := 'move-in';
    since := change_stay.from_on;
    holds := change_stay.from_on;
  else
    select * into was from occupancy o
    where o.utility_id = tenant and o.occupancy_id = change_stay.occupancy_id and o.supply_point_id = place.supply_point_id for update;
    if not found or change_stay.customer_number is distinct from was.customer_number then
      raise check_violation using constraint = 'register_change_stay', message = 'there is no such stay at the supply point';
    end if;
    if (was.from_on, was.to_on) is not distinct from (change_stay.from_on, change_stay.to_on) then
      raise check_violation using constraint = 'register_change_same', message = 'the stay has these days already';
    end if;
    what := case when was.to_on is null and was.from_on = change_stay.from_on then 'move-out' else 'stay-corrected' end;
    holds := least(case when was.from_on <> change_stay.from_on then least(was.from_on, change_stay.from_on) end,
                   case when was.to_on is distinct from change_stay.to_on then least(was.to_on, change_stay.to_on) end);
    -- The last day of a stay has its final row.
    since := least(case when was.from_on <> change_stay.from_on then least(was.from_on, change_stay.from_on) end,
                   case when was.to_on is distinct from change_stay.to_on then least(was.to_on, change_stay.to_on) - 1 end);
  end if;
  if was.occupancy_id is null then
    insert into occupancy (utility_id, supply_point_id, customer_number, from_on, to_on)
    values (tenant, place.supply_point_id, change_stay.customer_number, change_stay.from_on, change_stay.to_on) returning * into stay;
  else
    update occupancy o set from_on = change_stay.from_on, to_on = change_stay.to_on
    where o.utility_id = tenant and o.occupancy_id = was.occupancy_id returning * into stay;
  end if;
  insert into audit as a (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'register.' || what, 'supply-point:' || place.supply_point_id,
          jsonb_build_object('holdsFrom', holds, 'before', case when was.occupancy_id is not null then stay_facts(was) end,
                             'after', stay_facts(stay), 'acknowledgedClosings', to_jsonb(coalesce(change_stay.acknowledged_closings, '{}'))))
  returning a.audit_id into act;
  -- After its act: from here on no extraction begins, as the chain of the audit is held.
  perform refuse_unlike_closings(array(select f.closes_on from closing_files_over(place.supply_point_id, since, 0, null) f),
                                 change_stay.acknowledged_closings);
  insert into register_change as r (utility_id, kind, supply_point_id, holds_from, affects_from, occupancy_id, before, after, actor, actor_name, audit_id)
  values (tenant, what, place.supply_point_id, holds, since, stay.occupancy_id, case when was.occupancy_id is not null then stay_facts(was) end,
          stay_facts(stay), doer, actor_name_of(doer), act)
  returning r.change_id into change_stay.change_id;
  change_stay.stay_id := stay.occupancy_id;
end $$;
comment on function change_stay is 'Begins a stay of a customer number (occupancy_id null), or gives one other days; writes the audit. acknowledged_closings names the closings that it concerns of which a file was made, all of them and no others.';

-- 4. The supply point.

create function change_supply_point(supply_point_id integer, kind text, holds_from date, new_closing_day integer, new_tariff_id integer,
                                    new_area_id integer, acknowledged_closings date[], actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(change_supply_point.actor);
  was supply_point;
  place supply_point;
  what text := change_supply_point.kind;
  holds date := change_supply_point.holds_from;
  former jsonb;
  latter jsonb;
  act bigint;
  made integer;
begin
  select * into was from supply_point p
  where p.utility_id = tenant and p.supply_point_id = change_supply_point.supply_point_id for no key update;
  if not found then
    raise check_violation using constraint = 'register_change_place', message = 'there is no such supply point';
  end if;
  place := was;
  case what
    when 'supply-closed' then
      if was.closed_on is not null then
        raise check_violation using constraint = 'register_change_same', message = 'the supply ended already';
      end if;
      if exists (select from occupancy o
                 where o.utility_id = tenant and o.supply_point_id = was.supply_point_id and coalesce(o.to_on, 'infinity') > holds) then
        raise check_violation using constraint = 'register_change_vacant', message = 'somebody occupies the supply point then';
      end if;
      place.closed_on := holds;
      former := jsonb_build_object('closedOn', null);
      latter := jsonb_build_object('closedOn', holds);
    when 'supply-opened' then
      if was.closed_on is null or holds < was.closed_on then
        raise check_violation using constraint = 'register_change_same', message = 'the supply point is open then';
      end if;
      place.closed_on := null;
      former := jsonb_build_object('closedOn', was.closed_on);
      latter := jsonb_build_object('closedOn', null);
    when 'closing-day' then
      if change_supply_point.new_closing_day is null or change_supply_point.new_closing_day = was.closing_day then
        raise check_violation using constraint = 'register_change_same', message = 'the supply point has this closing day already';
      end if;
      if exists (select from former_closing_day f
                 where f.utility_id = tenant and f.supply_point_id = was.supply_point_id and f.until_on >= holds) then
        raise check_violation using constraint = 'register_change_order', message = 'the closing day was changed on a later day';
      end if;
      place.closing_day := change_supply_point.new_closing_day;
      former := jsonb_build_object('closingDay', was.closing_day);
      latter := jsonb_build_object('closingDay', place.closing_day);
      insert into former_closing_day (utility_id, supply_point_id, until_on, closing_day)
      values (tenant, was.supply_point_id, holds, was.closing_day);
    when 'tariff' then
      place.tariff_id := change_supply_point.new_tariff_id;
      if place.tariff_id is not distinct from was.tariff_id then
        raise check_violation using constraint = 'register_change_same', message = 'the supply point has this tariff already';
      end if;
      if place.tariff_id is not null and not exists (
        select from tariff t where t.utility_id = tenant and t.tariff_id = place.tariff_id and t.gas_kind = was.gas_kind
      ) then
        raise check_violation using constraint = 'register_change_gas', message = 'the tariff is not registered, or for another gas';
      end if;
      select jsonb_build_object('tariffId', was.tariff_id, 'tariffCode', max(t.code) filter (where t.tariff_id = was.tariff_id)),
             jsonb_build_object('tariffId', place.tariff_id, 'tariffCode', max(t.code) filter (where t.tariff_id = place.tariff_id))
      into former, latter from tariff t where t.utility_id = tenant;
    when 'area' then
      place.area_id := change_supply_point.new_area_id;
      if place.area_id is null or place.area_id = was.area_id then
        raise check_violation using constraint = 'register_change_same', message = 'the supply point is in this area already';
      end if;
      if not exists (select from area a where a.utility_id = tenant and a.area_id = place.area_id and a.gas_kind = was.gas_kind) then
        raise check_violation using constraint = 'register_change_gas', message = 'the area is not registered, or for another gas';
      end if;
      select jsonb_build_object('areaId', was.area_id, 'areaName', max(a.name) filter (where a.area_id = was.area_id)),
             jsonb_build_object('areaId', place.area_id, 'areaName', max(a.name) filter (where a.area_id = place.area_id))
      into former, latter from area a where a.utility_id = tenant;
    else
      raise check_violation using constraint = 'register_change_kind_check', message = 'there is no such change of a supply point';
  end case;
  update supply_point p
  set closing_day = place.closing_day, tariff_id = place.tariff_id, area_id = place.area_id, closed_on = place.closed_on
  where p.utility_id = tenant and p.supply_point_id = was.supply_point_id;
  insert into audit as a (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'register.' || what, 'supply-point:' || was.supply_point_id,
          jsonb_build_object('holdsFrom', holds, 'before', former, 'after', latter,
                             'acknowledgedClosings', to_jsonb(coalesce(change_supply_point.acknowledged_closings, '{}'))))
  returning a.audit_id into act;
  perform refuse_unlike_closings(
    array(select f.closes_on from closing_files_over(was.supply_point_id, holds, 0, was.closing_day) f where what = 'closing-day'),
    change_supply_point.acknowledged_closings);
  insert into register_change as r (utility_id, kind, supply_point_id, holds_from, affects_from, before, after, actor, actor_name, audit_id)
  values (tenant, what, was.supply_point_id, holds, holds, former, latter, doer, actor_name_of(doer), act)
  returning r.change_id into made;
  return made;
end $$;
comment on function change_supply_point is 'Closes the supply (閉栓) or opens it again (開栓), or gives the supply point another closing day, tariff or area; writes the audit. Of a closing day acknowledged_closings names the closings from the day on, by the old or the new closing day, of which a file was made, all of them and no others; of other kinds none.';

-- 5. Undo.

create function resting_on_change(change_id integer)
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
  where c.kind = r.kind
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
  order by 2, 1, 3
$$;
comment on function resting_on_change is 'What rests on a change, so that it cannot be undone: later changes of the same thing, stays in its days, a registration code that was issued for the stay, and files of closings that were begun after it.';

create function undo_register_change(change_id integer, actor text) returns void
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
    else
      update supply_point p set closed_on = (r.before ->> 'closedOn')::date
      where p.utility_id = tenant and p.supply_point_id = r.supply_point_id;
  end case;
  update register_change c set undone_by = doer, undone_name = actor_name_of(doer), undone_at = now()
  where c.utility_id = tenant and c.change_id = r.change_id;
end $$;
comment on function undo_register_change is 'Brings a supply point back to what it was before a change on which nothing rests; writes the audit.';

grant create on schema public to kenshin_register;
alter function closing_day_on owner to kenshin_register;
alter function closing_files owner to kenshin_register;
alter function closing_files_of owner to kenshin_register;
alter function closing_files_over owner to kenshin_register;
alter function actor_name_of owner to kenshin_register;
alter function refuse_unlike_closings owner to kenshin_register;
alter function stay_facts owner to kenshin_register;
alter function change_stay owner to kenshin_register;
alter function change_supply_point owner to kenshin_register;
alter function resting_on_change owner to kenshin_register;
alter function undo_register_change owner to kenshin_register;
revoke create on schema public from kenshin_register;
revoke execute on function closing_day_on, closing_files, closing_files_of, closing_files_over, actor_name_of, refuse_unlike_closings, stay_facts,
  change_stay, change_supply_point, resting_on_change, undo_register_change from public;
