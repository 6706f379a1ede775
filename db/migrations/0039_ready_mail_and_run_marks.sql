-- 1. Mail to members of staff who asked to be told when a closing is ready.

create table ready_mail (
  utility_id integer not null references utility,
  request_id integer not null generated always as identity,
  account_id integer not null,
  closing_day smallint not null check (closing_day between 1 and 31),
  closes_on date not null,
  each_month boolean not null,
  asked_at timestamptz not null,
  awaited_supply_point_id integer,
  look_at timestamptz,
  primary key (utility_id, request_id),
  foreign key (utility_id, account_id) references account (utility_id, account_id)
);
create unique index ready_mail_closing on ready_mail (utility_id, account_id, closing_day, closes_on) where not each_month;
create unique index ready_mail_each_month on ready_mail (utility_id, account_id, closing_day) where each_month;
create index ready_mail_next on ready_mail (utility_id, closing_day, closes_on);
comment on table ready_mail is 'Who asked for a mail when a closing is ready (締められるようになったらメールで知らせる). With the mail a request for one closing goes, and one for each month goes on to the next closing.';
comment on column ready_mail.account_id is 'Whom the mail goes to: the member of staff that asked.';
comment on column ready_mail.closing_day is '1 to 31; a month that is shorter closes on its last day.';
comment on column ready_mail.closes_on is 'JST day of the closing that the next mail is about.';
comment on column ready_mail.each_month is 'True: then the closing of the month after, and so on.';
comment on column ready_mail.awaited_supply_point_id is 'A supply point whose report was awaited when the closing was looked at last: while it is, the closing is not ready.';
comment on column ready_mail.look_at is 'The closing is not looked at before this instant; null: at once.';

alter table ready_mail enable row level security;
alter table ready_mail force row level security;
create policy tenant on ready_mail to kenshin_app, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy register on ready_mail to kenshin_register
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy lookup on ready_mail for select to kenshin_lookup using (true);
create policy register on mail for select to kenshin_register using (utility_id = (select current_utility_id()));
-- The worker tells of closings, and enters no other mail.
create policy ready_mail on mail as restrictive for insert to kenshin_worker
  with check (kind = 'closing-ready' and entered_by = 'system:readiness');

alter table mail drop constraint mail_drop_reason_check,
  add constraint mail_drop_reason_check check (drop_reason in ('account-disabled', 'no-address', 'no-right'));
comment on column mail.drop_reason is 'What the account was when the mail should have been sent: disabled, without an address, or of a role that may not read what the mail is about.';

drop function mail_recipient(bigint);
create function mail_recipient(mail_id bigint) returns table (mail_address text, is_disabled boolean, lacks_right boolean)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select a.mail_address, a.disabled_at is not null, m.kind = 'closing-ready' and a.role not in ('admin', 'billing')
  from mail m join account a on a.utility_id = m.utility_id and a.account_id = m.account_id
  where m.utility_id = (select current_utility_id()) and m.mail_id = mail_recipient.mail_id and m.state = 'waiting'
$$;
comment on function mail_recipient is 'Where a mail of this transaction''s utility goes that waits to be sent: all that the worker learns of an account.';

create function ready_mail_recipients(closing_day integer, closes_on date) returns setof integer
  language sql stable security definer set search_path = public, pg_temp
as $$
  select distinct a.account_id
  from ready_mail q join account a on a.utility_id = q.utility_id and a.account_id = q.account_id
  where q.utility_id = (select current_utility_id())
    and q.closing_day = ready_mail_recipients.closing_day and q.closes_on = ready_mail_recipients.closes_on
    and a.disabled_at is null and a.role in ('admin', 'billing')
$$;
comment on function ready_mail_recipients is 'Accounts of this transaction''s utility that asked for a closing, are not disabled and may read closings.';

create function ready_mail_account(given text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  person text := coalesce(sealed_actor(), given);
  asking integer;
begin
  if current_utility_id() is null then
    raise insufficient_privilege using message = 'no utility is set';
  end if;
  select a.account_id into asking from account a
  where a.utility_id = current_utility_id() and 'staff:' || a.account_id = person and a.role in ('admin', 'billing') and a.disabled_at is null;
  if given is distinct from person or not found then
    raise insufficient_privilege using message = format('%s may not ask for mails of closings', person);
  end if;
  return asking;
end $$;
comment on function ready_mail_account is 'The account that asks: of a session its own person, who has to be an administrator or of billing. A mail is never asked for somebody else.';

create function ready_mail_address(actor text) returns text
  language sql stable security definer set search_path = public, pg_temp
as $$
  select a.mail_address from account a where a.utility_id = current_utility_id() and a.account_id = ready_mail_account(ready_mail_address.actor)
$$;
comment on function ready_mail_address is 'Where mails to the person that asks go; null: nowhere.';

create function ready_mails(actor text)
  returns table (request_id integer, closing_day integer, closes_on date, each_month boolean, asked_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select q.request_id, q.closing_day::integer, q.closes_on, q.each_month, q.asked_at from ready_mail q
  where q.utility_id = current_utility_id() and q.account_id = ready_mail_account(ready_mails.actor)
  order by q.closing_day, q.closes_on, q.each_month
$$;
comment on function ready_mails is 'What the person asked for.';

create function sent_ready_mails(actor text, most integer)
  returns table (key text, state text, entered_at timestamptz, sent_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select m.key, m.state, m.entered_at, m.sent_at from mail m
  where m.utility_id = current_utility_id() and m.account_id = ready_mail_account(sent_ready_mails.actor) and m.kind = 'closing-ready'
  order by m.key desc limit most
$$;
comment on function sent_ready_mails is 'Mails of ready closings to the person that asks, those of the latest closings first.';

create function ask_ready_mail(closing_day integer, closes_on date, each_month boolean, asked_at timestamptz, actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  asking integer := ready_mail_account(ask_ready_mail.actor);
  asked integer;
begin
  if extract(day from ask_ready_mail.closes_on) <> least(ask_ready_mail.closing_day,
      extract(day from date_trunc('month', ask_ready_mail.closes_on::timestamp) + interval '1 month - 1 day')) then
    raise check_violation using constraint = 'ready_mail_day', message = 'the closing day does not close on that date';
  end if;
  -- Two requests of one person wait for each other.
  perform pg_advisory_xact_lock(hashtextextended(format('kenshin ready mail %s %s', tenant, asking), 0));
  if ready_mail_address(ask_ready_mail.actor) is null then
    raise check_violation using constraint = 'ready_mail_address', message = 'the account has no mail address';
  end if;
  if exists (select from ready_mail q
             where q.utility_id = tenant and q.account_id = asking and q.closing_day = ask_ready_mail.closing_day
               and (q.each_month and (ask_ready_mail.each_month or q.closes_on <= ask_ready_mail.closes_on)
                    or not ask_ready_mail.each_month and q.closes_on = ask_ready_mail.closes_on)) then
    raise check_violation using constraint = 'ready_mail_asked', message = 'the mail is asked for already';
  end if;
  if ask_ready_mail.each_month then
    -- Each month has them.
    delete from ready_mail q
    where q.utility_id = tenant and q.account_id = asking and q.closing_day = ask_ready_mail.closing_day
      and q.closes_on >= ask_ready_mail.closes_on;
  end if;
  insert into ready_mail as q (utility_id, account_id, closing_day, closes_on, each_month, asked_at)
  values (tenant, asking, ask_ready_mail.closing_day, ask_ready_mail.closes_on, ask_ready_mail.each_month, ask_ready_mail.asked_at)
  returning q.request_id into asked;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, 'staff:' || asking, 'ready-mail.asked', 'closing-day:' || ask_ready_mail.closing_day,
          jsonb_build_object('request', asked, 'closesOn', ask_ready_mail.closes_on, 'eachMonth', ask_ready_mail.each_month));
  return asked;
end $$;
comment on function ask_ready_mail is 'Asks for a mail when a closing is ready, or that one and each after it; writes the audit.';

create function withdraw_ready_mail(request_id integer, actor text) returns boolean
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  asking integer := ready_mail_account(withdraw_ready_mail.actor);
  gone ready_mail;
begin
  delete from ready_mail q
  where q.utility_id = tenant and q.account_id = asking and q.request_id = withdraw_ready_mail.request_id
  returning q.* into gone;
  if not found then return false; end if;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, 'staff:' || asking, 'ready-mail.withdrawn', 'closing-day:' || gone.closing_day,
          jsonb_build_object('request', gone.request_id, 'closesOn', gone.closes_on, 'eachMonth', gone.each_month));
  return true;
end $$;
comment on function withdraw_ready_mail is 'Takes back what the person asked for, and nobody else''s; false where there is no such request. Writes the audit.';

-- 2. The worker counts the rows of a closing by the query of all closings.

do $$
declare p record;
begin
  for p in
    select c.relname, array(select format('%I', r.rolname) from pg_roles r where r.oid = any (y.polroles)) as roles
    from pg_policy y join pg_class c on c.oid = y.polrelid
    where y.polname = 'tenant' and c.relnamespace = 'public'::regnamespace
      and c.relname in ('occupancy', 'tariff', 'former_closing_day', 'closing_run', 'closing_run_row', 'closing_run_figure',
                        'estimation_setting', 'place_circumstance', 'usage_decision', 'volume_factor', 'meter_day_revision')
      and not 'kenshin_worker'::regrole::oid = any (y.polroles)
  loop
    execute format('alter policy tenant on %I to %s, kenshin_worker', p.relname, array_to_string(p.roles, ', '));
  end loop;
end $$;

-- 3. What arrived or changed after a run of a closing was made.

create table closing_run_seen (
  utility_id integer not null,
  run_id integer not null,
  seen pg_snapshot not null,
  primary key (utility_id, run_id),
  foreign key (utility_id, run_id) references closing_run (utility_id, run_id)
);
comment on table closing_run_seen is 'Which transactions a run could see when it was opened. A run without a row, of an earlier version or of before a restore, is one of which it is not known what came after it.';
comment on column closing_run_seen.seen is 'Snapshot of the transaction that opened the run.';

create table run_change (
  utility_id integer not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  change_id bigint not null generated always as identity,
  what text not null check (what in ('late', 'back-fill', 'requested', 'completed', 'corrected', 'edited', 'judged', 'register')),
  meter_ids integer[] not null,
  days date[],
  supply_point_id integer,
  first_day date,
  last_day date,
  noted_at timestamptz not null default now(),
  primary key (utility_id, transaction_id, change_id),
  check (days is null or cardinality(days) = cardinality(meter_ids))
);
create index run_change_noted on run_change (utility_id, noted_at);
comment on table run_change is 'Changes that an issued closing may have been made without: those of the feed of changes but reports on time and limits of pressure, other verdicts, and changes of supply points. Kept for 400 days.';
comment on column run_change.transaction_id is 'The transaction that changed: a run knows the change when its snapshot contains it.';
comment on column run_change.what is 'As in day_change; judged: the verdict on a day became another.';
comment on column run_change.meter_ids is 'The meters. With days: element by element.';
comment on column run_change.days is 'JST calendar days of the meters; null for a change of the register.';
comment on column run_change.supply_point_id is 'Of a change of a supply point by a person (register_change); otherwise null.';
comment on column run_change.first_day is 'Of a change of the register the first JST day that it concerns, of days the earliest; null: all before last_day.';
comment on column run_change.last_day is 'The last such day; null: all from first_day on.';
comment on column run_change.noted_at is 'When that transaction began.';

do $$
declare t text;
begin
  foreach t in array array['closing_run_seen', 'run_change'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app, kenshin_worker using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
    execute format('create policy store on %I to kenshin_store using (true) with check (true)', t);
    -- Without a condition: comparing transactions is not known to be safe, and the key would not be used. Its function asks for one utility.
    execute format('create policy register on %I for select to kenshin_register using (true)', t);
  end loop;
end $$;

create function note_run_seen() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  insert into closing_run_seen values (new.utility_id, new.run_id, pg_current_snapshot());
  return null;
end $$;
comment on function note_run_seen is 'Keeps which changes a run could see. Its rows are read after that: a change in between is taken for one that came after it.';

create function note_run_change() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  insert into run_change (utility_id, what, meter_ids, days, first_day, last_day)
  values (new.utility_id, new.what, new.meter_ids, new.days,
          case when new.days is null then new.first_day else (select min(d) from unnest(new.days) d) end,
          case when new.days is null then new.last_day else (select max(d) from unnest(new.days) d) end);
  return null;
end $$;
comment on function note_run_change is 'Notes a change of the feed for the runs of closings that were made before it.';

create function note_run_verdict() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  insert into run_change (utility_id, what, meter_ids, days, first_day, last_day)
  values (new.utility_id, 'judged', array[new.meter_id], array[new.day], new.day, new.day);
  return null;
end $$;
comment on function note_run_verdict is 'Notes that the verdict on a day became another.';

create function note_run_register() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  insert into run_change (utility_id, what, meter_ids, supply_point_id, first_day)
  values (new.utility_id, 'register', '{}', new.supply_point_id, new.affects_from);
  return null;
end $$;
comment on function note_run_register is 'Notes a change of a supply point by a person, or its undoing.';

create trigger note_run_seen after insert on closing_run for each row execute function note_run_seen();
-- Reports on time are all but a few; a run that was made while reports were awaited names their rows.
create trigger note_run_change after insert on day_change for each row
  when (new.what not in ('on-time', 'limits')) execute function note_run_change();
create trigger note_run_verdict after insert on reading_verdict for each row
  when (cardinality(new.hours) + cardinality(new.step_hours) > 0) execute function note_run_verdict();
create trigger note_run_verdict_changed after update on reading_verdict for each row
  when ((old.hours, old.index_l, old.rules, old.step_hours, old.step_rules) is distinct from
        (new.hours, new.index_l, new.rules, new.step_hours, new.step_rules)) execute function note_run_verdict();
create trigger note_run_register after insert or update on register_change for each row execute function note_run_register();

create function run_changes_since(run_id integer, most integer, out known boolean, out days integer, out places integer, out is_part boolean)
  language plpgsql stable security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant constant integer := current_utility_id();
  looked_at constant integer := 5000;
  run closing_run;
  snapshot pg_snapshot;
  changed_meters integer[];
  changed_days date[];
  gone integer[];
begin
  select * into run from closing_run n
  where n.utility_id = tenant and n.run_id = run_changes_since.run_id and n.state in ('issued', 'superseded');
  select s.seen into snapshot from closing_run_seen s where s.utility_id = tenant and s.run_id = run.run_id;
  known := snapshot is not null and run.made_at > now() - interval '400 days'
    -- Not a snapshot of another server, which numbers its transactions otherwise.
    and pg_snapshot_xmax(snapshot) <= pg_snapshot_xmax(pg_current_snapshot());
  if known is not true then
    known := false;
    return;
  end if;
  select array_agg(c.meter_id), array_agg(c.day), coalesce(sum(c.entries) >= looked_at, false) into changed_meters, changed_days, is_part
  from (
    select l.meter_id, l.day, count(*) as entries from (
      select u.meter_id, u.day
      from run_change c cross join lateral unnest(c.meter_ids, c.days) u (meter_id, day)
      where c.utility_id = tenant and c.transaction_id >= pg_snapshot_xmin(snapshot)
        and not pg_visible_in_snapshot(c.transaction_id, snapshot)
        and c.days is not null and c.first_day <= run.closes_on and u.day <= run.closes_on
      order by c.transaction_id desc limit looked_at
    ) l group by l.meter_id, l.day
  ) c;
  -- Meters that are fitted nowhere any more are looked for among the rows themselves.
  select array_agg(distinct u.meter_id) into gone
  from (
    select unnest(changed_meters) as meter_id
    union all
    select unnest(c.meter_ids) from run_change c
    where c.utility_id = tenant and c.transaction_id >= pg_snapshot_xmin(snapshot)
      and not pg_visible_in_snapshot(c.transaction_id, snapshot) and c.days is null
  ) u
  where not exists (select from meter_fitting f where f.utility_id = tenant and f.meter_id = u.meter_id);
  select count(*) into days from (
    with read as materialized (
      select m.meter_id, r.closes_on, coalesce(jst_day(r.previous_at - interval '1 second'), run.previous_on) as from_on,
        jst_day(f.fitted_at) as fitted_on, jst_day(f.removed_at) as removed_on
      from (select distinct unnest(changed_meters) as meter_id) m
      join meter_fitting f on f.utility_id = tenant and f.meter_id = m.meter_id
      join occupancy o on o.utility_id = f.utility_id and o.supply_point_id = f.supply_point_id
      join closing_run_row r on r.utility_id = o.utility_id and r.occupancy_id = o.occupancy_id and r.run_id = run.run_id
      union all
      select g.meter_id, r.closes_on, coalesce(jst_day(r.previous_at - interval '1 second'), run.previous_on), '-infinity', null
      from closing_run_row r join unnest(gone) g (meter_id) on g.meter_id in (r.meter_id, r.previous_meter_id)
      where cardinality(gone) > 0 and r.utility_id = tenant and r.run_id = run.run_id
    )
    select c.meter_id, c.day
    from unnest(changed_meters, changed_days) c (meter_id, day)
    join read q on q.meter_id = c.meter_id and c.day between q.from_on and q.closes_on
      and c.day >= q.fitted_on and (q.removed_on is null or c.day <= q.removed_on)
    union
    -- On time, after a run that was made while they were awaited.
    select d.meter_id, d.day
    from closing_run_figure g
    join closing_run_row r on r.utility_id = g.utility_id and r.run_id = g.run_id and r.row_number = g.row_number
    join meter_day d on d.utility_id = r.utility_id and d.meter_id = r.meter_id and d.day = r.closes_on
    where (run.counts -> 'quality' ->> 'awaited')::integer > 0
      and g.utility_id = tenant and g.run_id = run.run_id and g.quality = 'awaited'
    limit most
  ) n;
  select count(*) into places from (
    select distinct s.supply_point_id
    from (
      select c.supply_point_id, c.first_day, c.last_day, true as by_person
      from run_change c
      where c.utility_id = tenant and c.transaction_id >= pg_snapshot_xmin(snapshot)
        and not pg_visible_in_snapshot(c.transaction_id, snapshot) and c.supply_point_id is not null
      union
      select f.supply_point_id, c.first_day, c.last_day, false
      from run_change c cross join lateral unnest(c.meter_ids) u (meter_id)
      join meter_fitting f on f.utility_id = c.utility_id and f.meter_id = u.meter_id
      where c.utility_id = tenant and c.transaction_id >= pg_snapshot_xmin(snapshot)
        and not pg_visible_in_snapshot(c.transaction_id, snapshot) and c.days is null
      union
      select r.supply_point_id, c.first_day, c.last_day, false
      from run_change c cross join lateral unnest(c.meter_ids) u (meter_id)
      join closing_run_row r on r.utility_id = tenant and r.run_id = run.run_id and u.meter_id in (r.meter_id, r.previous_meter_id)
      where cardinality(gone) > 0 and u.meter_id = any (gone)
        and c.utility_id = tenant and c.transaction_id >= pg_snapshot_xmin(snapshot)
        and not pg_visible_in_snapshot(c.transaction_id, snapshot) and c.days is null
    ) s
    where coalesce(s.first_day, '-infinity') <= run.closes_on and (
      exists (
        select from occupancy o
        join closing_run_row r on r.utility_id = o.utility_id and r.occupancy_id = o.occupancy_id and r.run_id = run.run_id
        where o.utility_id = tenant and o.supply_point_id = s.supply_point_id
          and coalesce(s.first_day, '-infinity') <= r.closes_on
          and coalesce(s.last_day, 'infinity') >= coalesce(jst_day(r.previous_at - interval '1 second'), run.previous_on))
      -- Whoever moved in, or came to this closing day, has no row yet.
      or s.by_person and run.customer_number is null and exists (
        select from supply_point p
        where p.utility_id = tenant and p.supply_point_id = s.supply_point_id and p.closing_day = run.closing_day))
    limit most
  ) n;
end $$;
comment on function run_changes_since is 'How many days of meters of a run''s rows arrived or changed since it was opened, and at how many supply points the register, both counted up to most. Not known of a run that is older than 400 days or than this record, or that another server made; is_part: more was changed in the utility than is looked at.';

grant create on schema public to kenshin_register, kenshin_lookup, kenshin_store;
alter function mail_recipient owner to kenshin_lookup;
alter function ready_mail_recipients owner to kenshin_lookup;
alter function ready_mail_account owner to kenshin_register;
alter function ready_mail_address owner to kenshin_register;
alter function ready_mails owner to kenshin_register;
alter function sent_ready_mails owner to kenshin_register;
alter function ask_ready_mail owner to kenshin_register;
alter function withdraw_ready_mail owner to kenshin_register;
alter function run_changes_since owner to kenshin_register;
alter function note_run_seen owner to kenshin_store;
alter function note_run_change owner to kenshin_store;
alter function note_run_verdict owner to kenshin_store;
alter function note_run_register owner to kenshin_store;
revoke create on schema public from kenshin_register, kenshin_lookup, kenshin_store;
revoke execute on function mail_recipient, ready_mail_recipients, ready_mail_account, ready_mail_address, ready_mails, sent_ready_mails,
  ask_ready_mail, withdraw_ready_mail, run_changes_since, note_run_seen, note_run_change, note_run_verdict, note_run_register from public;

insert into job_kind (kind, of_utility, max_attempts) values ('schedule-readiness', false, 5), ('announce-closings', true, 25);
