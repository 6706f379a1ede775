-- Mail to the staff of a utility: an outbox. A verb writes a row in its own transaction, and with it the job that hands the mail
-- to the mail server. A mail names an account: its address is looked up when it is sent, so that it goes where the account's mail
-- goes then, and nowhere once the account is disabled.

alter table account add column mail_address text
  constraint account_mail_address_plain check (
    length(mail_address) <= 254
    and mail_address ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$');
comment on column account.mail_address is 'Where mail to this member of the staff goes; null where none does.';

create table mail (
  utility_id integer not null references utility,
  mail_id bigint not null generated always as identity,
  account_id integer not null,
  kind text not null check (kind ~ '^[a-z]+(-[a-z]+)*$'),
  key text not null check (key ~ '^[A-Za-z0-9:._-]{1,80}$'),
  input jsonb not null check (jsonb_typeof(input) = 'object' and octet_length(input::text) <= 8192),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'dropped')),
  drop_reason text check (drop_reason in ('account-disabled', 'no-address')),
  attempts integer not null default 0 check (attempts >= 0),
  attempted_at timestamptz,
  last_error text check (length(last_error) <= 500),
  entered_at timestamptz not null,
  entered_by text not null check (entered_by <> ''),
  sent_at timestamptz,
  smtp_reply text check (length(smtp_reply) <= 500),
  message_id text check (length(message_id) <= 320),
  primary key (utility_id, mail_id),
  -- With the account: an event that several people have to know is a mail to each.
  unique (utility_id, account_id, kind, key),
  constraint mail_account foreign key (utility_id, account_id) references account (utility_id, account_id),
  check ((state = 'dropped') = (drop_reason is not null)),
  check ((state = 'sent') = (sent_at is not null)),
  check (state <> 'sent' or message_id is not null)
);
comment on table mail is 'Outbox: a mail to a member of the staff, with what became of it. Its text is made of kind and input when it is sent.';
comment on column mail.kind is 'What the mail is about; the kinds are in lib/mail/mail-kinds.ts.';
comment on column mail.key is 'What the mail is about in particular: of one account, kind and key there is one mail.';
comment on column mail.input is 'What the text is made of, in the shape of the kind. No secret, and nothing of a consumer but numbers.';
comment on column mail.state is 'waiting: to be sent. sent: the mail server has accepted it. failed: the mail server refused it for good, or the attempts were used up. dropped: not sent, for drop_reason.';
comment on column mail.drop_reason is 'What the account was when the mail should have been sent: disabled, or without an address.';
comment on column mail.attempts is 'How often it was begun to be handed to the mail server.';
comment on column mail.attempted_at is 'When that was begun last.';
comment on column mail.last_error is 'Why the latest attempt that failed did, without addresses; stays when a later one succeeds.';
comment on column mail.entered_by is 'Who, as kind:id, as in the audit.';
comment on column mail.sent_at is 'When the mail server had accepted it.';
comment on column mail.smtp_reply is 'The mail server''s reply to it, without addresses.';
comment on column mail.message_id is 'Its Message-ID header from the first attempt on, with angle brackets: a mail that was sent twice has it twice.';
create index mail_latest on mail (utility_id, state, mail_id desc);
create index mail_unsent on mail (state, kind, entered_at) where state in ('waiting', 'failed');

alter table mail enable row level security;
alter table mail force row level security;
create policy tenant on mail to kenshin_app, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
-- What has become of a mail stays, for the worker.
create policy unsent on mail as restrictive for update to kenshin_worker using (state = 'waiting') with check (true);
create policy lookup on mail for select to kenshin_lookup using (true);
create policy counted on mail for select to kenshin_jobs using (true);

create function mail_recipient(mail_id bigint) returns table (mail_address text, is_disabled boolean)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select a.mail_address, a.disabled_at is not null
  from mail m join account a on a.utility_id = m.utility_id and a.account_id = m.account_id
  where m.utility_id = (select current_utility_id()) and m.mail_id = mail_recipient.mail_id and m.state = 'waiting'
$$;
comment on function mail_recipient is 'Where a mail of this transaction''s utility goes that waits to be sent: all that the worker learns of an account.';

create function count_unsent_mails() returns table (kind text, state text, mails integer, oldest_entered_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select m.kind, m.state, count(*)::integer, min(m.entered_at) from mail m
  where m.state in ('waiting', 'failed') group by m.kind, m.state
$$;
comment on function count_unsent_mails is 'How many mails of all utilities wait or have failed, by kind and state, for the metrics.';

create function hold_as_mail_worker() returns void
  language sql security definer set search_path = public, pg_temp
as $$
  select pg_advisory_lock_shared(hashtextextended('kenshin mail worker', 0))
$$;
comment on function hold_as_mail_worker is 'Counts this session among the workers that live and have a mail server.';

create function count_mail_workers() returns integer
  language sql stable security definer set search_path = public, pg_temp
as $$
  select count(*)::integer from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('kenshin mail worker', 0)
$$;
comment on function count_mail_workers is 'How many workers live that have a mail server.';

insert into job_kind (kind, of_utility, max_attempts) values ('send-mail', true, 25);

grant create on schema public to kenshin_lookup, kenshin_jobs;
alter function mail_recipient owner to kenshin_lookup;
alter function count_unsent_mails owner to kenshin_jobs;
alter function hold_as_mail_worker owner to kenshin_jobs;
alter function count_mail_workers owner to kenshin_jobs;
revoke create on schema public from kenshin_lookup, kenshin_jobs;
revoke execute on function mail_recipient, count_unsent_mails, hold_as_mail_worker, count_mail_workers from public;
