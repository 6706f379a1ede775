-- What a terminal was proven to have taken from the cloud, tests of terminals, and what the sidecar has to look at between
-- two rounds of its schedule.

create table terminal_setting (
  utility_id integer not null references utility,
  terminal_id integer not null,
  report_minute smallint not null,
  report_window_minutes smallint not null,
  generation smallint not null,
  proven_at timestamptz not null,
  primary key (utility_id, terminal_id),
  foreign key (utility_id, terminal_id) references terminal (utility_id, terminal_id)
);
comment on table terminal_setting is 'The clock and report window that a terminal acknowledged last (message 82). No row: none yet.';
comment on column terminal_setting.report_minute is 'Minute of the JST day at which the report window opens that the terminal holds.';
comment on column terminal_setting.report_window_minutes is 'Length of that window. Minutes.';
comment on column terminal_setting.generation is 'Key generation that sealed the message: once that key is retired the terminal is told anew.';
comment on column terminal_setting.proven_at is 'When the terminal acknowledged it, and with it its clock.';

create table terminal_test (
  utility_id integer not null references utility,
  test_id integer not null generated always as identity,
  terminal_id integer not null,
  nonce bigint not null check (nonce between 1 and 4294967295),
  requested_at timestamptz not null,
  requested_by text not null check (requested_by <> ''),
  expires_at timestamptz not null check (expires_at > requested_at),
  sent_at timestamptz,
  acknowledged_at timestamptz,
  answered_at timestamptz,
  primary key (utility_id, test_id),
  unique (utility_id, terminal_id, nonce),
  foreign key (utility_id, terminal_id) references terminal (utility_id, terminal_id),
  check (sent_at is not null or acknowledged_at is null)
);
comment on table terminal_test is 'A test of a terminal (試験通報): a row first, a message 83 second. Each time is what was proven then.';
comment on column terminal_test.nonce is 'The number that the answering test call repeats; never 0.';
comment on column terminal_test.requested_by is 'Actor as kind:id, as in the audit.';
comment on column terminal_test.expires_at is 'From then on it is neither sent nor counted as answered.';
comment on column terminal_test.sent_at is 'When it was last handed to a connection of the terminal.';
comment on column terminal_test.acknowledged_at is 'When the terminal acknowledged it (PUBACK).';
comment on column terminal_test.answered_at is 'When its test call with this nonce was received.';
create index terminal_test_unsent on terminal_test (expires_at) where acknowledged_at is null and answered_at is null;

do $$
declare t text;
begin
  foreach t in array array['terminal_setting', 'terminal_test'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app, kenshin_ingest using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
  end loop;
end $$;
create policy lookup on terminal_test for select to kenshin_lookup using (true);

create index terminal_retired on terminal (retired_at) where retired_at is not null;

create function terminals_called(as_of timestamptz, retired_after timestamptz)
  returns table (terminal_number text, is_retired boolean)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select t.number, false
  from terminal_test x
  join terminal t on t.utility_id = x.utility_id and t.terminal_id = x.terminal_id
  where x.acknowledged_at is null and x.answered_at is null and x.expires_at > as_of
  union all
  select t.number, true from terminal t where t.retired_at > retired_after
$$;
comment on function terminals_called is 'Terminals of all utilities that a sidecar looks at when they are connected: those to test, and those retired since an instant.';
grant create on schema public to kenshin_lookup;
grant kenshin_lookup to current_user;
alter function terminals_called owner to kenshin_lookup;
revoke create on schema public from kenshin_lookup;
revoke execute on function terminals_called from public;
