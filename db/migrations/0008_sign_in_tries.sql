-- Wrong tries are kept by the name that was typed, not by the account: a name that nobody bears is closed like any other,
-- so that a lock does not tell who exists.

create table sign_in_try (
  utility_id integer not null references utility,
  kind text not null check (kind in ('staff', 'consumer')),
  typed_hash bytea not null check (length(typed_hash) = 32),
  failed_count integer not null default 0,
  locked_until timestamptz,
  tried_at timestamptz not null default now(),
  primary key (utility_id, kind, typed_hash)
);
comment on table sign_in_try is 'Wrong tries in a row of a login or customer number, whether anybody has it or not. Forgotten a day after the last one.';
comment on column sign_in_try.typed_hash is 'SHA-256 of the name as it is looked up: people also type passwords and names of persons there.';
create index sign_in_try_age on sign_in_try (utility_id, tried_at);

alter table sign_in_try enable row level security;
alter table sign_in_try force row level security;
create policy tenant on sign_in_try to kenshin_app using (utility_id = current_utility_id()) with check (utility_id = current_utility_id());
grant select, insert, update on sign_in_try to kenshin_app;
create policy forgotten on sign_in_try to kenshin_lookup using (utility_id = current_utility_id() and tried_at < now() - interval '1 day');
grant select, update, delete on sign_in_try to kenshin_lookup;

create function clear_sign_in_tries(max_rows integer) returns void
  language sql security definer set search_path = public, pg_temp
as $$
  delete from sign_in_try where (utility_id, kind, typed_hash) in (
    select utility_id, kind, typed_hash from sign_in_try order by tried_at limit max_rows for update skip locked
  )
$$;
comment on function clear_sign_in_tries is 'Removes rows of this transaction''s utility that a day has passed over: the application deletes nothing else.';

drop function staff_sign_in(text, text);
drop function consumer_sign_in(text, text);
alter table account drop column failed_count, drop column locked_until;
alter table consumer_access drop column failed_count, drop column locked_until;

create function staff_sign_in(utility_code text, login text)
  returns table (utility_id integer, account_id integer, password_hash text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select u.utility_id, a.account_id, a.password_hash
  from utility u
  left join account a on a.utility_id = u.utility_id and a.login = $2 and a.disabled_at is null
  where u.code = $1
$$;
comment on function staff_sign_in is 'The utility of a code and the account that a sign-in names there, null when nobody has the login: before this, the utility is not known.';

create function consumer_sign_in(utility_code text, customer_number text)
  returns table (utility_id integer, occupancy_id integer, code_hash text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select u.utility_id, c.occupancy_id, c.code_hash
  from utility u
  left join lateral (
    select a.occupancy_id, a.code_hash
    from consumer_access a
    join occupancy o on o.utility_id = a.utility_id and o.occupancy_id = a.occupancy_id
    where a.utility_id = u.utility_id and o.customer_number = $2
    order by o.from_on desc limit 1
  ) c on true
  where u.code = $1
$$;
comment on function consumer_sign_in is 'The utility of a code and, of a customer number there, the latest occupancy that has a registration code, null when there is none: before this, the utility is not known.';

grant create on schema public to kenshin_lookup;
alter function staff_sign_in owner to kenshin_lookup;
alter function consumer_sign_in owner to kenshin_lookup;
alter function clear_sign_in_tries owner to kenshin_lookup;
revoke create on schema public from kenshin_lookup;
revoke execute on function staff_sign_in, consumer_sign_in, clear_sign_in_tries from public;
grant execute on function staff_sign_in, consumer_sign_in, clear_sign_in_tries to kenshin_app;
