-- Keys with which programs of a utility call the API: a second way, beside the token of a session, in which a web process
-- names a utility. The key itself is kept nowhere: its row has the hash, and a taken web process can claim a key that it was
-- given and nothing else of this table.

create table api_key (
  utility_id integer not null references utility,
  api_key_id integer not null generated always as identity,
  name text not null check (name <> ''),
  key_hash bytea not null unique check (length(key_hash) = 32),
  scopes text[] not null check (cardinality(scopes) > 0 and array_ndims(scopes) = 1),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (utility_id, api_key_id),
  constraint api_key_scopes_known
    check (scopes <@ array['collection.read', 'pressure.read', 'meter.read', 'closing.read', 'closing.export']),
  check (expires_at > created_at)
);
comment on table api_key is 'A key with which a program of the utility calls the API, for reading alone. A row that is revoked or past its end opens nothing.';
comment on column api_key.name is 'What the key is for: a system, no person.';
comment on column api_key.key_hash is 'SHA-256 of the key as UTF-8 text. The key has 256 random bits.';
comment on column api_key.scopes is 'Rights that the key has.';
comment on column api_key.expires_at is 'From then on it opens nothing; issued for two years at most.';
-- Of its own, so that work of a key, whose transaction may be long, holds no row that revoking the key waits for.
create table api_key_use (
  utility_id integer not null,
  api_key_id integer not null,
  last_used_on date,
  primary key (utility_id, api_key_id),
  foreign key (utility_id, api_key_id) references api_key
);
comment on table api_key_use is 'When a key was used last. A row is made with its key.';
comment on column api_key_use.last_used_on is 'JST day on which it was looked up last, written once a day; null before.';
comment on column audit.actor is 'Who, as kind:id (staff:7, consumer:12, key:3, system:closing).';

alter table api_key enable row level security;
alter table api_key force row level security;
create policy tenant on api_key to kenshin_app
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy lookup on api_key for select to kenshin_lookup using (true);

alter table api_key_use enable row level security;
alter table api_key_use force row level security;
create policy tenant on api_key_use to kenshin_app
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy lookup on api_key_use for select to kenshin_lookup using (true);
create policy used on api_key_use for update to kenshin_lookup using (true);

create function claim_api_key(key text)
  returns table (utility_id integer, api_key_id integer, name text, scopes text[])
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  today date := (now() at time zone 'Asia/Tokyo')::date;
begin
  perform set_config('app.sealed_utility', '', true);
  select k.utility_id, k.api_key_id, k.name, k.scopes
  into claim_api_key.utility_id, claim_api_key.api_key_id, claim_api_key.name, claim_api_key.scopes
  from api_key k
  where k.key_hash = sha256(convert_to(claim_api_key.key, 'UTF8')) and k.revoked_at is null and k.expires_at > now();
  if not found then return; end if;
  perform seal_utility(claim_api_key.utility_id, 'key:' || claim_api_key.api_key_id);
  -- Where another transaction is writing the same day, that is enough: no caller waits for one of the same key.
  if current_setting('transaction_read_only') = 'off' then
    update api_key_use u set last_used_on = today
    from (
      select k.utility_id, k.api_key_id from api_key_use k
      where k.utility_id = claim_api_key.utility_id and k.api_key_id = claim_api_key.api_key_id
        and k.last_used_on is distinct from today
      for update skip locked
    ) unnoted
    where u.utility_id = unnoted.utility_id and u.api_key_id = unnoted.api_key_id;
  end if;
  return next;
end $$;
comment on function claim_api_key is 'Makes the utility of a live key that of this transaction, and the key the actor of the audit; yields whose it is, or no row and no utility when the key is unknown, revoked or past its end.';

grant create on schema public to kenshin_lookup;
alter function claim_api_key owner to kenshin_lookup;
revoke create on schema public from kenshin_lookup;
revoke execute on function claim_api_key from public;
