-- Exchanges of a meter as records of their own, and the first change of the register that a web process may make: by the
-- functions exchange_meter and undo_exchange, which check the person's right, write the audit themselves and change nothing
-- else. And the answers that a write route gave, so that a request that is sent again acts once.

do $$
begin
  if not exists (select from pg_roles where rolname = 'kenshin_register') then
    create role kenshin_register nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
end $$;
grant kenshin_register to current_user;

create table meter_exchange (
  utility_id integer not null references utility,
  exchange_id integer not null generated always as identity,
  supply_point_id integer not null,
  removed_meter_id integer not null,
  removed_fitted_at timestamptz not null,
  fitted_meter_id integer not null,
  exchanged_at timestamptz not null,
  registered_meter boolean not null,
  audit_id bigint not null,
  recorded_at timestamptz not null default now(),
  primary key (utility_id, exchange_id),
  unique (utility_id, fitted_meter_id, exchanged_at),
  foreign key (utility_id, supply_point_id) references supply_point (utility_id, supply_point_id),
  foreign key (utility_id, removed_meter_id, removed_fitted_at) references meter_fitting (utility_id, meter_id, fitted_at),
  foreign key (utility_id, fitted_meter_id, exchanged_at) references meter_fitting (utility_id, meter_id, fitted_at),
  check (removed_meter_id <> fitted_meter_id),
  check (removed_fitted_at < exchanged_at)
);
create index meter_exchange_removed on meter_exchange (utility_id, removed_meter_id, removed_fitted_at);
comment on table meter_exchange is 'An exchange of meters (取替) that stands; one that was undone has no row here, only its two acts in the audit.';
comment on column meter_exchange.exchanged_at is 'Instant of the exchange: removal of the one fitting and begin of the other.';
comment on column meter_exchange.registered_meter is 'True when the fitted meter came into the register with this exchange.';
comment on column meter_exchange.audit_id is 'The act meter.exchanged of the audit: extractions of closings with a later number have seen the exchange.';

create table write_request (
  utility_id integer not null references utility,
  actor text not null,
  key text not null check (key ~ '^[0-9A-Za-z_-]{16,64}$'),
  route text not null check (route <> ''),
  body_hash bytea not null check (length(body_hash) = 32),
  status smallint check (status between 200 and 299),
  location text,
  answer json,
  made_at timestamptz not null default now(),
  primary key (utility_id, actor, key),
  check ((status is null) = (answer is null))
);
create index write_request_age on write_request (utility_id, made_at);
comment on table write_request is 'A request to a write route by its Idempotency-Key, with the answer that it got: sent again, it gets that answer and acts no more. Written in the transaction of the act; kept for seven days.';
comment on column write_request.actor is 'Actor as kind:id, as in the audit: a key means something to its actor alone.';
comment on column write_request.route is 'Method and path, as "POST /api/v1/meters/7/exchanges".';
comment on column write_request.body_hash is 'SHA-256 of the body as it was understood.';
comment on column write_request.status is 'Status of the answer; null only while the act is being done.';
comment on column write_request.location is 'Header Location of the answer, or null.';

create index audit_closing_file on audit (utility_id, audit_id)
  where act in ('closing.export-begun', 'closing.exported', 'closing.export-broken-off');

do $$
declare t text;
begin
  foreach t in array array['meter_exchange', 'write_request'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
  end loop;
  foreach t in array array['supply_point', 'occupancy', 'meter', 'meter_fitting', 'meter_exchange', 'account', 'audit',
                           'reading_request', 'reading_fault', 'write_request'] loop
    execute format('create policy register on %I to kenshin_register using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
  end loop;
end $$;
-- A session or key leaves no answers in the name of another.
create policy own_person on write_request as restrictive for insert to kenshin_web
  with check (actor = (select sealed_actor()));
create policy own_answer on write_request as restrictive for update to kenshin_web
  using (actor = (select sealed_actor())) with check (actor = (select sealed_actor()));

create function forget_write_requests() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  delete from write_request w
  where (w.utility_id, w.actor, w.key) in (
    select o.utility_id, o.actor, o.key from write_request o
    where o.utility_id = new.utility_id and o.made_at < now() - interval '7 days'
    order by o.made_at limit 20 for update skip locked);
  return null;
end $$;
comment on function forget_write_requests is 'Each new request takes up to twenty away that are older than seven days.';
create trigger forget after insert on write_request for each row execute function forget_write_requests();

create function register_actor(given text) returns text
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare person text := sealed_actor();
begin
  if current_utility_id() is null then
    raise insufficient_privilege using message = 'no utility is set';
  end if;
  -- A command of the operator or a job, which serves any utility and names itself.
  if person is null then return given; end if;
  if given is distinct from person or not exists (
    select from account a
    where a.utility_id = current_utility_id() and 'staff:' || a.account_id = person and a.role = 'admin' and a.disabled_at is null
  ) then
    raise insufficient_privilege using message = format('%s may not change the register', person);
  end if;
  return person;
end $$;
comment on function register_actor is 'The actor that changes the register: of a session its own person, who has to be an administrator.';

create function exchange_meter(
  removed_meter_id integer, exchanged_at timestamptz, final_index_l integer,
  new_serial text, start_index_l integer,
  new_size numeric, new_dial_l integer, new_expires_on date, actor text,
  out exchange_id integer, out fitted_meter_id integer)
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(exchange_meter.actor);
  removed record;
  fitted record;
  act bigint;
begin
  select f.meter_id, f.supply_point_id, f.fitted_at, m.serial, m.dial_l, p.gas_kind into removed
  from meter_fitting f
  join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  join supply_point p on p.utility_id = f.utility_id and p.supply_point_id = f.supply_point_id
  where f.utility_id = tenant and f.meter_id = exchange_meter.removed_meter_id and f.removed_at is null
  for update of f;
  if not found then
    raise check_violation using constraint = 'meter_exchange_fitted', message = 'the meter that is to be removed is not fitted';
  end if;
  if exchange_meter.new_size is not null then
    insert into meter (utility_id, serial, gas_kind, size, dial_l, verification_expires_on)
    values (tenant, exchange_meter.new_serial, removed.gas_kind, exchange_meter.new_size, exchange_meter.new_dial_l, exchange_meter.new_expires_on);
    insert into audit (utility_id, actor, act, subject, detail)
    select tenant, doer, 'meter.registered', 'meter:' || m.meter_id,
           jsonb_build_object('serial', m.serial, 'size', m.size, 'dialL', m.dial_l)
    from meter m where m.utility_id = tenant and m.serial = exchange_meter.new_serial;
  end if;
  select m.meter_id, m.dial_l, m.gas_kind into fitted from meter m
  where m.utility_id = tenant and m.serial = exchange_meter.new_serial;
  if fitted.meter_id is null or fitted.gas_kind <> removed.gas_kind then
    raise check_violation using constraint = 'meter_exchange_meter', message = 'the new meter is not registered, or for another gas';
  end if;
  if exchange_meter.final_index_l >= removed.dial_l or exchange_meter.start_index_l >= fitted.dial_l then
    raise check_violation using constraint = 'meter_exchange_dial', message = 'an index lies beyond its dial';
  end if;
  update meter_fitting f set removed_at = exchange_meter.exchanged_at, final_index_l = exchange_meter.final_index_l
  where f.utility_id = tenant and f.meter_id = removed.meter_id and f.fitted_at = removed.fitted_at;
  insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l)
  values (tenant, fitted.meter_id, removed.supply_point_id, exchange_meter.exchanged_at, exchange_meter.start_index_l);
  insert into audit as a (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'meter.exchanged', 'supply-point:' || removed.supply_point_id,
          jsonb_build_object(
            'exchangedAt', to_char(exchange_meter.exchanged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'removedSerial', removed.serial, 'finalIndexL', exchange_meter.final_index_l,
            'fittedSerial', exchange_meter.new_serial, 'startIndexL', exchange_meter.start_index_l))
  returning a.audit_id into act;
  insert into meter_exchange as x (utility_id, supply_point_id, removed_meter_id, removed_fitted_at, fitted_meter_id, exchanged_at,
                                   registered_meter, audit_id)
  values (tenant, removed.supply_point_id, removed.meter_id, removed.fitted_at, fitted.meter_id, exchange_meter.exchanged_at,
          exchange_meter.new_size is not null, act)
  returning x.exchange_id into exchange_meter.exchange_id;
  exchange_meter.fitted_meter_id := fitted.meter_id;
end $$;
comment on function exchange_meter is 'Removes the meter that is fitted and fits another at the same instant, which it registers where size and dial are given; writes the audit. The one way in which a web process changes the register, with undo_exchange.';

create function closing_files_of(supply_point_id integer, closed_since timestamptz, after_act bigint)
  returns table (closes_on date, begun_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select c.day, min(a.at)
  from supply_point p
  join audit a on a.utility_id = p.utility_id and a.audit_id > closing_files_of.after_act
    and a.act in ('closing.export-begun', 'closing.exported', 'closing.export-broken-off')
  -- An act with anything else in it was not written by the product.
  cross join lateral (
    select case when pg_input_is_valid(e.value, 'date') then e.value::date end as day
    from jsonb_array_elements_text(case when jsonb_typeof(a.detail -> 'closings') = 'array' then a.detail -> 'closings' else '[]' end) e
  ) c
  join occupancy o on o.utility_id = p.utility_id and o.supply_point_id = p.supply_point_id
    and o.from_on <= c.day and (o.to_on is null or o.to_on > c.day)
  where p.utility_id = (select current_utility_id()) and p.supply_point_id = closing_files_of.supply_point_id
    and (c.day + 1)::timestamp at time zone 'Asia/Tokyo' >= closing_files_of.closed_since
    and case when a.detail ->> 'customerNumber' is null then a.subject = 'closing-day:' || p.closing_day
             else a.detail ->> 'customerNumber' = o.customer_number end
  group by c.day
$$;
comment on function closing_files_of is 'The closings of a supply point, of an instant or later, of which a file was begun with an act after the given one, each with the first such act. A file that was broken off counts: its rows may be in use.';

create function resting_on_exchange(exchange_id integer)
  returns table (kind text, at timestamptz, named text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  with x as (
    select e.*, (e.exchanged_at at time zone 'Asia/Tokyo')::date as on_day, p.closed_on
    from meter_exchange e join supply_point p on p.utility_id = e.utility_id and p.supply_point_id = e.supply_point_id
    where e.utility_id = (select current_utility_id()) and e.exchange_id = resting_on_exchange.exchange_id
  )
  select 'removal', f.removed_at, m.serial
  from x join meter_fitting f on f.utility_id = x.utility_id and f.meter_id = x.fitted_meter_id and f.fitted_at = x.exchanged_at
  join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  where f.removed_at is not null
  union all
  select 'fitting', f.fitted_at, m.serial
  from x join meter_fitting f on f.utility_id = x.utility_id
    and (f.meter_id = x.removed_meter_id and f.fitted_at >= x.exchanged_at
         or f.meter_id = x.fitted_meter_id and f.fitted_at > x.exchanged_at
         or f.supply_point_id = x.supply_point_id and f.fitted_at > x.exchanged_at)
  join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  union all
  select c.kind, c.on_day::timestamp at time zone 'Asia/Tokyo', c.customer_number
  from x cross join lateral (
    select 'move-in' as kind, o.from_on as on_day, o.customer_number from occupancy o
    where o.utility_id = x.utility_id and o.supply_point_id = x.supply_point_id and o.from_on > x.on_day
    union all
    select 'move-out', o.to_on, o.customer_number from occupancy o
    where o.utility_id = x.utility_id and o.supply_point_id = x.supply_point_id and o.to_on > x.on_day
  ) c
  union all
  select 'supply-end', x.closed_on::timestamp at time zone 'Asia/Tokyo', null from x where x.closed_on > x.on_day
  union all
  select 'closing-file', c.begun_at, c.closes_on::text
  from x cross join lateral closing_files_of(x.supply_point_id, x.exchanged_at, x.audit_id) c
  order by 2, 1, 3
$$;
comment on function resting_on_exchange is 'What rests on an exchange, so that it cannot be undone: later changes of its meters or its place, and files of closings that were begun after it.';

create function undo_exchange(exchange_id integer, actor text, out kept_meter boolean)
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(undo_exchange.actor);
  x record;
begin
  select e.*, r.serial as removed_serial, n.serial as fitted_serial, old.final_index_l, fit.start_index_l into x
  from meter_exchange e
  join meter r on r.utility_id = e.utility_id and r.meter_id = e.removed_meter_id
  join meter n on n.utility_id = e.utility_id and n.meter_id = e.fitted_meter_id
  join meter_fitting old on old.utility_id = e.utility_id and old.meter_id = e.removed_meter_id and old.fitted_at = e.removed_fitted_at
  join meter_fitting fit on fit.utility_id = e.utility_id and fit.meter_id = e.fitted_meter_id and fit.fitted_at = e.exchanged_at
  where e.utility_id = tenant and e.exchange_id = undo_exchange.exchange_id
  for update of old, fit;
  if not found then
    raise check_violation using constraint = 'meter_exchange_stands', message = 'there is no such exchange';
  end if;
  kept_meter := not x.registered_meter
    or exists (select from meter_day d where d.utility_id = tenant and d.meter_id = x.fitted_meter_id)
    or exists (select from reading_request q where q.utility_id = tenant and q.meter_id = x.fitted_meter_id)
    or exists (select from reading_fault q where q.utility_id = tenant and q.meter_id = x.fitted_meter_id);
  -- Before what rests is looked up: from here on no extraction begins, as the chain of the audit is held.
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'meter.exchange-undone', 'supply-point:' || x.supply_point_id,
          jsonb_build_object(
            'exchangedAt', to_char(x.exchanged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'removedSerial', x.removed_serial, 'finalIndexL', x.final_index_l,
            'fittedSerial', x.fitted_serial, 'startIndexL', x.start_index_l, 'keptMeter', kept_meter));
  if exists (select from resting_on_exchange(undo_exchange.exchange_id)) then
    raise check_violation using constraint = 'meter_exchange_free', message = 'something rests on the exchange';
  end if;
  delete from meter_exchange e where e.utility_id = tenant and e.exchange_id = undo_exchange.exchange_id;
  delete from meter_fitting f
  where f.utility_id = tenant and f.meter_id = x.fitted_meter_id and f.fitted_at = x.exchanged_at;
  update meter_fitting f set removed_at = null, final_index_l = null
  where f.utility_id = tenant and f.meter_id = x.removed_meter_id and f.fitted_at = x.removed_fitted_at;
  if not kept_meter then
    delete from meter m where m.utility_id = tenant and m.meter_id = x.fitted_meter_id;
  end if;
end $$;
comment on function undo_exchange is 'Brings the register back to what it was before an exchange on which nothing rests; writes the audit. A meter that was registered with it goes too unless readings or requests of it are there.';

grant create on schema public to kenshin_register;
alter function forget_write_requests owner to kenshin_register;
alter function register_actor owner to kenshin_register;
alter function exchange_meter owner to kenshin_register;
alter function closing_files_of owner to kenshin_register;
alter function resting_on_exchange owner to kenshin_register;
alter function undo_exchange owner to kenshin_register;
revoke create on schema public from kenshin_register;
revoke execute on function forget_write_requests, register_actor, exchange_meter, closing_files_of, resting_on_exchange, undo_exchange from public;
