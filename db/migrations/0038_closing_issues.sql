-- Issuing of closings as stored work: a person or a program asks for it, the worker does it, and its progress and end stand here.

insert into job_kind (kind, of_utility, max_attempts) values ('issue-closings', true, 25);

create table closing_issue (
  utility_id integer not null references utility,
  issue_id integer not null generated always as identity,
  closing_day smallint not null check (closing_day between 1 and 31),
  closes_on date[] not null check (cardinality(closes_on) between 1 and 240),
  customer_number text check (customer_number <> ''),
  rounding text check (rounding in ('floor-of-difference', 'difference-of-floors', 'difference-of-floors-0.1')),
  format text not null check (format <> ''),
  identifiers text,
  layout_id integer,
  asked_by text not null,
  asked_name text not null,
  asked_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'making', 'issued', 'failed', 'cancelled')),
  attempts smallint not null default 0 check (attempts >= 0),
  begun_at timestamptz,
  phase text check (phase in ('reading', 'figures', 'file', 'storing')),
  making_on date,
  rows_done integer check (rows_done >= 0),
  rows_total integer check (rows_total >= 0),
  heartbeat_at timestamptz,
  run_ids integer[] not null default '{}',
  new_run_ids integer[] not null default '{}' check (new_run_ids <@ run_ids),
  failure text check (failure in ('right-ended', 'no-rows', 'does-not-fit', 'too-many-rows', 'refused', 'fault', 'worker-ended')),
  failure_detail text,
  faults json,
  ended_at timestamptz,
  ended_by text,
  ended_name text,
  primary key (utility_id, issue_id),
  foreign key (utility_id, layout_id) references closing_layout (utility_id, layout_id),
  check ((layout_id is null) = (format <> 'layout')),
  check ((attempts = 0) = (begun_at is null)),
  check (state <> 'waiting' or attempts = 0),
  check ((cardinality(run_ids) > 0) = (state = 'issued')),
  check ((failure is not null) = (state = 'failed')),
  check ((ended_at is not null) = (state in ('issued', 'failed', 'cancelled')) and (ended_by is null) = (ended_at is null) and (ended_name is null) = (ended_at is null))
);
create index closing_issue_open on closing_issue (utility_id, issue_id) where state in ('waiting', 'making');
create index closing_issue_closing on closing_issue (utility_id, closing_day, issue_id);
comment on table closing_issue is 'A request to issue closings, carried out by the worker: who asked, how far it is, how it ended. Runs and end are committed together.';
comment on column closing_issue.closing_day is '1 to 31; a month that is shorter closes on its last day.';
comment on column closing_issue.closes_on is 'JST days whose 24:00 are the closing instants, in order; all had passed when it was asked.';
comment on column closing_issue.customer_number is 'Only this customer; null: everybody registered for the closing day.';
comment on column closing_issue.rounding is 'Rounding of billed m³ in place of the tariffs''; null: the tariffs''.';
comment on column closing_issue.format is 'Kind of the file that is wanted of the runs; nothing is issued whose rows do not fit it.';
comment on column closing_issue.identifiers is 'How the office formats write numbers with leading zeros; null: the usual way.';
comment on column closing_issue.layout_id is 'The utility''s own layout, for the format layout.';
comment on column closing_issue.asked_by is 'Actor as kind:id, as in the audit; the runs are issued in this name.';
comment on column closing_issue.asked_name is 'Display name of the person, name of the key or of the command, as it was then.';
comment on column closing_issue.state is 'waiting: for the worker; making: it is being made, or is begun again; issued: its runs are there; failed, cancelled: nothing was issued.';
comment on column closing_issue.attempts is 'How often it was begun; more than once after a worker ended.';
comment on column closing_issue.begun_at is 'When the latest attempt began.';
comment on column closing_issue.phase is 'reading: rows are made from the readings; figures: usages are computed; file: rows are tried in the wanted file; storing: it is committed.';
comment on column closing_issue.making_on is 'The closing that is being made.';
comment on column closing_issue.rows_done is 'Rows of that closing that the phase is done with; null: not known.';
comment on column closing_issue.rows_total is 'Rows of that closing; null: not known yet.';
comment on column closing_issue.heartbeat_at is 'When the worker was last heard of it.';
comment on column closing_issue.run_ids is 'Runs of the closings, in their order: new ones, or those that were issued before with the very same rows.';
comment on column closing_issue.new_run_ids is 'Those of them that it issued.';
comment on column closing_issue.failure is 'right-ended: of the one who asked; no-rows: there is nothing to issue; does-not-fit: a row does not fit the wanted file; too-many-rows: for a workbook; refused: by a rule; fault: of the program or the database; worker-ended: too often.';
comment on column closing_issue.failure_detail is 'What was said of it.';
comment on column closing_issue.faults is 'Values that do not fit: field (row and column of the file) and message, the first ones.';
comment on column closing_issue.ended_by is 'The one who asked, who cancelled, or system:worker.';

alter table closing_issue enable row level security;
alter table closing_issue force row level security;
create policy tenant on closing_issue to kenshin_app, kenshin_web, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy register on closing_issue to kenshin_register
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy lookup on closing_issue for select to kenshin_lookup using (true);
-- The worker notes progress alone; states are changed by functions.
create policy being_made on closing_issue as restrictive for update to kenshin_worker using (state = 'making') with check (state = 'making');

-- The worker reads what a closing is made of, and adds rows to drafts of the one who asked.
alter policy tenant on occupancy to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on tariff to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on former_closing_day to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on closing_run to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on closing_run_row to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on closing_run_figure to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on closing_run_file to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on closing_layout to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on closing_layout_version to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on meter_day_revision to kenshin_app, kenshin_ingest, kenshin_web, kenshin_worker;
alter policy tenant on estimation_setting to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on place_circumstance to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on usage_decision to kenshin_app, kenshin_web, kenshin_worker;
alter policy tenant on volume_factor to kenshin_app, kenshin_web, kenshin_worker;
alter policy own_draft on closing_run_row to kenshin_web, kenshin_worker;
alter policy own_draft on closing_run_figure to kenshin_web, kenshin_worker;

create or replace function closing_actor(given text) returns text
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare person text := sealed_actor();
begin
  if current_utility_id() is null then
    raise insufficient_privilege using message = 'no utility is set';
  end if;
  if person is null then
    -- A command of the operator, which serves any utility and names itself. The worker issues for the one who asked alone.
    if not pg_has_role(session_user, 'kenshin_app', 'member') then
      raise insufficient_privilege using message = format('%s issues no closings', session_user);
    end if;
    return given;
  end if;
  if given is distinct from person or not (person like 'system:%' or exists (
    select from account a
    where a.utility_id = current_utility_id() and 'staff:' || a.account_id = person
      and a.role in ('admin', 'billing') and a.disabled_at is null
    union all
    select from api_key k
    where k.utility_id = current_utility_id() and 'key:' || k.api_key_id = person and 'closing.export' = any (k.scopes)
      and k.revoked_at is null
  )) then
    raise insufficient_privilege using message = format('%s may not issue closings', person);
  end if;
  return person;
end $$;
comment on function closing_actor is 'The actor that issues closings: of a session its own person, of a key itself, of the worker the one who asked, with the right to the closing file.';

create function closing_actor_name(actor text) returns text
  language sql stable security definer set search_path = public, pg_temp
as $$
  select coalesce(
    (select a.display_name from account a where a.utility_id = (select current_utility_id()) and 'staff:' || a.account_id = closing_actor_name.actor),
    (select k.name from api_key k where k.utility_id = (select current_utility_id()) and 'key:' || k.api_key_id = closing_actor_name.actor),
    regexp_replace(closing_actor_name.actor, '^[a-z]+:', ''))
$$;
comment on function closing_actor_name is 'Display name of a person, name of a key or of a command.';

create function ask_closing_issue(closing_day integer, closes_on date[], customer_number text, rounding text, format text, identifiers text,
                                  layout_id integer, asked_at timestamptz, actor text, out issue_id integer, out is_new boolean)
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := closing_actor(ask_closing_issue.actor);
  other closing_issue;
begin
  if exists (
    select from unnest(ask_closing_issue.closes_on) with ordinality d (day, place)
    where d.day is null or d.place > 1 and d.day <= ask_closing_issue.closes_on[d.place - 1]
      or extract(day from d.day) <> least(ask_closing_issue.closing_day, extract(day from date_trunc('month', d.day::timestamp) + interval '1 month - 1 day'))
  ) then
    raise check_violation using constraint = 'closing_issue_days', message = 'the closing day does not close on these dates';
  end if;
  -- Two that ask at one time wait for each other, so that one of them finds the other.
  perform pg_advisory_xact_lock(hashtextextended('kenshin closing issues', tenant));
  select i.* into other from closing_issue i
  where i.utility_id = tenant and i.state in ('waiting', 'making') and i.closing_day = ask_closing_issue.closing_day
    and i.customer_number is not distinct from ask_closing_issue.customer_number and i.closes_on && ask_closing_issue.closes_on
  order by i.issue_id limit 1;
  if found then
    if (other.closes_on, other.rounding) is distinct from (ask_closing_issue.closes_on, ask_closing_issue.rounding) then
      raise check_violation using constraint = 'closing_issue_other', message = format('issue %s of one of these closings is being made', other.issue_id);
    end if;
    issue_id := other.issue_id;
    is_new := false;
    return;
  end if;
  if (select count(*) from closing_issue i where i.utility_id = tenant and i.state in ('waiting', 'making')) >= 50 then
    raise check_violation using constraint = 'closing_issue_many', message = 'too many closings wait to be issued';
  end if;
  insert into closing_issue as i (utility_id, closing_day, closes_on, customer_number, rounding, format, identifiers, layout_id, asked_by, asked_name, asked_at)
  values (tenant, ask_closing_issue.closing_day, ask_closing_issue.closes_on, ask_closing_issue.customer_number, ask_closing_issue.rounding,
          ask_closing_issue.format, ask_closing_issue.identifiers, ask_closing_issue.layout_id, doer, closing_actor_name(doer), ask_closing_issue.asked_at)
  returning i.issue_id into issue_id;
  is_new := true;
  perform enqueue_job('issue-closings', tenant, '{}', 'all', null);
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'closing.issue-asked', 'closing-day:' || ask_closing_issue.closing_day,
          jsonb_build_object('issue', issue_id, 'closings', to_jsonb(ask_closing_issue.closes_on), 'customerNumber', ask_closing_issue.customer_number,
                             'rounding', ask_closing_issue.rounding));
end $$;
comment on function ask_closing_issue is 'Asks the worker to issue closings, and writes the audit. Where the same ones are waited for or being made, yields that issue (is_new false); with closings in common but another selection it is refused. closes_on: days in order.';

create function cancel_closing_issue(issue_id integer, cancelled_at timestamptz, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := closing_actor(cancel_closing_issue.actor);
  day integer;
begin
  -- The end of a transaction that issues holds the row: either it is too late, or that transaction finds itself cancelled.
  update closing_issue i set state = 'cancelled', ended_at = cancel_closing_issue.cancelled_at, ended_by = doer, ended_name = closing_actor_name(doer)
  where i.utility_id = tenant and i.issue_id = cancel_closing_issue.issue_id and i.state in ('waiting', 'making')
  returning i.closing_day into day;
  if not found then
    raise check_violation using constraint = 'closing_issue_ended', message = 'the issue has ended';
  end if;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'closing.issue-cancelled', 'closing-day:' || day, jsonb_build_object('issue', cancel_closing_issue.issue_id));
end $$;
comment on function cancel_closing_issue is 'Cancels an issue that has not ended; from then on nothing of it can be issued. Writes the audit.';

-- The worker acts for the one who asked while that issue is open and the person or key may issue closings.
create function claim_closing_issue(utility_id integer, issue_id integer)
  returns table (actor text, account_id integer, role text, api_key_id integer, name text, scopes text[])
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform set_config('app.sealed_utility', '', true);
  select i.asked_by, a.account_id, a.role, k.api_key_id, i.asked_name, k.scopes
  into claim_closing_issue.actor, claim_closing_issue.account_id, claim_closing_issue.role, claim_closing_issue.api_key_id,
       claim_closing_issue.name, claim_closing_issue.scopes
  from closing_issue i
  left join account a on a.utility_id = i.utility_id and 'staff:' || a.account_id = i.asked_by
    and a.disabled_at is null and a.role in ('admin', 'billing')
  left join api_key k on k.utility_id = i.utility_id and 'key:' || k.api_key_id = i.asked_by
    and k.revoked_at is null and k.expires_at > now() and 'closing.export' = any (k.scopes)
  where i.utility_id = claim_closing_issue.utility_id and i.issue_id = claim_closing_issue.issue_id and i.state in ('waiting', 'making')
    and (a.account_id is not null or k.api_key_id is not null or i.asked_by like 'system:%');
  if not found then return; end if;
  perform seal_utility(claim_closing_issue.utility_id, claim_closing_issue.actor);
  return next;
end $$;
comment on function claim_closing_issue is 'Makes the utility of an open issue that of this transaction, and the one who asked for it the actor of the audit; yields who that is, or no row and no utility when the issue has ended, or the right of the one who asked.';

create function begin_closing_issue(issue_id integer, begun_at timestamptz) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare begun closing_issue;
begin
  update closing_issue i set state = 'making', attempts = i.attempts + 1, begun_at = begin_closing_issue.begun_at, phase = 'reading',
    making_on = i.closes_on[1], rows_done = null, rows_total = null, heartbeat_at = begin_closing_issue.begun_at
  where i.utility_id = current_utility_id() and i.issue_id = begin_closing_issue.issue_id and i.state in ('waiting', 'making')
    and i.asked_by = sealed_actor()
  returning i.* into begun;
  if not found then return null; end if;
  -- Before its rows are read: what is undone of the register from here on finds that they are (closing_files).
  insert into audit (utility_id, actor, act, subject, detail)
  values (begun.utility_id, begun.asked_by, 'closing.issue-begun', 'closing-day:' || begun.closing_day,
          jsonb_build_object('issue', begun.issue_id, 'closings', to_jsonb(begun.closes_on), 'customerNumber', begun.customer_number,
                             'rounding', begun.rounding, 'attempt', begun.attempts));
  return begun.attempts;
end $$;
comment on function begin_closing_issue is 'Begins an issue of the sealed actor, or begins it again; yields the number of the attempt, null when it has ended. Writes the audit.';

create function finish_closing_issue(issue_id integer, attempt integer, run_ids integer[], new_run_ids integer[], ended_at timestamptz) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare done closing_issue;
begin
  update closing_issue i set state = 'issued', phase = 'storing', run_ids = finish_closing_issue.run_ids, new_run_ids = finish_closing_issue.new_run_ids,
    heartbeat_at = finish_closing_issue.ended_at, ended_at = finish_closing_issue.ended_at, ended_by = i.asked_by, ended_name = i.asked_name
  where i.utility_id = current_utility_id() and i.issue_id = finish_closing_issue.issue_id and i.state = 'making'
    and i.attempts = finish_closing_issue.attempt and i.asked_by = sealed_actor()
  returning i.* into done;
  if not found then
    raise check_violation using constraint = 'closing_issue_making', message = 'the issue was cancelled, or is begun again by another';
  end if;
  if exists (
    select from unnest(done.run_ids) r (run_id) where not exists (
      select from closing_run n where n.utility_id = done.utility_id and n.run_id = r.run_id and n.state = 'issued'
        and n.closing_day = done.closing_day and n.closes_on = any (done.closes_on)
        and n.customer_number is not distinct from done.customer_number)
  ) then
    raise check_violation using constraint = 'closing_issue_runs', message = 'a run is not one that was issued of these closings';
  end if;
  insert into audit (utility_id, actor, act, subject, detail)
  values (done.utility_id, done.asked_by, 'closing.issue-done', 'closing-day:' || done.closing_day,
          jsonb_build_object('issue', done.issue_id, 'closings', to_jsonb(done.closes_on), 'customerNumber', done.customer_number,
                             'runs', to_jsonb(done.run_ids), 'newRuns', to_jsonb(done.new_run_ids)));
end $$;
comment on function finish_closing_issue is 'Ends an issue in the transaction that issued its runs; refuses when it was cancelled meanwhile or another attempt has begun, so that nothing is issued then. Writes the audit.';

create function fail_closing_issue(issue_id integer, attempt integer, failure text, failure_detail text, faults json, failed_at timestamptz) returns boolean
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare failed closing_issue;
begin
  update closing_issue i set state = 'failed', failure = fail_closing_issue.failure, failure_detail = left(fail_closing_issue.failure_detail, 500),
    faults = fail_closing_issue.faults, ended_at = fail_closing_issue.failed_at, ended_by = 'system:worker', ended_name = 'worker'
  where i.utility_id = current_utility_id() and i.issue_id = fail_closing_issue.issue_id and i.state in ('waiting', 'making')
    and i.attempts = fail_closing_issue.attempt
  returning i.* into failed;
  if not found then return false; end if;
  insert into audit (utility_id, actor, act, subject, detail)
  values (failed.utility_id, 'system:worker', 'closing.issue-failed', 'closing-day:' || failed.closing_day,
          jsonb_build_object('issue', failed.issue_id, 'failure', failed.failure, 'reason', failed.failure_detail));
  return true;
end $$;
comment on function fail_closing_issue is 'Ends an issue of which nothing was issued, with the reason; false when it has ended or another attempt has begun. Writes the audit.';

-- Rows of an issue that is being made may have been read before any act that comes now; those of one that ended without
-- runs were given to nobody.
create or replace function closing_files(after_act bigint, closed_since date)
  returns table (closes_on date, begun_at timestamptz, closing_day integer, customer_number text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select c.day, a.at, s.closing_day, a.detail ->> 'customerNumber'
  from audit a
  cross join lateral (select substring(a.subject from '^closing-day:([0-9]{1,2})$')::integer as closing_day) s
  -- An act with anything else in it was not written by the product, but by a web process that was taken over.
  cross join lateral (
    select case when e.value ~ '^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$' and pg_input_is_valid(e.value, 'date') then e.value::date end as day
    from jsonb_array_elements_text(case when jsonb_typeof(a.detail -> 'closings') = 'array' then a.detail -> 'closings' else '[]' end) e
  ) c
  where a.utility_id = (select current_utility_id())
    and a.act in ('closing.export-begun', 'closing.exported', 'closing.export-broken-off', 'closing.issue-begun', 'closing.issue-done')
    and case when a.act = 'closing.issue-begun'
             then exists (select from closing_issue i
                          where i.utility_id = a.utility_id and i.state = 'making' and i.issue_id::text = a.detail ->> 'issue')
             else a.audit_id > closing_files.after_act
         -- Begun before and not ended: it may have been reading its rows then, or be reading them now. None takes a day.
         or a.act = 'closing.export-begun'
            and a.at > (select x.at from audit x where x.utility_id = a.utility_id and x.audit_id = closing_files.after_act)
                       - interval '1 day'
            and not exists (
              select from audit e
              where e.utility_id = a.utility_id and e.audit_id > a.audit_id and e.actor = a.actor
                and e.act in ('closing.exported', 'closing.export-broken-off') and e.detail ->> 'export' = a.detail ->> 'export'
            )
        end
    and c.day >= closing_files.closed_since
    -- No household makes a file, and none is made before the closing (a day for clocks that differ) or of a day that does not close.
    and a.actor !~ '^consumer:'
    and (c.day + 1)::timestamp at time zone 'Asia/Tokyo' <= a.at + interval '1 day'
    and extract(day from c.day) = least(s.closing_day, extract(day from date_trunc('month', c.day::timestamp) + interval '1 month - 1 day'))
$$;
comment on function closing_files is 'Closings of a day or later of which a file was made, or a run was issued, whose rows may have been read after the given act: one that was begun, ended or broken off later, or that was begun within a day before and has no end; and those that are being issued. With act 0, all.';

grant create on schema public to kenshin_register, kenshin_lookup;
alter function closing_actor_name owner to kenshin_register;
alter function ask_closing_issue owner to kenshin_register;
alter function cancel_closing_issue owner to kenshin_register;
alter function begin_closing_issue owner to kenshin_register;
alter function finish_closing_issue owner to kenshin_register;
alter function fail_closing_issue owner to kenshin_register;
alter function claim_closing_issue owner to kenshin_lookup;
revoke create on schema public from kenshin_register, kenshin_lookup;
revoke execute on function closing_actor_name, ask_closing_issue, cancel_closing_issue, claim_closing_issue, begin_closing_issue,
  finish_closing_issue, fail_closing_issue from public;
