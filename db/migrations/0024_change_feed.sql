-- The feed of changes: which days of which meters were stored, completed or corrected, and where the register changed what holds
-- for days that are over. Roll-ups live from it. A row is written in the transaction that changes; for a batch of reports it is one
-- row for each way of arriving, with arrays. Readers go through the rows in the order of transactions, each with a position of
-- its own, and never pass one that is still under way.

create table day_change (
  utility_id integer not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  change_id bigint not null generated always as identity,
  what text not null check (what in ('on-time', 'late', 'back-fill', 'requested', 'completed', 'corrected', 'register', 'limits')),
  meter_ids integer[] not null,
  days date[],
  area_ids integer[],
  first_day date,
  last_day date,
  primary key (utility_id, transaction_id, change_id),
  check ((days is null) = (area_ids is not null) and (days is null or cardinality(days) = cardinality(meter_ids)))
);
-- The arrays of a batch are written once, read a few times and deleted: compressing them would cost more than it saves.
alter table day_change alter column meter_ids set storage external, alter column days set storage external;
comment on table day_change is 'Feed of changes, in the order of transaction_id and change_id. Complete before the oldest transaction that is under way (pg_snapshot_xmin). Rows that all readers have passed are removed.';
comment on column day_change.what is 'How new days arrived (on-time, late, back-fill, requested); completed, corrected: days that were there; register: what is fitted where, or where supply began or ended; limits: the limits of pressure of an area.';
comment on column day_change.meter_ids is 'The meters. With days: element by element; without: those at the supply points concerned.';
comment on column day_change.days is 'JST calendar days of the meters; null for a change of the register.';
comment on column day_change.area_ids is 'Of a change of the register the areas that had or have the meters.';
comment on column day_change.first_day is 'Of a change of the register the first JST day that it concerns; null: all before last_day.';
comment on column day_change.last_day is 'The last such day; null: all from first_day on.';
alter table day_change enable row level security;
alter table day_change force row level security;
create policy tenant on day_change to kenshin_app, kenshin_web, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy store on day_change to kenshin_store using (true) with check (true);

create table change_reader (
  reader text primary key check (reader ~ '^[a-z]+(-[a-z]+)*$')
);
comment on table change_reader is 'Who reads the feed of changes: rows stay until each of them has passed them in their utility.';

create table change_position (
  utility_id integer not null references utility,
  reader text not null references change_reader,
  transaction_id xid8 not null,
  change_id bigint not null,
  primary key (utility_id, reader)
);
comment on table change_position is 'The last change that a reader is done with; without a row it is at the beginning.';
alter table change_position enable row level security;
alter table change_position force row level security;
create policy tenant on change_position to kenshin_app, kenshin_web, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));

create or replace function keep_revision() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  is_correction boolean;
  what text;
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
  what := case when is_correction then 'corrected' else 'completed' end;
  insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id,
                                  counter, frame_check, received_at, arrival, superseded_at)
  values (old.utility_id, old.meter_id, old.day, old.revision, what,
          old.index_l, old.pressure_pa, old.terminal_id, old.counter, old.frame_check, old.received_at, old.arrival,
          case when new.received_at is distinct from old.received_at then new.received_at else clock_timestamp() end);
  insert into day_change (utility_id, what, meter_ids, days) values (new.utility_id, what, array[new.meter_id], array[new.day]);
  -- Up to the last number that the column holds (0016).
  new.revision := least(old.revision + 1, 32767);
  return new;
end $$;
comment on function keep_revision is 'Before a day''s values change, whoever changes them: the old version goes to meter_day_revision, the row counts on, and the change stands in the feed.';

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
  if stored = cardinality(reports) then
    -- The fields are taken one by one: as a row of a function each report would be copied whole.
    insert into day_change (utility_id, what, meter_ids, days)
    select for_utility, (array['on-time', 'late', 'back-fill', 'requested'])[arrival], array_agg(meter_id), array_agg(day)
    from (select (r).meter_id, (r).day, (r).arrival from (select unnest(reports) as r) u) d
    group by arrival;
  elsif stored > 0 then
    -- Which of them were new is told by the rows that this transaction wrote.
    insert into day_change (utility_id, what, meter_ids, days)
    select for_utility, (array['on-time', 'late', 'back-fill', 'requested'])[m.arrival], array_agg(m.meter_id), array_agg(d.day)
    from (select r.day, array_agg(r.meter_id) as meters from unnest(reports) r group by r.day) d
    cross join lateral (
      select e.meter_id, e.arrival from series.meter_day e
      where e.utility_id = for_utility and e.meter_id = any (d.meters) and e.day = d.day and e.xmin = pg_current_xact_id()::xid
    ) m
    group by m.arrival;
  end if;
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

-- Of the register: triggers, so that no verb and nothing that is done by hand can be forgotten.

create policy store on supply_point for select to kenshin_store using (true);
create policy store on meter_fitting for select to kenshin_store using (true);

create function jst_day(instant timestamptz) returns date
  language sql immutable parallel safe
  return (instant at time zone 'Asia/Tokyo')::date;

create function note_meter_fitting() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  f meter_fitting := coalesce(new, old);
  first_changed date := jst_day(f.fitted_at);
  last_changed date := jst_day(f.removed_at);
begin
  if tg_op = 'UPDATE' and (new.meter_id, new.supply_point_id) = (old.meter_id, old.supply_point_id) then
    if new.fitted_at <> old.fitted_at then
      first_changed := jst_day(least(new.fitted_at, old.fitted_at));
      if new.removed_at is not distinct from old.removed_at then
        last_changed := jst_day(greatest(new.fitted_at, old.fitted_at));
      elsif new.removed_at is null or old.removed_at is null then
        last_changed := null;
      else
        last_changed := jst_day(greatest(new.removed_at, old.removed_at));
      end if;
    elsif new.removed_at is distinct from old.removed_at then
      first_changed := jst_day(least(new.removed_at, old.removed_at));
      last_changed := case when new.removed_at is not null and old.removed_at is not null
                           then jst_day(greatest(new.removed_at, old.removed_at)) end;
    elsif new.start_index_l is distinct from old.start_index_l then
      last_changed := first_changed;
    else
      first_changed := coalesce(jst_day(new.removed_at), first_changed);
    end if;
  elsif tg_op = 'UPDATE' then
    first_changed := jst_day(least(new.fitted_at, old.fitted_at));
    last_changed := case when new.removed_at is not null and old.removed_at is not null
                         then jst_day(greatest(new.removed_at, old.removed_at)) end;
  end if;
  insert into day_change (utility_id, what, meter_ids, area_ids, first_day, last_day)
  select f.utility_id, 'register',
         array(select distinct m from unnest(array[new.meter_id, old.meter_id]) m where m is not null),
         coalesce((select array_agg(distinct s.area_id) from supply_point s
                   where s.utility_id = f.utility_id and s.supply_point_id in (new.supply_point_id, old.supply_point_id)), '{}'),
         first_changed, last_changed;
  return null;
end $$;
comment on function note_meter_fitting is 'Puts into the feed from when until when it is another matter now which meter is where.';

-- A terminal and a supply point concern the meters that are or were fitted there.
create function note_place_change(for_utility integer, place integer, areas integer[], first_changed date, last_changed date) returns void
  language sql security definer set search_path = public, pg_temp
as $$
  insert into day_change (utility_id, what, meter_ids, area_ids, first_day, last_day)
  select for_utility, 'register', array_agg(distinct f.meter_id), areas, first_changed, last_changed
  from meter_fitting f
  where f.utility_id = for_utility and f.supply_point_id = place
    and (last_changed is null or jst_day(f.fitted_at) <= last_changed)
    and (first_changed is null or f.removed_at is null or jst_day(f.removed_at) >= first_changed)
  having count(*) > 0
$$;
comment on function note_place_change is 'Puts a change at a supply point into the feed where a meter was fitted there in that time.';

create function note_terminal_fitting() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  f record;
  first_changed date;
  last_changed date;
begin
  for f in select old.* where tg_op = 'DELETE' or tg_op = 'UPDATE' and old.supply_point_id <> new.supply_point_id
           union all select new.* where tg_op <> 'DELETE' loop
    first_changed := jst_day(f.from_at);
    last_changed := jst_day(f.to_at);
    if tg_op = 'UPDATE' and new.supply_point_id = old.supply_point_id then
      first_changed := jst_day(case when new.from_at <> old.from_at then least(new.from_at, old.from_at) else least(new.to_at, old.to_at) end);
      last_changed := case when new.to_at is not distinct from old.to_at then jst_day(greatest(new.from_at, old.from_at))
                           when new.to_at is not null and old.to_at is not null then jst_day(greatest(new.to_at, old.to_at)) end;
    end if;
    perform note_place_change(f.utility_id, f.supply_point_id,
                              array(select s.area_id from supply_point s
                                    where s.utility_id = f.utility_id and s.supply_point_id = f.supply_point_id),
                              first_changed, last_changed);
  end loop;
  return null;
end $$;
comment on function note_terminal_fitting is 'Puts into the feed from when until when it is another matter now whether a terminal reports for a supply point.';

create function note_supply_point() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  if new.area_id <> old.area_id then
    perform note_place_change(new.utility_id, new.supply_point_id, array[old.area_id, new.area_id], null, null);
  else
    if new.opened_on <> old.opened_on then
      perform note_place_change(new.utility_id, new.supply_point_id, array[new.area_id],
                                least(new.opened_on, old.opened_on), greatest(new.opened_on, old.opened_on));
    end if;
    if new.closed_on is distinct from old.closed_on then
      perform note_place_change(new.utility_id, new.supply_point_id, array[new.area_id], least(new.closed_on, old.closed_on),
                                case when new.closed_on is not null and old.closed_on is not null
                                     then greatest(new.closed_on, old.closed_on) end);
    end if;
  end if;
  return null;
end $$;
comment on function note_supply_point is 'Puts into the feed from when until when it is another matter now whether a supply point is open, and in which area.';

create function note_area_limits() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  insert into day_change (utility_id, what, meter_ids, area_ids) values (new.utility_id, 'limits', '{}', array[new.area_id]);
  return null;
end $$;
comment on function note_area_limits is 'Puts into the feed that the readings of an area are judged by other limits now, those of all times.';

grant create on schema public to kenshin_store;
alter function keep_revision owner to kenshin_store;
alter function note_meter_fitting owner to kenshin_store;
alter function note_terminal_fitting owner to kenshin_store;
alter function note_supply_point owner to kenshin_store;
alter function note_area_limits owner to kenshin_store;
alter function note_place_change owner to kenshin_store;
revoke create on schema public from kenshin_store;
revoke execute on function jst_day, note_meter_fitting, note_terminal_fitting, note_supply_point, note_area_limits, note_place_change from public;

create trigger note_change after insert or delete or update on meter_fitting
  for each row execute function note_meter_fitting();
create trigger note_change after insert or delete or update on terminal_fitting
  for each row execute function note_terminal_fitting();
create trigger note_change after update on supply_point for each row
  when ((old.area_id, old.opened_on, old.closed_on) is distinct from (new.area_id, new.opened_on, new.closed_on))
  execute function note_supply_point();
create trigger note_change after update on area for each row
  when ((old.pressure_min_pa, old.pressure_max_pa) is distinct from (new.pressure_min_pa, new.pressure_max_pa))
  execute function note_area_limits();

insert into job_kind (kind, of_utility, max_attempts) values ('schedule-pruning', false, 5), ('prune-changes', true, 5);
