-- Closings as stored runs: what was given out of a closing, row by row, so that the next closing counts from it and what
-- changes afterwards is found.

create table closing_run (
  utility_id integer not null references utility,
  run_id integer not null generated always as identity,
  closing_day smallint not null check (closing_day between 1 and 31),
  closes_on date not null,
  previous_on date not null check (previous_on < closes_on),
  customer_number text check (customer_number <> ''),
  rounding text check (rounding in ('floor-of-difference', 'difference-of-floors', 'difference-of-floors-0.1')),
  rules smallint not null check (rules > 0),
  state text not null default 'draft' check (state in ('draft', 'checked', 'issued', 'superseded')),
  made_by text not null,
  made_at timestamptz not null,
  row_count integer check (row_count >= 0),
  counts json,
  checksum bytea check (length(checksum) = 32),
  issued_by text,
  issued_name text,
  issued_at timestamptz,
  supersedes integer,
  superseded_at timestamptz,
  primary key (utility_id, run_id),
  foreign key (utility_id, supersedes) references closing_run (utility_id, run_id),
  check ((row_count is null) = (state = 'draft') and (counts is null) = (state = 'draft') and (checksum is null) = (state = 'draft')),
  check ((issued_at is null) = (state in ('draft', 'checked')) and (issued_by is null) = (issued_at is null)),
  check ((superseded_at is null) = (state <> 'superseded'))
);
create unique index closing_run_issued on closing_run (utility_id, closing_day, closes_on, customer_number)
  nulls not distinct where state = 'issued';
create index closing_run_closing on closing_run (utility_id, closes_on, closing_day);
comment on table closing_run is 'A closing (締め) as it was made from the readings at one time. An issued run was given out as a file; the next closing counts from its rows. Of one closing and selection at most one run is issued; a later one supersedes it.';
comment on column closing_run.closing_day is '1 to 31; a month that is shorter closes on its last day.';
comment on column closing_run.closes_on is 'JST day whose 24:00 is the closing instant.';
comment on column closing_run.previous_on is 'JST day of the closing before.';
comment on column closing_run.customer_number is 'Only this customer; null: everybody registered for the closing day.';
comment on column closing_run.rounding is 'Rounding of billed m³ in place of the tariffs''; null: the tariffs''.';
comment on column closing_run.rules is 'Version of the rules that made the printed figures of the facts.';
comment on column closing_run.state is 'draft: rows are added; checked: rows, counts and checksum are complete; issued: given out; superseded: another run was issued in its place.';
comment on column closing_run.made_by is 'Actor as kind:id, as in the audit.';
comment on column closing_run.issued_name is 'Display name of the person, name of the key or of the command, as it was then.';
comment on column closing_run.counts is 'Rows by quality and by remark.';
comment on column closing_run.checksum is 'SHA-256 over the printed rows in their order.';
comment on column closing_run.supersedes is 'The run of the same closing and selection that was issued before.';

create table closing_run_row (
  utility_id integer not null,
  run_id integer not null,
  row_number integer not null check (row_number > 0),
  supply_point_id integer not null,
  occupancy_id integer not null,
  customer_number text not null,
  kind text not null,
  closes_on date not null,
  remembered boolean not null,
  meter_id integer,
  fitted_at timestamptz,
  index_l integer,
  read_at timestamptz,
  previous_meter_id integer,
  previous_fitted_at timestamptz,
  previous_index_l integer,
  previous_at timestamptz,
  previous_change text,
  previous_floor_l integer,
  facts json not null,
  primary key (utility_id, run_id, row_number)
);
create index closing_run_row_occupancy on closing_run_row (utility_id, occupancy_id, closes_on desc, run_id desc);
comment on table closing_run_row is 'A row of a run: the reading and the previous reading that it counts from, and all facts of which its printed row is made. Never changed. It has no foreign keys: a hundred thousand rows are written by one statement, and rows of the register that were given out must stay readable.';
comment on column closing_run_row.row_number is 'Place in the order of the file, from 1.';
comment on column closing_run_row.customer_number is 'The occupancy''s, as printed.';
comment on column closing_run_row.kind is 'regular, or final: of an occupancy that ended.';
comment on column closing_run_row.closes_on is 'JST day at whose end the row''s period ends.';
comment on column closing_run_row.remembered is 'True when the supply point was registered for the closing day of the run: later closings count from the row. False: an extraction for a customer on a day that is not theirs.';
comment on column closing_run_row.meter_id is 'The meter that was read; with fitted_at its fitting.';
comment on column closing_run_row.index_l is 'Its register in litres; null: no reading.';
comment on column closing_run_row.read_at is 'Instant of the reading.';
comment on column closing_run_row.previous_index_l is 'Register in litres from which the usage counts; with its meter, fitting and instant.';
comment on column closing_run_row.previous_change is 'changed: the readings said otherwise of the closing before than was issued; missing: the meter that was issued is not registered there any more.';
comment on column closing_run_row.previous_floor_l is 'Register in litres from which the row counted that issued the previous reading, of the same fitting; a register that falls below it began anew.';
comment on column closing_run_row.facts is 'Facts of the row as ClosingFacts (lib/closing/closing-row.ts) has them under the rules of the run.';

create table closing_run_figure (
  utility_id integer not null,
  run_id integer not null,
  row_number integer not null check (row_number > 0),
  usage_l integer,
  usage_m3 text,
  quality text not null,
  remarks text[] not null,
  primary key (utility_id, run_id, row_number),
  check ((usage_l is null) = (usage_m3 is null))
);
comment on table closing_run_figure is 'Figures printed in a row of a run, computed from its facts when it was made. Stored, so that later versions of the rules do not change what was issued. Never changed.';
comment on column closing_run_figure.usage_l is 'Usage in litres; null: it could not be billed.';
comment on column closing_run_figure.usage_m3 is 'Usage in m³ as billed, decimal text.';
comment on column closing_run_figure.quality is 'actual, substituted or none.';
comment on column closing_run_figure.remarks is 'Remarks on the row, in their order.';

create table closing_run_file (
  utility_id integer not null,
  run_id integer not null,
  export uuid not null,
  format text not null check (format <> ''),
  identifiers text,
  made_by text not null,
  made_at timestamptz not null,
  primary key (utility_id, run_id, export),
  foreign key (utility_id, run_id) references closing_run (utility_id, run_id)
);
comment on table closing_run_file is 'A file that was begun from a run; how it ended is in the audit.';
comment on column closing_run_file.export is 'The export of the audit''s acts; a file of several closings has one for all its runs.';
comment on column closing_run_file.format is 'Layout of the file.';
comment on column closing_run_file.identifiers is 'How the office formats write numbers with leading zeros; null for machine.';
comment on column closing_run_file.made_by is 'Actor as kind:id, as in the audit.';

-- Transitions. A trigger, so that the owner's changes by hand keep to them too.
create function keep_closing_run() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  if (old.state, new.state) not in (values ('draft', 'checked'), ('checked', 'issued'), ('issued', 'superseded')) then
    raise integrity_constraint_violation using message = format('a run of closings does not go from %s to %s', old.state, new.state);
  end if;
  if (new.utility_id, new.run_id, new.closing_day, new.closes_on, new.previous_on, new.customer_number, new.rounding, new.rules, new.made_by, new.made_at)
     is distinct from
     (old.utility_id, old.run_id, old.closing_day, old.closes_on, old.previous_on, old.customer_number, old.rounding, old.rules, old.made_by, old.made_at)
     or old.state <> 'draft' and (new.row_count, new.checksum) is distinct from (old.row_count, old.checksum) then
    raise integrity_constraint_violation using message = 'a run of closings stays what it was made of';
  end if;
  return new;
end $$;
comment on function keep_closing_run is 'Holds a run to its states and to what it was made of.';
create trigger keep_closing_run before update on closing_run for each row execute function keep_closing_run();

create function refuse_closing_change() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  raise integrity_constraint_violation using message = format('rows of %s are never changed', tg_table_name);
end $$;
comment on function refuse_closing_change is 'Refuses changes of the rows of runs.';
create trigger refuse_change before update or delete on closing_run_row for each statement execute function refuse_closing_change();
create trigger refuse_change before update or delete on closing_run_figure for each statement execute function refuse_closing_change();
create trigger refuse_change before update or delete on closing_run_file for each statement execute function refuse_closing_change();
create trigger refuse_change before delete on closing_run for each statement execute function refuse_closing_change();

do $$
declare t text;
begin
  foreach t in array array['closing_run', 'closing_run_row', 'closing_run_figure', 'closing_run_file'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app, kenshin_web using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
    execute format('create policy register on %I to kenshin_register using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
  end loop;
  -- Rows are added to a draft alone; by a session or a key to its own.
  foreach t in array array['closing_run_row', 'closing_run_figure'] loop
    execute format($p$create policy own_draft on %I as restrictive for insert to kenshin_web
      with check (run_id = any ((select array_agg(n.run_id) from closing_run n
        where n.state = 'draft' and n.made_by = (select sealed_actor()))::integer[]))$p$, t);
    execute format($p$create policy any_draft on %I as restrictive for insert to kenshin_app
      with check (run_id = any ((select array_agg(n.run_id) from closing_run n where n.state = 'draft')::integer[]))$p$, t);
  end loop;
end $$;
create policy own_file on closing_run_file as restrictive for insert to kenshin_web
  with check (made_by = (select sealed_actor()));
create policy register on api_key for select to kenshin_register using (utility_id = (select current_utility_id()));

create function closing_actor(given text) returns text
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare person text := sealed_actor();
begin
  if current_utility_id() is null then
    raise insufficient_privilege using message = 'no utility is set';
  end if;
  -- A command of the operator, which serves any utility and names itself.
  if person is null then return given; end if;
  if given is distinct from person or not exists (
    select from account a
    where a.utility_id = current_utility_id() and 'staff:' || a.account_id = person
      and a.role in ('admin', 'billing') and a.disabled_at is null
    union all
    select from api_key k
    where k.utility_id = current_utility_id() and 'key:' || k.api_key_id = person and 'closing.export' = any (k.scopes)
      and k.revoked_at is null
  ) then
    raise insufficient_privilege using message = format('%s may not issue closings', person);
  end if;
  return person;
end $$;
comment on function closing_actor is 'The actor that issues closings: of a session its own person, of a key itself, with the right to the closing file.';

create function open_closing_run(closing_day integer, closes_on date, previous_on date, customer_number text, rounding text,
                                 rules integer, made_at timestamptz, actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  doer text := closing_actor(open_closing_run.actor);
  opened integer;
begin
  -- One run of a utility is made at a time: the rows of one count from those that another issues.
  perform pg_advisory_xact_lock(hashtextextended('kenshin closing runs', current_utility_id()));
  if extract(day from open_closing_run.closes_on) <> least(open_closing_run.closing_day,
      extract(day from date_trunc('month', open_closing_run.closes_on::timestamp) + interval '1 month - 1 day')) then
    raise check_violation using constraint = 'closing_run_day', message = 'the closing day does not close on that date';
  end if;
  insert into closing_run as n (utility_id, closing_day, closes_on, previous_on, customer_number, rounding, rules, made_by, made_at)
  values (current_utility_id(), open_closing_run.closing_day, open_closing_run.closes_on, open_closing_run.previous_on,
          open_closing_run.customer_number, open_closing_run.rounding, open_closing_run.rules, doer, open_closing_run.made_at)
  returning n.run_id into opened;
  return opened;
end $$;
comment on function open_closing_run is 'Opens a draft of the actor; until the end of the transaction no other run of the utility is opened.';

create function check_closing_run(run_id integer, counts json, checksum bytea, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  doer text := closing_actor(check_closing_run.actor);
  tenant integer := current_utility_id();
  row_total integer;
  figures integer;
begin
  -- Both are numbered from 1 without a gap: then they belong to each other. A join might read all of the one for each of the other.
  select count(*) into row_total from closing_run_row r
  where r.utility_id = tenant and r.run_id = check_closing_run.run_id
  having count(*) = coalesce(max(r.row_number), 0);
  select count(*) into figures from closing_run_figure g
  where g.utility_id = tenant and g.run_id = check_closing_run.run_id
  having count(*) = coalesce(max(g.row_number), 0);
  if (row_total = figures) is not true then
    raise check_violation using constraint = 'closing_run_whole', message = 'a row of the run has no figures';
  end if;
  update closing_run n set state = 'checked', row_count = row_total, counts = check_closing_run.counts, checksum = check_closing_run.checksum
  where n.utility_id = tenant and n.run_id = check_closing_run.run_id and n.state = 'draft' and n.made_by = doer;
  if not found then
    raise check_violation using constraint = 'closing_run_draft', message = 'there is no such draft of this actor';
  end if;
end $$;
comment on function check_closing_run is 'Completes a draft: from here on no row is added.';

create function issue_closing_run(run_id integer, issued_at timestamptz, actor text) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  doer text := closing_actor(issue_closing_run.actor);
  tenant integer := current_utility_id();
  run closing_run;
  former integer;
begin
  select * into run from closing_run n
  where n.utility_id = tenant and n.run_id = issue_closing_run.run_id and n.state = 'checked' and n.made_by = doer
  for update;
  if not found then
    raise check_violation using constraint = 'closing_run_checked', message = 'there is no such checked run of this actor';
  end if;
  update closing_run n set state = 'superseded', superseded_at = issue_closing_run.issued_at
  where n.utility_id = tenant and n.closing_day = run.closing_day and n.closes_on = run.closes_on
    and n.customer_number is not distinct from run.customer_number and n.state = 'issued'
  returning n.run_id into former;
  update closing_run n set state = 'issued', issued_by = doer, issued_at = issue_closing_run.issued_at, supersedes = former,
    issued_name = coalesce(
      (select a.display_name from account a where a.utility_id = tenant and 'staff:' || a.account_id = doer),
      (select k.name from api_key k where k.utility_id = tenant and 'key:' || k.api_key_id = doer),
      regexp_replace(doer, '^[a-z]+:', ''))
  where n.utility_id = tenant and n.run_id = run.run_id;
  return former;
end $$;
comment on function issue_closing_run is 'Issues a checked run of the actor, in place of the one of the same closing and selection that was issued before, which it yields. The audit is written at the end of the transaction (record_issued_run).';

-- At the end of the transaction: the chain of the audit is held from the act on, and the receiver of a file may be slow.
create function record_issued_run() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  insert into audit (utility_id, actor, act, subject, detail)
  values (new.utility_id, new.issued_by, 'closing.issued', 'closing-day:' || new.closing_day,
          jsonb_build_object('run', new.run_id, 'closesOn', new.closes_on, 'customerNumber', new.customer_number, 'rounding', new.rounding,
                             'rows', new.row_count, 'checksum', encode(new.checksum, 'hex'), 'supersedes', new.supersedes,
                             'export', (select f.export from closing_run_file f
                                        where f.utility_id = new.utility_id and f.run_id = new.run_id order by f.made_at limit 1)));
  return null;
end $$;
comment on function record_issued_run is 'Puts a run that was issued into the audit.';
create constraint trigger record_issued_run after update on closing_run deferrable initially deferred
  for each row when (old.state = 'checked' and new.state = 'issued') execute function record_issued_run();

grant create on schema public to kenshin_register;
alter function record_issued_run owner to kenshin_register;
alter function closing_actor owner to kenshin_register;
alter function open_closing_run owner to kenshin_register;
alter function check_closing_run owner to kenshin_register;
alter function issue_closing_run owner to kenshin_register;
revoke create on schema public from kenshin_register;
revoke execute on function keep_closing_run, refuse_closing_change, closing_actor, open_closing_run, check_closing_run, issue_closing_run,
  record_issued_run from public;
