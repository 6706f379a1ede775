-- Roles, schemas and the tenant setting on which every other migration stands.
-- Deny first: nothing is granted to PUBLIC; the application role gets what it needs, table by table.

create extension if not exists timescaledb;
create extension if not exists btree_gist;

do $$
begin
  if not exists (select from pg_roles where rolname = 'kenshin_app') then
    create role kenshin_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
  if not exists (select from pg_roles where rolname = 'kenshin_lookup') then
    create role kenshin_lookup nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
end $$;

revoke all on schema public from public;
grant usage on schema public to kenshin_app, kenshin_lookup;
-- The extensions' functions are the owner's tools; the application needs none of them by name. TimescaleDB 2.19.3 even
-- comes down when any login role calls merge_chunks.
do $$
declare s text;
begin
  foreach s in array array['public', '_timescaledb_functions', '_timescaledb_internal', '_timescaledb_debug',
                           'timescaledb_experimental'] loop
    if to_regnamespace(s) is not null then
      execute format('revoke execute on all routines in schema %I from public', s);
    end if;
  end loop;
end $$;
alter default privileges revoke execute on functions from public;
-- The Apache edition cannot run this job and would log an error at every start.
delete from _timescaledb_config.bgw_job where id = 3;

create schema series;
comment on schema series is 'Hypertables. The application role has no right here; it reads and writes through the security-barrier views in public.';

create function current_utility_id() returns integer
  language sql stable parallel safe
  return nullif(current_setting('app.utility_id', true), '')::integer;
comment on function current_utility_id() is 'The utility of this transaction (set_config(''app.utility_id'', …, true)); null when unset, so that every policy fails closed.';
grant execute on function current_utility_id() to kenshin_app, kenshin_lookup;

create table utility (
  utility_id integer primary key generated always as identity,
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{1,31}$'),
  name text not null check (name <> ''),
  closing_substitute_max_days integer not null default 45 check (closing_substitute_max_days between 0 and 400),
  poll_days_back integer not null default 35 check (poll_days_back between 1 and 400),
  created_at timestamptz not null default now()
);
comment on table utility is 'A gas utility (ガス事業者): the tenant. Every tenant table starts its keys with utility_id.';
comment on column utility.code is 'Short name used at sign-in and to find the key-encryption key.';
comment on column utility.closing_substitute_max_days is 'A substitute reading older than this at the closing is not used. Days.';
comment on column utility.poll_days_back is 'How far back missing days are asked for again. Days.';

alter table utility enable row level security;
alter table utility force row level security;
create policy tenant on utility to kenshin_app using (utility_id = current_utility_id());
create policy lookup on utility for select to kenshin_lookup using (true);
grant select on utility to kenshin_app, kenshin_lookup;
