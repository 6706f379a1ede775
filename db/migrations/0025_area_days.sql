-- The roll-up of a JST day by area: pressure and collection, from which averages, distributions and heat maps of any union of areas
-- and days come. A job makes it (docs/area-days.md) from the feed of changes.

create table area_day (
  utility_id integer not null,
  area_id integer not null,
  day date not null,
  fitted integer not null,
  meter_days integer not null,
  silent_meter_ids integer[] not null,
  values_known integer not null,
  sum_pa bigint not null,
  low_pa smallint,
  low_meter_id integer,
  high_pa smallint,
  high_meter_id integer,
  below integer not null,
  above integer not null,
  limit_low_pa integer not null,
  limit_high_pa integer not null,
  faults integer not null,
  expected integer not null,
  on_time integer not null,
  late integer not null,
  back_fill integer not null,
  requested integer not null,
  incomplete integer not null,
  primary key (utility_id, area_id, day),
  foreign key (utility_id, area_id) references area (utility_id, area_id)
);
comment on table area_day is 'Roll-up of an area''s JST day, without the areas below it. Pressures are those that a sensor can mean; a meter counts in the area where it is fitted on the day.';
comment on column area_day.fitted is 'Meters fitted in the area on the day, for any hour of it.';
comment on column area_day.meter_days is 'Those with at least one pressure.';
comment on column area_day.silent_meter_ids is 'Those without any.';
comment on column area_day.values_known is 'Hours with a pressure, of all meters.';
comment on column area_day.sum_pa is 'Sum of these pressures. Pascals.';
comment on column area_day.low_pa is 'The least of them. Pascals; null where there is none.';
comment on column area_day.low_meter_id is 'A meter that had it.';
comment on column area_day.high_pa is 'The greatest of them. Pascals.';
comment on column area_day.high_meter_id is 'A meter that had it.';
comment on column area_day.below is 'Hours below limit_low_pa.';
comment on column area_day.above is 'Hours above limit_high_pa.';
comment on column area_day.limit_low_pa is 'The area''s limits when the day was rolled up. Pascals.';
comment on column area_day.limit_high_pa is 'As limit_low_pa. Pascals.';
comment on column area_day.faults is 'Hours whose value is a fault of the sensor.';
comment on column area_day.expected is 'Supply points that should report the day (lib/collection/collection.ts).';
comment on column area_day.on_time is 'Of these: arrived on time.';
comment on column area_day.late is 'Of these: arrived late.';
comment on column area_day.back_fill is 'Of these: arrived as back-fill of history.';
comment on column area_day.requested is 'Of these: arrived as the answer to a request.';
comment on column area_day.incomplete is 'Of those that arrived: an index value is missing in an hour in which the meter was fitted.';

create table area_day_hours (
  utility_id integer not null,
  area_id integer not null,
  day date not null,
  values_known integer[] not null,
  sum_pa bigint[] not null,
  low_pa smallint[] not null,
  low_meter_ids integer[] not null,
  high_pa smallint[] not null,
  high_meter_ids integer[] not null,
  below integer[] not null,
  above integer[] not null,
  faults integer[] not null,
  class_hours smallint[] not null,
  classes smallint[] not null,
  class_counts integer[] not null,
  primary key (utility_id, area_id, day),
  foreign key (utility_id, area_id, day) references area_day (utility_id, area_id, day)
);
comment on table area_day_hours is 'The hours of a row of area_day: element k (1…24) is the hour ending k, null where there is no pressure.';
comment on column area_day_hours.class_hours is 'Distribution, element by element: in the hour class_hours there are class_counts pressures from 20 × classes up to below 20 × (classes + 1) pascals. Classes without any are left out.';

create table area_day_due (
  utility_id integer not null,
  area_id integer not null,
  day date not null,
  primary key (utility_id, area_id, day),
  foreign key (utility_id, area_id) references area (utility_id, area_id)
);
comment on table area_day_due is 'Days of areas whose roll-up is no more what their readings and the register say, and is to be made anew.';

do $$
declare t text;
begin
  foreach t in array array['area_day', 'area_day_hours', 'area_day_due'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app, kenshin_web, kenshin_worker
                    using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
  end loop;
end $$;

insert into change_reader (reader) values ('area-days');
insert into job_kind (kind, of_utility, max_attempts) values ('schedule-area-days', false, 5), ('roll-up-area-days', true, 25);

-- A new area has days as well: of all times none of its own.
create trigger note_new_area after insert on area for each row execute function note_area_limits();

-- The days that are there already are rolled up like any other change.
insert into day_change (utility_id, what, meter_ids, area_ids, first_day, last_day)
select u.utility_id, 'register', '{}', array(select a.area_id from area a where a.utility_id = u.utility_id), d.first_day, d.last_day
from utility u
cross join lateral (select min(day) as first_day, max(day) as last_day from series.meter_day m where m.utility_id = u.utility_id) d
where d.first_day is not null and exists (select from area a where a.utility_id = u.utility_id);
