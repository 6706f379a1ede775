-- Owners of terminals are locked in one order; a meter that an undone exchange had registered keeps its number; an exchange over a
-- closing whose file was made names that closing; taken frames that can never be asked for again are removed.

-- 1. Owners of terminals. Every function that locks rows of terminal_owner does so in the order of utility and terminal.

create or replace function release_terminals(process uuid, utilities integer[], terminals integer[], generations bigint[]) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  delete from terminal_owner o
  using (
    select l.utility_id, l.terminal_id
    from terminal_owner l
    join unnest(utilities, terminals, generations) u (utility_id, terminal_id, generation)
      on l.utility_id = u.utility_id and l.terminal_id = u.terminal_id and l.generation = u.generation
    where l.process_id = process
    order by l.utility_id, l.terminal_id
    for update of l
  ) held
  where o.utility_id = held.utility_id and o.terminal_id = held.terminal_id;
end $$;

create or replace function hold_terminals(process uuid, utilities integer[], terminals integer[], held bigint[])
  returns setof integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  -- The latest CONNECT counts, also where the process of an earlier one entered that again after the row was removed. Rows
  -- that are right are not locked.
  insert into terminal_owner as o (utility_id, terminal_id, process_id, generation, since)
  select u.utility_id, u.terminal_id, process, u.generation, clock_timestamp()
  from unnest(utilities, terminals, held) u (utility_id, terminal_id, generation)
  where not exists (select from terminal_owner e
                    where e.utility_id = u.utility_id and e.terminal_id = u.terminal_id and e.generation >= u.generation)
  order by u.utility_id, u.terminal_id
  on conflict (utility_id, terminal_id) do update
  set process_id = excluded.process_id, generation = excluded.generation, since = excluded.since
  where o.generation < excluded.generation;
  return query
    select u.terminal_id
    from unnest(utilities, terminals, held) u (utility_id, terminal_id, generation)
    cross join lateral (select o.process_id, o.generation from terminal_owner o
                        where o.utility_id = u.utility_id and o.terminal_id = u.terminal_id) o
    where (o.process_id, o.generation) is distinct from (process, u.generation);
end $$;
comment on function hold_terminals is 'Says which connections a process has: enters those of which there is no row or that of an earlier CONNECT, and yields the terminals that have connected elsewhere since.';

create or replace function keep_process(process uuid) returns boolean
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  cleaning bigint := hashtextextended('kenshin removes processes', 0);
  was_known boolean;
  lost uuid[];
begin
  perform set_config('synchronous_commit', 'off', true);
  update ingest_process p set alive_at = clock_timestamp() where p.process_id = process;
  was_known := found;
  if not was_known then
    -- A process that is entered while another removes would be unknown to it, and lose the rows that it enters next.
    perform pg_advisory_xact_lock(cleaning);
    insert into ingest_process (process_id, alive_at) values (process, clock_timestamp()) on conflict do nothing;
  end if;
  if not exists (select from ingest_process p where p.alive_at < clock_timestamp() - interval '1 minute') then
    return was_known;
  end if;
  -- One process removes at a time. This one holds its own row here, so it must not wait for another that does.
  if not pg_try_advisory_xact_lock(cleaning) then
    return was_known;
  end if;
  delete from ingest_process p
  where p.process_id in (
    select d.process_id from ingest_process d where d.alive_at < clock_timestamp() - interval '1 minute' for update skip locked
  );
  select array_agg(distinct o.process_id) into lost
  from terminal_owner o where not exists (select from ingest_process p where p.process_id = o.process_id);
  -- A row that another process claims meanwhile is not of these processes any more, and stays.
  delete from terminal_owner o
  using (
    select l.utility_id, l.terminal_id from terminal_owner l where l.process_id = any (lost)
    order by l.utility_id, l.terminal_id
    for update
  ) held
  where o.utility_id = held.utility_id and o.terminal_id = held.terminal_id;
  return was_known;
end $$;

-- 2. Meters whose registration was undone.

create table withdrawn_meter (
  utility_id integer not null references utility,
  meter_id integer not null,
  serial text not null,
  withdrawn_at timestamptz not null default now(),
  primary key (utility_id, meter_id),
  unique (utility_id, serial)
);
comment on table withdrawn_meter is 'Meters that came into the register with an exchange and left it when that was undone. A sidecar that has not heard of it yet may still store days of one: they lie under its number, which the serial gets again when it is registered again.';
comment on column withdrawn_meter.meter_id is 'The number that it had in the table meter.';
comment on column withdrawn_meter.serial is 'Its serial, which may be registered again.';
comment on column withdrawn_meter.withdrawn_at is 'When the exchange was undone.';
alter table withdrawn_meter enable row level security;
alter table withdrawn_meter force row level security;
create policy tenant on withdrawn_meter to kenshin_app using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy register on withdrawn_meter to kenshin_register using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));

create function take_withdrawn_number() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare former integer;
begin
  delete from withdrawn_meter w where w.utility_id = new.utility_id and w.serial = new.serial returning w.meter_id into former;
  new.meter_id := coalesce(former, new.meter_id);
  return new;
end $$;
comment on function take_withdrawn_number is 'Gives a meter that is registered again the number that it had, and so the days that were stored under it.';
create trigger take_withdrawn_number before insert on meter for each row execute function take_withdrawn_number();

create or replace function undo_exchange(exchange_id integer, actor text, out kept_meter boolean)
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
    insert into withdrawn_meter (utility_id, meter_id, serial) values (tenant, x.fitted_meter_id, x.fitted_serial);
    delete from meter m where m.utility_id = tenant and m.meter_id = x.fitted_meter_id;
  end if;
end $$;
comment on function undo_exchange is 'Brings the register back to what it was before an exchange on which nothing rests; writes the audit. A meter that was registered with it goes too, unless readings or requests of it are there; its number stays with its serial (withdrawn_meter).';

-- 3. Closings of which a file was made.

create or replace function closing_files_of(supply_point_id integer, closed_since timestamptz, after_act bigint)
  returns table (closes_on date, begun_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select c.day, min(a.at)
  from supply_point p
  join audit a on a.utility_id = p.utility_id
    and a.act in ('closing.export-begun', 'closing.exported', 'closing.export-broken-off')
    and (a.audit_id > closing_files_of.after_act
         -- Begun before and not ended: it may have been reading its rows then, or be reading them now. None takes a day.
         or a.act = 'closing.export-begun'
            and a.at > (select x.at from audit x where x.utility_id = p.utility_id and x.audit_id = closing_files_of.after_act)
                       - interval '1 day'
            and not exists (
              select from audit e
              where e.utility_id = a.utility_id and e.audit_id > a.audit_id and e.actor = a.actor
                and e.act in ('closing.exported', 'closing.export-broken-off') and e.detail ->> 'export' = a.detail ->> 'export'
            ))
  -- An act with anything else in it was not written by the product, but by a web process that was taken over.
  cross join lateral (
    select case when e.value ~ '^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$' and pg_input_is_valid(e.value, 'date') then e.value::date end as day
    from jsonb_array_elements_text(case when jsonb_typeof(a.detail -> 'closings') = 'array' then a.detail -> 'closings' else '[]' end) e
  ) c
  join occupancy o on o.utility_id = p.utility_id and o.supply_point_id = p.supply_point_id
    and o.from_on <= c.day and (o.to_on is null or o.to_on > c.day)
  where p.utility_id = (select current_utility_id()) and p.supply_point_id = closing_files_of.supply_point_id
    and (c.day + 1)::timestamp at time zone 'Asia/Tokyo' >= closing_files_of.closed_since
    -- No household makes a file, and none is made before the closing (a day for clocks that differ) or of a day that does not close.
    and a.actor !~ '^consumer:'
    and (c.day + 1)::timestamp at time zone 'Asia/Tokyo' <= a.at + interval '1 day'
    and extract(day from c.day) = least(
      substring(a.subject from '^closing-day:([0-9]{1,2})$')::integer,
      extract(day from date_trunc('month', c.day::timestamp) + interval '1 month - 1 day'))
    and case when a.detail ->> 'customerNumber' is null then a.subject = 'closing-day:' || p.closing_day
             else a.detail ->> 'customerNumber' = o.customer_number end
  group by c.day
$$;
comment on function closing_files_of is 'The closings of a supply point, of an instant or later, of which a file was made whose rows may have been read after the given act: one that was begun, ended or broken off later, or that was begun within a day before and has no end. Each with the first such act. With act 0, all files.';

drop function exchange_meter(integer, timestamptz, integer, text, integer, numeric, integer, date, text);
create function exchange_meter(
  removed_meter_id integer, exchanged_at timestamptz, final_index_l integer,
  new_serial text, start_index_l integer,
  new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text,
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
  filed date[];
  unlike date[];
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
            'fittedSerial', exchange_meter.new_serial, 'startIndexL', exchange_meter.start_index_l,
            'acknowledgedClosings', to_jsonb(coalesce(exchange_meter.acknowledged_closings, '{}'))))
  returning a.audit_id into act;
  -- After its act: from here on no extraction begins, as the chain of the audit is held.
  filed := array(select c.closes_on from closing_files_of(removed.supply_point_id, exchange_meter.exchanged_at, 0) c);
  unlike := array(select d from unnest(filed) d where d <> all (coalesce(exchange_meter.acknowledged_closings, '{}')) order by d);
  if unlike <> '{}' then
    raise check_violation using constraint = 'meter_exchange_filed', detail = array_to_string(unlike, ' '),
      message = 'files of closings were made that the exchange does not name';
  end if;
  unlike := array(select d from unnest(exchange_meter.acknowledged_closings) d where d <> all (filed) or d is null order by d);
  if unlike <> '{}' then
    raise check_violation using constraint = 'meter_exchange_not_filed', detail = array_to_string(unlike, ' '),
      message = 'no file was made of closings that the exchange names';
  end if;
  insert into meter_exchange as x (utility_id, supply_point_id, removed_meter_id, removed_fitted_at, fitted_meter_id, exchanged_at,
                                   registered_meter, audit_id)
  values (tenant, removed.supply_point_id, removed.meter_id, removed.fitted_at, fitted.meter_id, exchange_meter.exchanged_at,
          exchange_meter.new_size is not null, act)
  returning x.exchange_id into exchange_meter.exchange_id;
  exchange_meter.fitted_meter_id := fitted.meter_id;
end $$;
comment on function exchange_meter is 'Removes the meter that is fitted and fits another at the same instant, which it registers where size and dial are given; writes the audit. acknowledged_closings names the closings at or after the instant of which a file was made, all of them and no others. The one way in which a web process changes the register, with undo_exchange.';

-- 4. Frames that were taken and can never be asked for again.

alter table terminal_state add column taken_pruned_to bigint not null default 0;
comment on column terminal_state.taken_pruned_to is 'Up to this uplink counter rows of taken_frame may have been removed: a frame with such a counter is never taken, unless its row is there.';
comment on table taken_frame is 'Uplink frames that were run by statements of their own, in the same transaction: by these rows a frame that comes again is known. Removed after thirty days where the counter is below the terminal''s replay window (prune_taken_frames).';

create or replace function take_uplink_frames(terminals integer[], counters bigint[], checks integer[], types smallint[],
                                              arrived_fresh boolean[], received timestamptz[])
  returns text[]
  language plpgsql security definer
  set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off
  set enable_mergejoin = off
  set enable_seqscan = off
  set jit = off
as $$
declare
  for_utility integer := current_utility_id();
  new_frames text[];
  verdicts text[];
begin
  if for_utility is null then
    raise insufficient_privilege using message = 'name the utility whose frames are taken';
  end if;
  -- Until the end of the transaction: the frames are acknowledged after it, and must be on disk by then.
  perform set_config('synchronous_commit', 'on', true);
  -- Another transaction with the same frame makes this one wait here for its end; then the key is there, or it is not.
  with inserted as (
    insert into taken_frame (utility_id, terminal_id, counter, frame_check, type, received_at)
    select for_utility, f.terminal_id, f.counter, f.frame_check, f.type, f.received_at
    from unnest(terminals, counters, checks, types, arrived_fresh, received)
      f (terminal_id, counter, frame_check, type, arrived_fresh, received_at)
    join terminal_state s on s.utility_id = for_utility and s.terminal_id = f.terminal_id
    -- A frame that was fresh when it came and was overtaken since is still new where there is no row of it, nor was one.
    where f.counter > s.taken_pruned_to
      and judge_counter(s.up_high, s.up_window, f.counter) = any (array['fresh', case when f.arrived_fresh then 'too_old' end])
    order by f.terminal_id, f.counter
    on conflict (utility_id, terminal_id, counter) do nothing
    returning concat_ws(' ', terminal_id, counter, frame_check) as frame
  )
  select coalesce(array_agg(frame), '{}') into new_frames from inserted;
  select array_agg(
      case
        when f.nth = 1 and concat_ws(' ', f.terminal_id, f.counter, f.frame_check) = any (new_frames) then 'taken'
        when exists (select from taken_frame t
                     where t.utility_id = for_utility and t.terminal_id = f.terminal_id and t.counter = f.counter
                       and t.frame_check = f.frame_check) then 'repeated'
        else 'replayed'
      end order by f.at)
  into verdicts
  from (select u.*, row_number() over (partition by u.terminal_id, u.counter, u.frame_check order by u.at) as nth
        from unnest(terminals, counters, checks) with ordinality u (terminal_id, counter, frame_check, at)) f;
  return verdicts;
end $$;

create or replace function enter_taken_counter() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare pruned_to bigint;
begin
  update terminal_state s
  set up_high = greatest(s.up_high, new.counter),
      up_window = merge_window(s.up_high, s.up_window, new.counter, 1),
      last_seen_at = greatest(s.last_seen_at, new.received_at)
  where s.utility_id = new.utility_id and s.terminal_id = new.terminal_id
  returning s.taken_pruned_to into pruned_to;
  -- The row of a first copy may have been removed after this transaction looked for it. Tried again, it is seen.
  if new.counter <= pruned_to then
    raise serialization_failure using message = 'taken frames of the terminal were removed meanwhile';
  end if;
  return null;
end $$;

create function prune_taken_frames(received_before timestamptz, after_terminal integer, max_terminals integer,
                                   out pruned integer, out last_terminal integer)
  language plpgsql security definer
  set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off
  set enable_mergejoin = off
  set enable_seqscan = off
  set jit = off
as $$
declare
  for_utility integer := current_utility_id();
  due integer[];
begin
  if for_utility is null then
    raise insufficient_privilege using message = 'name the utility whose taken frames are removed';
  end if;
  -- By the clock of this server, whatever the worker takes for the time.
  if received_before > clock_timestamp() - interval '29 days' then
    raise invalid_parameter_value using message = 'taken frames are kept for thirty days';
  end if;
  select case when count(*) = max_terminals then max(l.terminal_id) end into last_terminal
  from (select s.terminal_id from terminal_state s
        where s.utility_id = for_utility and s.terminal_id > after_terminal order by s.terminal_id limit max_terminals) l;
  -- Held until the end: no frame of these terminals is entered before this transaction has ended. One whose row is locked is left
  -- for the next time, so that this waits for nobody.
  due := array(
    select s.terminal_id from terminal_state s
    where s.utility_id = for_utility and s.terminal_id > after_terminal and s.terminal_id <= coalesce(last_terminal, 2147483647)
      and exists (select from taken_frame t
                  where t.utility_id = for_utility and t.terminal_id = s.terminal_id and t.counter < s.up_high - 63
                    and t.received_at < prune_taken_frames.received_before)
    order by s.terminal_id
    for no key update skip locked
  );
  update terminal_state s
  set taken_pruned_to = greatest(s.taken_pruned_to, (
    select max(t.counter) from taken_frame t
    where t.utility_id = for_utility and t.terminal_id = s.terminal_id and t.counter < s.up_high - 63
      and t.received_at < prune_taken_frames.received_before))
  where s.utility_id = for_utility and s.terminal_id = any (due);
  delete from taken_frame t
  using terminal_state s
  where s.utility_id = for_utility and s.terminal_id = any (due)
    and t.utility_id = for_utility and t.terminal_id = s.terminal_id and t.counter <= s.taken_pruned_to
    and t.received_at < prune_taken_frames.received_before;
  get diagnostics pruned = row_count;
end $$;
comment on function prune_taken_frames is 'Removes the rows of taken_frame that were received before an instant, at least 29 days ago, and whose counter is below their terminal''s replay window, and notes up to which counter, so that no frame becomes new by it. Of so many terminals after the given one, in their order; yields the last of them, or null where there are no more.';

grant create on schema public to kenshin_store, kenshin_register;
alter function release_terminals owner to kenshin_store;
alter function hold_terminals owner to kenshin_store;
alter function keep_process owner to kenshin_store;
alter function take_uplink_frames owner to kenshin_store;
alter function enter_taken_counter owner to kenshin_store;
alter function prune_taken_frames owner to kenshin_store;
alter function take_withdrawn_number owner to kenshin_register;
alter function undo_exchange owner to kenshin_register;
alter function closing_files_of owner to kenshin_register;
alter function exchange_meter owner to kenshin_register;
revoke create on schema public from kenshin_store, kenshin_register;
revoke execute on function take_withdrawn_number, exchange_meter, prune_taken_frames from public;

insert into job_kind (kind, of_utility, max_attempts) values ('schedule-frame-pruning', false, 5), ('prune-taken-frames', true, 5);
