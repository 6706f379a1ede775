-- A session is opened by a token that the browser alone keeps; the row has its hash. So neither a dump of the table nor
-- the audit, which names sessions by their id, opens one.

-- Nobody has a token of the sessions before this: they end here. The hash of a random text keeps their rows valid.
alter table session add column token_hash bytea not null default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
  unique check (length(token_hash) = 32);
alter table session alter column token_hash drop default;
update session set revoked_at = now() where revoked_at is null;
comment on table session is 'A sign-in. The cookie carries a token whose SHA-256 stands here; a revoked or expired row ends it at once.';
comment on column session.session_id is 'Names the session in the audit; opens nothing.';
comment on column session.token_hash is 'SHA-256 of the token in the cookie, as UTF-8 text.';
alter table session drop constraint session_session_id_key;

drop function live_session(uuid);
create function live_session(token text)
  returns table (utility_id integer, session_id uuid, account_id integer, role text, display_name text,
                 occupancy_id integer, customer_number text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select s.utility_id, s.session_id, s.account_id, a.role, a.display_name, s.occupancy_id, o.customer_number
  from session s
  left join account a on a.utility_id = s.utility_id and a.account_id = s.account_id
  left join occupancy o on o.utility_id = s.utility_id and o.occupancy_id = s.occupancy_id
  where s.token_hash = sha256(convert_to($1, 'UTF8')) and s.revoked_at is null and s.expires_at > now() and a.disabled_at is null
$$;
comment on function live_session is 'Who is behind the token of a session, or no row when it is revoked, expired or its account disabled.';

grant create on schema public to kenshin_lookup;
alter function live_session owner to kenshin_lookup;
revoke create on schema public from kenshin_lookup;
revoke execute on function live_session from public;
grant execute on function live_session to kenshin_app;
