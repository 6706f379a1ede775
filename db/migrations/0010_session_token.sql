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

-- claim_session (0013) asks by the hash.
drop function live_session(uuid);
