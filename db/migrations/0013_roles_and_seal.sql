-- A role for each process beside the one of the operator's commands, and the utility of a transaction as a sealed value:
-- it is believed only where a function set it after it had looked up a live session, or for a role that serves all utilities.
-- What each role may do stands in db/grants.ts, which "npm run migrate" applies after the migrations.

do $$
declare r text;
begin
  foreach r in array array['kenshin_web', 'kenshin_ingest', 'kenshin_seal', 'kenshin_store'] loop
    if not exists (select from pg_roles where rolname = r) then
      execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole', r);
    end if;
  end loop;
end $$;
grant kenshin_seal, kenshin_store to current_user;
grant pg_read_all_stats to kenshin_seal;

create table seal_key (
  is_only boolean primary key default true check (is_only),
  outer_key bytea not null check (length(outer_key) = 32),
  inner_key bytea not null check (length(inner_key) = 32)
);
comment on table seal_key is 'The secret under which the utility of a transaction is sealed; one row. Read by the functions of kenshin_seal alone.';
insert into seal_key (outer_key, inner_key)
select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
       sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- The setting app.sealed_utility is "<utility_id> <actor> <seal>"; "-" stands for no actor. The seal is a keyed hash, built
-- like HMAC, over the two and over the backend and the transaction, so that it is worth nothing anywhere else.
create function seal_utility(utility_id integer, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare seal bytea;
begin
  select sha256(k.outer_key || sha256(k.inner_key || int4send(seal_utility.utility_id) || int4send(pg_backend_pid())
           || timestamptz_send(transaction_timestamp()) || convert_to(coalesce(seal_utility.actor, '-'), 'UTF8')))
  into strict seal from seal_key k;
  perform set_config('app.sealed_utility', concat_ws(' ', seal_utility.utility_id, coalesce(seal_utility.actor, '-'), encode(seal, 'hex')), true);
end $$;
comment on function seal_utility is 'Makes this the utility of the transaction, and the actor that of its audit (null: any). For the functions that know whose it is.';

-- Asked by every policy and view, once a statement. A parallel worker has a number of its own and answers for its leader,
-- which pg_read_all_stats lets the owner of this function ask for.
create or replace function current_utility_id() returns integer
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp
as $$
declare
  given text := current_setting('app.sealed_utility', true);
  claimed integer;
  seal text;
  backend integer := pg_backend_pid();
begin
  if coalesce(given, '') = '' then return null; end if;
  claimed := split_part(given, ' ', 1)::integer;
  loop
    select encode(sha256(k.outer_key || sha256(k.inner_key || int4send(claimed) || int4send(backend)
             || timestamptz_send(transaction_timestamp()) || convert_to(split_part(given, ' ', 2), 'UTF8'))), 'hex')
    into strict seal from seal_key k;
    if seal = split_part(given, ' ', 3) then return claimed; end if;
    exit when backend <> pg_backend_pid();
    select a.leader_pid into backend from pg_stat_get_activity(pg_backend_pid()) a;
    exit when backend is null;
  end loop;
  raise insufficient_privilege using message = 'app.sealed_utility was not sealed for this backend and transaction';
end $$;
comment on function current_utility_id() is 'The utility that this transaction was sealed for (claim_session, serve_utility); null where it was for none, so that every policy fails closed.';

create function sealed_actor() returns text
  language sql stable parallel restricted security definer set search_path = public, pg_temp
as $$
  select case when current_utility_id() is not null then nullif(split_part(current_setting('app.sealed_utility'), ' ', 2), '-') end
$$;
comment on function sealed_actor() is 'The actor that this transaction was sealed for, as the audit writes it; null where none was named.';

-- What a web process names a utility by: the token of a live session, of which the database has the hash alone.
create function claim_session(token text)
  returns table (utility_id integer, session_id uuid, account_id integer, role text, display_name text,
                 occupancy_id integer, customer_number text)
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform set_config('app.sealed_utility', '', true);
  select s.utility_id, s.session_id, s.account_id, a.role, a.display_name, s.occupancy_id, o.customer_number
  into claim_session.utility_id, claim_session.session_id, claim_session.account_id, claim_session.role,
       claim_session.display_name, claim_session.occupancy_id, claim_session.customer_number
  from session s
  left join account a on a.utility_id = s.utility_id and a.account_id = s.account_id
  left join occupancy o on o.utility_id = s.utility_id and o.occupancy_id = s.occupancy_id
  where s.token_hash = sha256(convert_to(claim_session.token, 'UTF8'))
    and s.revoked_at is null and s.expires_at > now() and a.disabled_at is null;
  if not found then return; end if;
  perform seal_utility(claim_session.utility_id, coalesce('staff:' || claim_session.account_id,
                                                          'consumer:' || claim_session.occupancy_id));
  return next;
end $$;
comment on function claim_session is 'Makes the utility of a live session that of this transaction, and its person the actor of the audit; yields who it is, or no row and no utility when the session is revoked, expired or its account disabled.';

create function serve_utility(utility_id integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform from utility u where u.utility_id = serve_utility.utility_id;
  if not found then
    raise no_data_found using message = format('there is no utility %s', serve_utility.utility_id);
  end if;
  perform seal_utility(serve_utility.utility_id, null);
  return serve_utility.utility_id;
end $$;
comment on function serve_utility is 'Makes any utility that exists that of this transaction, and yields it: for what serves all utilities, the sidecar and the commands of the operator.';

-- Its callers have no right of their own to advisory locks.
alter function hold_sign_in_name security definer;
alter function hold_sign_in_name set search_path = public, pg_temp;

grant create on schema public to kenshin_seal, kenshin_lookup;
alter function hold_sign_in_name owner to kenshin_lookup;
alter table seal_key owner to kenshin_seal;
alter function seal_utility owner to kenshin_seal;
alter function current_utility_id owner to kenshin_seal;
alter function sealed_actor owner to kenshin_seal;
alter function claim_session owner to kenshin_lookup;
alter function serve_utility owner to kenshin_lookup;
revoke create on schema public from kenshin_seal, kenshin_lookup;
revoke execute on function seal_utility, current_utility_id, sealed_actor, claim_session, serve_utility from public;

-- One evaluation a statement: as a sub-select the check becomes a parameter of the plan.
do $$
declare p record;
begin
  for p in
    select c.oid::regclass as relation, o.polname,
           replace(pg_get_expr(o.polqual, o.polrelid), 'current_utility_id()', '(select current_utility_id())') as visible,
           replace(pg_get_expr(o.polwithcheck, o.polrelid), 'current_utility_id()', '(select current_utility_id())') as allowed
    from pg_policy o join pg_class c on c.oid = o.polrelid
    where c.relnamespace = 'public'::regnamespace
      and concat(pg_get_expr(o.polqual, o.polrelid), pg_get_expr(o.polwithcheck, o.polrelid)) like '%current_utility_id()%'
  loop
    execute format('alter policy %I on %s', p.polname, p.relation)
      || coalesce(' using (' || p.visible || ')', '') || coalesce(' with check (' || p.allowed || ')', '');
  end loop;
end $$;

-- Nothing is written through the view: readings are stored by a function (0014). The utility is compared as the setting
-- has it, which the planner can estimate by and parallel workers share chunks with: a parameter in its place makes the scan
-- of each chunk the work of one process. What is believed is the second condition: the sealed utility, asked for once and
-- compared with each row, so that a setting changed while the statement runs shows nothing of another utility.
create or replace view meter_day with (security_barrier) as
  select utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id, counter,
         frame_check, received_at, arrival, revision
  from series.meter_day
  where utility_id = nullif(split_part(current_setting('app.sealed_utility', true), ' ', 1), '')::integer
    and case when utility_id = (select current_utility_id()) then true else false end;
