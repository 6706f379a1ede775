-- Who signs in: staff with a login, consumers with customer number and registration code; the session row behind every
-- sign-in, which can be revoked; and the audit chain.

create table account (
  utility_id integer not null references utility,
  account_id integer not null generated always as identity,
  login text not null check (login ~ '^[a-z0-9._-]{2,64}$'),
  display_name text not null check (display_name <> ''),
  role text not null check (role in ('admin', 'analyst', 'billing')),
  password_hash text not null,
  failed_count integer not null default 0,
  locked_until timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (utility_id, account_id),
  unique (utility_id, login)
);
comment on table account is 'A member of the utility''s staff. display_name is a desk or post (検針係), not a consumer.';
comment on column account.password_hash is 'scrypt, with its parameters and salt.';

create table consumer_access (
  utility_id integer not null references utility,
  occupancy_id integer not null,
  code_hash text not null,
  failed_count integer not null default 0,
  locked_until timestamptz,
  issued_at timestamptz not null default now(),
  primary key (utility_id, occupancy_id),
  foreign key (utility_id, occupancy_id) references occupancy (utility_id, occupancy_id)
);
comment on table consumer_access is 'The registration code (登録コード) with which a consumer signs in beside the customer number.';

create table session (
  utility_id integer not null references utility,
  session_id uuid not null default gen_random_uuid(),
  account_id integer,
  occupancy_id integer,
  started_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (utility_id, session_id),
  unique (session_id),
  foreign key (utility_id, account_id) references account (utility_id, account_id),
  foreign key (utility_id, occupancy_id) references occupancy (utility_id, occupancy_id),
  check (num_nonnulls(account_id, occupancy_id) = 1)
);
comment on table session is 'A sign-in. The cookie carries its id; a revoked or expired row ends it at once.';
create index session_account on session (utility_id, account_id) where revoked_at is null;

create table audit (
  utility_id integer not null references utility,
  audit_id bigint not null,
  at timestamptz not null,
  actor text not null,
  act text not null,
  subject text not null,
  detail jsonb not null,
  previous_hash bytea not null,
  hash bytea not null,
  primary key (utility_id, audit_id),
  -- The separator of the hashed text stands between fields only.
  check ((actor || act || subject) !~ '[\x01-\x1f]')
);
comment on table audit is 'Acts that matter, chained by hash per utility: hash = sha256(previous hash ‖ the row''s own text).';
comment on column audit.actor is 'Who, as kind:id (staff:7, consumer:12, system:closing).';
comment on column audit.subject is 'What was acted upon, as kind:id.';

create function chain_audit() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  last_row record;
begin
  perform pg_advisory_xact_lock(hashtextextended('kenshin audit', new.utility_id));
  select a.audit_id, a.hash into last_row from audit a
  where a.utility_id = new.utility_id order by a.audit_id desc limit 1;
  new.audit_id := coalesce(last_row.audit_id, 0) + 1;
  new.at := clock_timestamp();
  new.previous_hash := coalesce(last_row.hash, '\x'::bytea);
  new.hash := sha256(new.previous_hash || convert_to(
    concat_ws(E'\x1f', new.utility_id, new.audit_id, to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
              new.actor, new.act, new.subject, new.detail::text), 'UTF8'));
  return new;
end $$;
create trigger chain before insert on audit for each row execute function chain_audit();

do $$
declare t text;
begin
  foreach t in array array['account', 'consumer_access', 'session', 'audit'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app using (utility_id = current_utility_id()) with check (utility_id = current_utility_id())', t);
    execute format('create policy lookup on %I for select to kenshin_lookup using (true)', t);
    execute format('grant select on %I to kenshin_lookup', t);
  end loop;
end $$;
revoke select on audit from kenshin_lookup;
drop policy lookup on audit;
grant select, insert, update on account, consumer_access, session to kenshin_app;
grant select, insert on audit to kenshin_app;

create function staff_sign_in(utility_code text, login text)
  returns table (utility_id integer, account_id integer, password_hash text, locked_until timestamptz)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select a.utility_id, a.account_id, a.password_hash, a.locked_until
  from account a join utility u on u.utility_id = a.utility_id
  where u.code = $1 and a.login = $2 and a.disabled_at is null
$$;
comment on function staff_sign_in is 'The account that a sign-in names: before this, its utility is not known.';

create function consumer_sign_in(utility_code text, customer_number text)
  returns table (utility_id integer, occupancy_id integer, code_hash text, locked_until timestamptz)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select c.utility_id, c.occupancy_id, c.code_hash, c.locked_until
  from consumer_access c
  join occupancy o on o.utility_id = c.utility_id and o.occupancy_id = c.occupancy_id
  join utility u on u.utility_id = c.utility_id
  where u.code = $1 and o.customer_number = $2
  order by o.from_on desc limit 1
$$;
comment on function consumer_sign_in is 'The latest occupancy of a customer number that has a registration code: before this, its utility is not known.';

create function live_session(session_id uuid)
  returns table (utility_id integer, account_id integer, role text, display_name text, occupancy_id integer, customer_number text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select s.utility_id, s.account_id, a.role, a.display_name, s.occupancy_id, o.customer_number
  from session s
  left join account a on a.utility_id = s.utility_id and a.account_id = s.account_id
  left join occupancy o on o.utility_id = s.utility_id and o.occupancy_id = s.occupancy_id
  where s.session_id = $1 and s.revoked_at is null and s.expires_at > now() and a.disabled_at is null
$$;
comment on function live_session is 'Who is behind a session id, or no row when it is revoked, expired or its account disabled.';

grant create on schema public to kenshin_lookup;
alter function staff_sign_in owner to kenshin_lookup;
alter function consumer_sign_in owner to kenshin_lookup;
alter function live_session owner to kenshin_lookup;
revoke create on schema public from kenshin_lookup;
revoke execute on function staff_sign_in, consumer_sign_in, live_session from public;
grant execute on function staff_sign_in, consumer_sign_in, live_session to kenshin_app;
