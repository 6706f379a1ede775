-- Validation: which registers cannot be readings. A verdict stands beside the day it is about and never replaces it; it holds for the
-- value that was judged, so that a corrected hour has none. The rules are in lib/validation; a job judges what the feed of changes
-- tells of. Usage, closings and pages read sound_day, which leaves the doubtful registers out as if they had not been reported.

create table reading_verdict (
  utility_id integer not null references utility,
  meter_id integer not null,
  day date not null,
  hours smallint[] not null,
  index_l integer[] not null,
  rules text[] not null,
  step_hours smallint[] not null,
  step_rules text[] not null,
  judged_at timestamptz not null,
  primary key (utility_id, meter_id, day),
  foreign key (utility_id, meter_id) references meter (utility_id, meter_id),
  check (cardinality(index_l) = cardinality(hours) and cardinality(rules) = cardinality(hours)),
  check (1 <= all (hours) and 24 >= all (hours)),
  check (cardinality(step_rules) = cardinality(step_hours) and 1 <= all (step_hours) and 24 >= all (step_hours)),
  check (step_rules <@ array['fallen', 'implausible']),
  check (rules <@ array['error-code', 'lost-digit', 'fell', 'jumped', 'not-fitted'])
);
comment on table reading_verdict is 'Verdicts on a meter''s JST day: registers in doubt, and steps of the register that cannot be explained (lib/validation). A day without a row never had one; empty: it has none any more.';
comment on column reading_verdict.day is 'JST calendar day.';
comment on column reading_verdict.hours is 'Hours ending (1…24) of the registers in doubt, ascending.';
comment on column reading_verdict.index_l is 'The registers that were judged, element by element. Litres. A verdict holds while the day has this value.';
comment on column reading_verdict.rules is 'Why, element by element.';
comment on column reading_verdict.step_hours is 'Hours ending of sound registers up to which the usage since the sound register before is unknown, ascending.';
comment on column reading_verdict.step_rules is 'Why, element by element: the register fell, or rose by more than could have passed.';
comment on column reading_verdict.judged_at is 'When the verdict on the day last became another.';
alter table reading_verdict enable row level security;
alter table reading_verdict force row level security;
create policy tenant on reading_verdict to kenshin_app, kenshin_web, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy store on reading_verdict for select to kenshin_store using (true);

create table validation_state (
  utility_id integer primary key references utility,
  rules_version integer not null default 0,
  next_version integer,
  next_meter_id integer,
  check ((next_version is null) = (next_meter_id is null))
);
comment on table validation_state is 'How far a utility''s readings are validated. What came since then is in the feed of changes after the position of the reader validation.';
comment on column validation_state.rules_version is 'Version of the rules by which all stored readings were judged; 0: not yet.';
comment on column validation_state.next_version is 'Version by which they are being judged now; null: none.';
comment on column validation_state.next_meter_id is 'Meters from this one on are still to be judged by it.';
alter table validation_state enable row level security;
alter table validation_state force row level security;
create policy tenant on validation_state to kenshin_app, kenshin_web, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));

create table validation_ahead (
  utility_id integer not null references utility,
  transaction_id xid8 not null,
  change_id bigint not null,
  primary key (utility_id, transaction_id, change_id)
);
comment on table validation_ahead is 'Changes of the feed that are validated although the reader validation has not passed them: a transaction that is under way may still precede them. A verdict does not depend on the order of changes.';
alter table validation_ahead enable row level security;
alter table validation_ahead force row level security;
create policy tenant on validation_ahead to kenshin_app, kenshin_web, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy lookup on validation_ahead for select to kenshin_lookup using (true);

insert into change_reader (reader) values ('validation');
insert into job_kind (kind, of_utility, max_attempts) values ('schedule-validation', false, 5), ('validate-readings', true, 25);

create function sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[]) returns integer[]
  language sql immutable parallel safe
  return (
    select array_agg(case when v.hour is null then u.index_l end order by u.k)
    from unnest($1) with ordinality u (index_l, k)
    left join unnest($2, $3) v (hour, index_l) on v.hour = u.k and v.index_l = u.index_l
  );
comment on function sound_index is 'The registers of a day, null where they are in doubt: at these hours, while they have these values.';

create function last_known_hour(index_l integer[]) returns smallint
  language sql immutable parallel safe
  return (select max(u.k)::smallint from unnest($1) with ordinality u (index_l, k) where u.index_l is not null);
comment on function last_known_hour is 'The last hour ending (1…24) with a register; null without one.';

create view sound_day with (security_barrier) as
  select d.utility_id, d.meter_id, d.day, s.index_l, d.pressure_pa,
         case when v.meter_id is null then d.closing_index_l else s.index_l[c.closing_hour] end as closing_index_l,
         c.closing_hour, d.terminal_id, d.received_at, d.arrival, d.revision, v.hours as doubtful_hours
  from series.meter_day d
  left join reading_verdict v on v.utility_id = d.utility_id and v.meter_id = d.meter_id and v.day = d.day
  cross join lateral (
    select case when v.meter_id is null then d.index_l else sound_index(d.index_l, v.hours, v.index_l) end as index_l
  ) s
  cross join lateral (
    select case when v.meter_id is null then d.closing_hour else last_known_hour(s.index_l) end as closing_hour
  ) c
  where d.utility_id = (select current_utility_id());
comment on view sound_day is 'meter_day without the registers in doubt: they are null, and the closing is the last sound one. doubtful_hours: the hours that were judged so.';
-- Not with the rights of whoever applied the migrations: a role that row security binds would see no verdicts.
grant create on schema public to kenshin_store;
alter view sound_day owner to kenshin_store;
revoke create on schema public from kenshin_store;

-- The poller of the worker asks for all utilities at once, before any utility is set.
create policy lookup on day_change for select to kenshin_lookup using (true);
create policy lookup on change_position for select to kenshin_lookup using (true);
create policy lookup on validation_state for select to kenshin_lookup using (true);

create function unvalidated_changes(for_utility integer, most integer)
  returns table (transaction_id xid8, change_id bigint, meter_ids integer[], days date[])
  language sql stable security definer set search_path = public, pg_temp
as $$
  -- The key of the feed is not found by a role that row security binds: comparing transactions is not known to be safe.
  with reader as materialized (
    select p.transaction_id, p.change_id from change_position p
    where p.utility_id = for_utility and p.reader = 'validation' and p.transaction_id < pg_snapshot_xmax(pg_current_snapshot())
  )
  select c.transaction_id, c.change_id, c.meter_ids, c.days
  from day_change c
  where c.utility_id = for_utility and for_utility = current_utility_id()
    and (c.transaction_id, c.change_id) > (coalesce((select r.transaction_id from reader r), '0'), coalesce((select r.change_id from reader r), 0))
    and not exists (
      select from validation_ahead a
      where a.utility_id = c.utility_id and a.transaction_id = c.transaction_id and a.change_id = c.change_id)
  order by c.transaction_id, c.change_id limit most
$$;
comment on function unvalidated_changes is 'Changes of the feed that are visible and not validated, in their order, at most so many; null: all.';

create function utilities_to_validate() returns setof integer
  language sql stable security definer set search_path = public, pg_temp
as $$
  select u.utility_id from utility u
  left join change_position p on p.utility_id = u.utility_id and p.reader = 'validation'
    and p.transaction_id < pg_snapshot_xmax(pg_current_snapshot())
  where not exists (select from validation_state s where s.utility_id = u.utility_id and s.rules_version > 0)
    or exists (
      -- In the order of the key, so that it is used: most often there is nothing after the position.
      select from (
        select from day_change c
        where c.utility_id = u.utility_id
          and (c.transaction_id, c.change_id) > (coalesce(p.transaction_id, '0'), coalesce(p.change_id, 0))
          and not exists (
            select from validation_ahead a
            where a.utility_id = c.utility_id and a.transaction_id = c.transaction_id and a.change_id = c.change_id)
        order by c.utility_id, c.transaction_id, c.change_id limit 1
      ) next)
$$;
comment on function utilities_to_validate is 'Utilities whose readings were never validated, or of which the feed has changes that are not validated.';
grant create on schema public to kenshin_lookup;
alter function utilities_to_validate owner to kenshin_lookup;
alter function unvalidated_changes owner to kenshin_lookup;
revoke create on schema public from kenshin_lookup;
revoke execute on function utilities_to_validate, unvalidated_changes from public;
