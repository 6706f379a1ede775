-- Signing in by proof. What is stored is a verifier, SHA-256 of the key that scrypt derives; the web process asks for salt
-- and cost, derives, and hands the key to finish_sign_in, which compares, counts the try, opens the session and writes
-- the audit. So the web process reads no hash, and opens no session for somebody whose password it was not given.

-- 1. Verifiers in place of hashes.

create function pg_temp.base64url_bytes(text text) returns bytea language sql immutable as $$
  select decode(translate($1, '-_', '+/') || repeat('=', (4 - length($1) % 4) % 4), 'base64')
$$;
do $$
declare
  t text;
  old text;
begin
  foreach t in array array['account', 'consumer_access'] loop
    old := case t when 'account' then 'password_hash' else 'code_hash' end;
    execute format('alter table %I add column salt bytea, add column scrypt_n integer, add column scrypt_r integer,
      add column scrypt_p integer, add column verifier bytea', t);
    execute format('update %1$I set scrypt_n = split_part(%2$I, ''$'', 2)::integer, scrypt_r = split_part(%2$I, ''$'', 3)::integer,
      scrypt_p = split_part(%2$I, ''$'', 4)::integer, salt = pg_temp.base64url_bytes(split_part(%2$I, ''$'', 5)),
      verifier = sha256(pg_temp.base64url_bytes(split_part(%2$I, ''$'', 6)))
      where %2$I ~ ''^scrypt(\$\d+){3}\$[\w-]{22}\$[\w-]{43}$''', t, old);
    -- What no scrypt made opened nothing before and opens nothing now.
    execute format('update %I set scrypt_n = 32768, scrypt_r = 8, scrypt_p = 3, salt = sha256(convert_to(gen_random_uuid()::text, ''UTF8'')),
      verifier = sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, ''UTF8'')) where verifier is null', t);
    execute format('alter table %I drop column %I', t, old);
    execute format('alter table %I alter column salt set not null, alter column scrypt_n set not null,
      alter column scrypt_r set not null, alter column scrypt_p set not null, alter column verifier set not null,
      add check (length(salt) between 16 and 64), add check (length(verifier) = 32),
      add check (scrypt_n between 2 and 1048576 and scrypt_r between 1 and 32 and scrypt_p between 1 and 16)', t);
    execute format('comment on column %I.salt is ''Salt of scrypt. With the cost it is handed out to whoever tries the name.''', t);
    execute format('comment on column %I.scrypt_n is ''Cost of scrypt: N, beside r and p.''', t);
    execute format('comment on column %I.verifier is ''SHA-256 of the 32 bytes that scrypt derives. The web process cannot read it.''', t);
  end loop;
end $$;
drop function pg_temp.base64url_bytes(text);
drop function staff_sign_in(text, text);
drop function consumer_sign_in(text, text);

-- 2. What is kept of tries.

create table sign_in_secret (
  single boolean primary key default true check (single),
  secret bytea not null check (length(secret) = 32)
);
comment on table sign_in_secret is 'Makes salts of names that nobody has, and the hashes of names and addresses. One row; the application cannot read it.';
insert into sign_in_secret (secret)
select sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));

drop function clear_sign_in_tries(integer);
drop table sign_in_try;
create table sign_in_try (
  utility_id integer not null references utility,
  kind text not null check (kind in ('staff', 'consumer')),
  typed_hash bytea not null check (length(typed_hash) in (0, 32)),
  source_hash bytea not null check (length(source_hash) in (0, 32)),
  failed_count integer not null,
  locked_until timestamptz,
  tried_at timestamptz not null,
  primary key (utility_id, kind, typed_hash, source_hash),
  check (length(typed_hash) + length(source_hash) > 0)
);
comment on table sign_in_try is 'Wrong tries of a login or customer number from a source, whether anybody has the name or not. Forgotten a day after the last one.';
comment on column sign_in_try.typed_hash is 'Keyed hash of the name as it is looked up: people also type passwords and names of persons there. Empty: all names of the source.';
comment on column sign_in_try.source_hash is 'Hash of a known device or of a client''s address. Empty: all sources of the name, known devices excepted.';
comment on column sign_in_try.failed_count is 'Wrong tries, less those that time has taken off.';
create index sign_in_try_age on sign_in_try (utility_id, tried_at);

create table known_device (
  utility_id integer not null references utility,
  kind text not null check (kind in ('staff', 'consumer')),
  typed_hash bytea not null check (length(typed_hash) = 32),
  device_hash bytea not null check (length(device_hash) = 32),
  used_at timestamptz not null,
  primary key (utility_id, kind, typed_hash, device_hash)
);
comment on table known_device is 'Browsers that have signed in with a login or customer number: wrong tries from elsewhere do not close it for them.';
comment on column known_device.device_hash is 'SHA-256 of the token in the browser''s device cookie.';

do $$
declare t text;
begin
  foreach t in array array['sign_in_try', 'known_device'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app using (utility_id = current_utility_id()) with check (utility_id = current_utility_id())', t);
    execute format('create policy sign_in on %I to kenshin_lookup using (true) with check (true)', t);
  end loop;
end $$;

-- 3. The look-up role opens and ends sessions, and says so in the audit.

create policy sign_in on session for insert to kenshin_lookup with check (true);
create policy sign_out on session for update to kenshin_lookup using (true);
create policy sign_in_head on audit for select to kenshin_lookup using (true);
create policy sign_in on audit for insert to kenshin_lookup
  with check (act in ('session.started', 'session.refused', 'session.ended', 'session.all-ended'));

-- 4. Parts of the functions below; only these call them.

create function sign_in_keyed_hash(text text) returns bytea
  language sql stable
  return (select sha256(s.secret || sha256(s.secret || convert_to($1, 'UTF8'))) from sign_in_secret s);
comment on function sign_in_keyed_hash is 'HMAC in its nested form: without the secret nobody computes it.';

create function sign_in_subject(kind text, utility_code text, name text)
  returns table (utility_id integer, subject_id integer, salt bytea, scrypt_n integer, scrypt_r integer, scrypt_p integer, verifier bytea)
  language sql stable
as $$
  select u.utility_id, c.*
  from utility u
  left join lateral (
    select a.account_id, a.salt, a.scrypt_n, a.scrypt_r, a.scrypt_p, a.verifier
    from account a
    where $1 = 'staff' and a.utility_id = u.utility_id and a.login = $3 and a.disabled_at is null
    union all
    (select a.occupancy_id, a.salt, a.scrypt_n, a.scrypt_r, a.scrypt_p, a.verifier
     from consumer_access a
     join occupancy o on o.utility_id = a.utility_id and o.occupancy_id = a.occupancy_id
     where $1 = 'consumer' and a.utility_id = u.utility_id and o.customer_number = $3 and a.withdrawn_at is null
     order by o.from_on desc limit 1)
  ) c on true
  where u.code = $2
$$;
comment on function sign_in_subject is 'The utility of a code, and the account or the latest occupancy with a code that a name means there; null when nobody has the name.';

create function is_known_device(utility_id integer, kind text, typed_hash bytea, device_hash bytea) returns boolean
  language sql stable
as $$
  select exists (
    select from known_device d
    where d.utility_id = $1 and d.kind = $2 and d.typed_hash = $3 and d.device_hash = $4
  ) and not exists (
    select from sign_in_try t
    where t.utility_id = $1 and t.kind = $2 and t.typed_hash = $3 and t.source_hash = $4 and t.locked_until > clock_timestamp()
  )
$$;
comment on function is_known_device is 'True for a browser that has signed in with the name, and has not just made too many wrong tries itself.';

create function sign_in_closed_until(utility_id integer, kind text, typed_hash bytea, device_hash bytea, address_hash bytea)
  returns timestamptz
  language sql stable
as $$
  select max(t.locked_until) from sign_in_try t
  where t.utility_id = $1 and t.kind = $2 and t.locked_until > clock_timestamp()
    and ((t.typed_hash = $3 and t.source_hash in ('', $5)) or (t.typed_hash = '' and t.source_hash = $5))
    and not is_known_device($1, $2, $3, $4)
$$;
comment on function sign_in_closed_until is 'Until when a name may not be tried from a source, or null; a known device is never kept waiting by tries from elsewhere.';

create function count_wrong_try(
  utility_id integer, kind text, typed_hash bytea, source_hash bytea,
  free_tries integer, first_s integer, longest_s integer, forget_s integer,
  out failed_count integer, out locked_until timestamptz)
  language sql
as $$
  insert into sign_in_try as t (utility_id, kind, typed_hash, source_hash, failed_count, tried_at)
  values ($1, $2, $3, $4, 1, clock_timestamp())
  on conflict (utility_id, kind, typed_hash, source_hash) do update
  set (failed_count, locked_until, tried_at) = (
    select n.count,
      case when n.count >= $5
      then clock_timestamp() + make_interval(secs => least($7, $6 * 2.0 ^ least(n.count - $5, 20))) end,
      clock_timestamp()
    from (select greatest(0, t.failed_count - floor(extract(epoch from clock_timestamp() - t.tried_at) / $8))::integer + 1) n (count)
  )
  returning t.failed_count, t.locked_until
$$;
comment on function count_wrong_try is 'Counts a wrong try. From free_tries on, each closes for twice as long as the one before, first_s to longest_s seconds; every forget_s seconds without one take one off.';

create function clear_sign_in_tries(utility_id integer, most_rows integer) returns void
  language sql
as $$
  delete from sign_in_try t where (t.utility_id, t.kind, t.typed_hash, t.source_hash) in (
    select o.utility_id, o.kind, o.typed_hash, o.source_hash from sign_in_try o
    where o.utility_id = $1
      and (o.tried_at < now() - interval '1 day'
           or exists (select from sign_in_try m where m.utility_id = $1 offset $2 limit 1))
    order by o.tried_at limit 20
    for update skip locked
  )
$$;
comment on function clear_sign_in_tries is 'Removes the oldest rows of a utility, a few at a time: those that a day has passed over, and any while there are more than most_rows.';

create function hold_sign_in_name(utility_id integer, kind text, name text) returns void
  language sql
  return pg_advisory_xact_lock(hashtextextended('kenshin sign-in ' || $2 || ' ' || $3, $1));
comment on function hold_sign_in_name is 'Lets tries of a name, and a new password for it, go one after the other: held until the transaction ends.';

create function remember_device(utility_id integer, kind text, typed_hash bytea, device_hash bytea) returns void
  language sql
as $$
  insert into known_device (utility_id, kind, typed_hash, device_hash, used_at) values ($1, $2, $3, $4, clock_timestamp())
  on conflict (utility_id, kind, typed_hash, device_hash) do update set used_at = clock_timestamp();
  delete from known_device d
  where d.utility_id = $1 and d.kind = $2 and d.typed_hash = $3
    and (d.used_at < now() - interval '400 days' or d.device_hash not in (
      select k.device_hash from known_device k
      where k.utility_id = $1 and k.kind = $2 and k.typed_hash = $3 order by k.used_at desc limit 50))
$$;
comment on function remember_device is 'Makes a browser known to a name: the fifty that signed in last, for 400 days.';

create function end_replaced_session(token text) returns void
  language sql
as $$
  with ended as (
    update session s set revoked_at = now()
    where s.token_hash = sha256(convert_to($1, 'UTF8')) and s.revoked_at is null and s.expires_at > now()
    returning s.utility_id, s.session_id, coalesce('staff:' || s.account_id, 'consumer:' || s.occupancy_id) as person
  )
  insert into audit (utility_id, actor, act, subject, detail)
  select e.utility_id, e.person, 'session.ended', e.person, jsonb_build_object('sessionId', e.session_id, 'because', 'signed in again')
  from ended e
$$;
comment on function end_replaced_session is 'Ends the session that a browser had when it signed in again.';

create function end_oldest_sessions(utility_id integer, kind text, subject_id integer, kept integer) returns void
  language sql
as $$
  with ended as (
    update session s set revoked_at = now()
    where (s.utility_id, s.session_id) in (
      select o.utility_id, o.session_id from session o
      where o.utility_id = $1 and o.revoked_at is null and o.expires_at > now()
        and case $2 when 'staff' then o.account_id = $3 else o.occupancy_id = $3 end
      order by o.started_at desc, o.session_id offset $4)
    returning s.session_id, s.started_at
  )
  insert into audit (utility_id, actor, act, subject, detail)
  select $1, 'system:sign-in', 'session.ended', $2 || ':' || $3, jsonb_build_object('sessionId', e.session_id, 'because', 'too many at once')
  from ended e order by e.started_at
$$;
comment on function end_oldest_sessions is 'Ends the sessions of a person but the newest, so many of which are kept.';

create function open_session(
  utility_id integer, kind text, subject_id integer, token_hash bytea,
  out session_id uuid, out expires_at timestamptz)
  language sql
as $$
  insert into session as s (utility_id, account_id, occupancy_id, token_hash, expires_at)
  select $1, case $2 when 'staff' then $3 end, case $2 when 'consumer' then $3 end, $4,
         now() + make_interval(hours => case $2 when 'staff' then 12 else 30 * 24 end)
  returning s.session_id, s.expires_at
$$;
comment on function open_session is 'A session of 12 hours for staff, of 30 days for a household.';

create function count_refusal(
  utility_id integer, kind text, typed_hash bytea, device_hash bytea, address_hash bytea,
  out failed_count integer, out locked_until timestamptz)
  language plpgsql
as $$
declare
  other timestamptz;
begin
  if is_known_device($1, $2, $3, $4) then
    -- Closed, it counts as any other browser: the name is not closed to it by this.
    select c.failed_count into failed_count from count_wrong_try($1, $2, $3, $4, 5, 900, 900, 3600) c;
  else
    select c.failed_count, c.locked_until into failed_count, locked_until
    from count_wrong_try($1, $2, $3, $5, 5, 60, 900, 3600) c;
    -- A registration code has 60 random bits: guesses at it need no limit of their own.
    if $2 = 'staff' then
      select c.locked_until into other from count_wrong_try($1, $2, $3, '', 100, 10, 300, 600) c;
      locked_until := greatest(locked_until, other);
    end if;
    select c.locked_until into other from count_wrong_try($1, $2, '', $5, 60, 2, 15, 60) c;
    locked_until := greatest(locked_until, other);
  end if;
end $$;
comment on function count_refusal is 'Counts a wrong try by its source: a known device by itself; others by name and address, by name (staff), and by address.';

-- 5. What the web process may call.

create function begin_sign_in(kind text, utility_code text, name text, address text, device text)
  returns table (utility_id integer, salt bytea, scrypt_n integer, scrypt_r integer, scrypt_p integer, locked_until timestamptz)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select s.utility_id,
    coalesce(s.salt, substr(sign_in_keyed_hash(concat_ws(' ', 'salt', $1, $2, $3)), 1, 16)),
    coalesce(s.scrypt_n, 32768), coalesce(s.scrypt_r, 8), coalesce(s.scrypt_p, 3),
    sign_in_closed_until(s.utility_id, $1, sign_in_keyed_hash('name ' || $3), sha256(convert_to($5, 'UTF8')),
                         sign_in_keyed_hash('address ' || $4))
  from (values (1)) one left join sign_in_subject($1, $2, $3) s on true
$$;
comment on function begin_sign_in is 'Salt and cost of a name, steady ones of the same kind where nobody has it, and until when it may not be tried from this address and device.';

create function finish_sign_in(
  kind text, utility_code text, name text, derived bytea, token_hash bytea, address text, device text, replaced_token text)
  returns table (outcome text, locked_until timestamptz, expires_at timestamptz)
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  own_utility integer := (select u.utility_id from utility u where u.code = $2);
  typed bytea := sign_in_keyed_hash('name ' || $3);
  from_address bytea := sign_in_keyed_hash('address ' || $6);
  from_device bytea := sha256(convert_to($7, 'UTF8'));
  closed_until timestamptz;
  who record;
  opened record;
  refused record;
begin
  if own_utility is null then
    return query select 'wrong', null::timestamptz, null::timestamptz;
    return;
  end if;
  perform hold_sign_in_name(own_utility, $1, $3);
  closed_until := sign_in_closed_until(own_utility, $1, typed, from_device, from_address);
  if closed_until is not null then
    return query select 'locked', closed_until, null::timestamptz;
    return;
  end if;
  select * into who from sign_in_subject($1, $2, $3);
  if who.verifier = sha256($4) then
    update sign_in_try t set failed_count = 0, locked_until = null
    where t.utility_id = own_utility and t.kind = $1 and t.typed_hash = typed and t.source_hash in (from_address, from_device);
    perform remember_device(own_utility, $1, typed, from_device);
    perform end_replaced_session($8);
    -- With the one that is opened now, ten of a person at once.
    perform end_oldest_sessions(own_utility, $1, who.subject_id, 9);
    select * into opened from open_session(own_utility, $1, who.subject_id, $5);
    insert into audit (utility_id, actor, act, subject, detail)
    values (own_utility, 'system:sign-in', 'session.started', $1 || ':' || who.subject_id, jsonb_build_object('sessionId', opened.session_id));
    return query select 'in', null::timestamptz, opened.expires_at;
    return;
  end if;
  select * into refused from count_refusal(own_utility, $1, typed, from_device, from_address);
  if who.subject_id is not null then
    insert into audit (utility_id, actor, act, subject, detail)
    values (own_utility, 'system:sign-in', 'session.refused', $1 || ':' || who.subject_id, jsonb_strip_nulls(jsonb_build_object(
      'failedCount', refused.failed_count,
      'lockedUntil', to_char(refused.locked_until at time zone 'Asia/Tokyo', 'YYYY-MM-DD"T"HH24:MI:SS"+09:00"'))));
  end if;
  perform clear_sign_in_tries(own_utility, 50000);
  return query select case when refused.locked_until is null then 'wrong' else 'locked' end, refused.locked_until, null::timestamptz;
end $$;
comment on function finish_sign_in is 'One try with the key that scrypt derived: opens a session with the hash of its token, or counts. Outcome in, wrong or locked; while it is locked nothing is compared.';

create function end_session(session_id uuid, everywhere boolean) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  own record;
  person text;
  ended integer;
begin
  select s.utility_id, s.account_id, s.occupancy_id into own from session s
  where s.utility_id = current_utility_id() and s.session_id = $1;
  update session s set revoked_at = now()
  where s.utility_id = own.utility_id and s.revoked_at is null and s.expires_at > now()
    and (s.session_id = $1 or $2 and (s.account_id = own.account_id or s.occupancy_id = own.occupancy_id));
  get diagnostics ended = row_count;
  if ended > 0 then
    person := coalesce('staff:' || own.account_id, 'consumer:' || own.occupancy_id);
    insert into audit (utility_id, actor, act, subject, detail)
    values (own.utility_id, person, case when $2 then 'session.all-ended' else 'session.ended' end, person,
            case when $2 then jsonb_build_object('sessions', ended) else jsonb_build_object('sessionId', $1) end);
  end if;
  return ended;
end $$;
comment on function end_session is 'Ends a session of this transaction''s utility, or all of the person behind it, in the person''s name; returns how many there were.';

create function forget_sign_in_tries(kind text, name text) returns void
  language sql security definer set search_path = public, pg_temp
as $$
  update sign_in_try t set failed_count = 0, locked_until = null
  where t.utility_id = current_utility_id() and t.kind = $1 and t.typed_hash = sign_in_keyed_hash('name ' || $2)
$$;
comment on function forget_sign_in_tries is 'Opens a name of this transaction''s utility for everybody for whom it is closed, and begins to count anew. For the operator''s commands.';

grant create on schema public to kenshin_lookup;
alter function forget_sign_in_tries owner to kenshin_lookup;
alter function begin_sign_in owner to kenshin_lookup;
alter function finish_sign_in owner to kenshin_lookup;
alter function end_session owner to kenshin_lookup;
revoke create on schema public from kenshin_lookup;
revoke execute on function begin_sign_in, finish_sign_in, end_session, forget_sign_in_tries from public;
