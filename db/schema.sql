-- Written by "npm run golden" from a freshly migrated database; not for execution. The migrations make the schema.
-- Owners are left out (the role that migrates), but for those listed at the end.

CREATE EXTENSION IF NOT EXISTS timescaledb WITH SCHEMA public;

CREATE SCHEMA series;

COMMENT ON SCHEMA series IS 'Hypertables. The application role has no right here; it reads and writes through the security-barrier views in public.';

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

CREATE TYPE public.day_report_row AS (
	meter_id integer,
	day date,
	terminal_id integer,
	index_l integer[],
	pressure_pa smallint[],
	closing_index_l integer,
	closing_hour smallint,
	counter bigint,
	frame_check integer,
	arrival smallint
);

CREATE TYPE public.terminal_mark AS (
	terminal_id integer,
	up_high bigint,
	up_window bigint,
	battery_mv integer,
	signal_dbm smallint,
	link smallint,
	firmware integer,
	clock_offset_s integer
);

CREATE FUNCTION public.actor_name_of(doer text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select coalesce((select a.display_name from account a
                   where a.utility_id = (select current_utility_id()) and 'staff:' || a.account_id = doer),
                  regexp_replace(doer, '^[a-z]+:', ''))
$$;

COMMENT ON FUNCTION public.actor_name_of(doer text) IS 'Display name of the person, or name of the command.';

CREATE TABLE public.reading_edit (
    utility_id integer NOT NULL,
    edit_id integer NOT NULL,
    meter_id integer NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    hours smallint[] NOT NULL,
    index_l integer[] NOT NULL,
    received_l integer[] NOT NULL,
    reason text NOT NULL,
    note text NOT NULL,
    moved_l bigint NOT NULL,
    counted_hours smallint[] DEFAULT '{}'::smallint[] NOT NULL,
    state text NOT NULL,
    made_by text NOT NULL,
    made_name text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    seconded_by text,
    seconded_name text,
    seconded_at timestamp with time zone,
    taken_back_by text,
    taken_back_name text,
    taken_back_at timestamp with time zone,
    superseded_by integer,
    superseded_at timestamp with time zone,
    CONSTRAINT reading_edit_check CHECK ((counted_hours <@ hours)),
    CONSTRAINT reading_edit_check1 CHECK ((((cardinality(hours) >= 1) AND (cardinality(hours) <= 24)) AND (cardinality(index_l) = cardinality(hours)) AND (cardinality(received_l) = cardinality(hours)))),
    CONSTRAINT reading_edit_check2 CHECK (((kind <> 'entered'::text) OR (cardinality(hours) = 1))),
    CONSTRAINT reading_edit_check3 CHECK (((kind = 'entered'::text) OR (index_l = received_l))),
    CONSTRAINT reading_edit_check4 CHECK (((reason <> 'other'::text) OR (note <> ''::text))),
    CONSTRAINT reading_edit_check5 CHECK ((seconded_by <> made_by)),
    CONSTRAINT reading_edit_check6 CHECK ((((seconded_by IS NULL) = (seconded_at IS NULL)) AND ((state <> 'refused'::text) OR (seconded_by IS NOT NULL)))),
    CONSTRAINT reading_edit_check7 CHECK ((((taken_back_by IS NULL) = (taken_back_at IS NULL)) AND ((taken_back_by IS NULL) = (state <> 'taken-back'::text)))),
    CONSTRAINT reading_edit_check8 CHECK ((((superseded_by IS NULL) = (superseded_at IS NULL)) AND ((superseded_by IS NULL) = (state <> 'superseded'::text)))),
    CONSTRAINT reading_edit_hours_check CHECK (((1 <= ALL (hours)) AND (24 >= ALL (hours)))),
    CONSTRAINT reading_edit_index_l_check CHECK (((array_position(index_l, NULL::integer) IS NULL) AND (0 <= ALL (index_l)))),
    CONSTRAINT reading_edit_kind_check CHECK ((kind = ANY (ARRAY['struck'::text, 'entered'::text, 'confirmed'::text]))),
    CONSTRAINT reading_edit_moved_l_check CHECK ((moved_l >= 0)),
    CONSTRAINT reading_edit_note_check CHECK (((char_length(note) <= 200) AND (note !~ '[[:cntrl:]]'::text))),
    CONSTRAINT reading_edit_reason_check CHECK ((reason = ANY (ARRAY['read-on-site'::text, 'customer-reading'::text, 'terminal-error'::text, 'display-error'::text, 'usage-explained'::text, 'work-on-meter'::text, 'wrong-entry'::text, 'other'::text]))),
    CONSTRAINT reading_edit_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'standing'::text, 'refused'::text, 'taken-back'::text, 'superseded'::text])))
);

ALTER TABLE ONLY public.reading_edit FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.reading_edit IS 'Edits of readings (訂正), all that were ever made. What an edit is about never changes; its state is moved by functions. proposed: waits for a second person and counts for nothing; standing: counts; refused: the second person said no; taken-back: a person ended it; superseded: later edits have all its hours. It has no foreign key to meter: a meter whose exchange is undone leaves the register, and comes back with the same number.';

COMMENT ON COLUMN public.reading_edit.day IS 'JST calendar day.';

COMMENT ON COLUMN public.reading_edit.kind IS 'struck (指針取消): the registers are no readings; entered (手入力): a register read otherwise; confirmed (確認済): the registers are right although a rule doubts them.';

COMMENT ON COLUMN public.reading_edit.hours IS 'Hours ending (1…24), ascending.';

COMMENT ON COLUMN public.reading_edit.index_l IS 'Element by element: the register that is entered, or the stored one that is struck or confirmed, which holds while the day has it. Litres.';

COMMENT ON COLUMN public.reading_edit.received_l IS 'The stored registers when the edit was made; null where there was none. Litres.';

COMMENT ON COLUMN public.reading_edit.reason IS 'Why, as a code (lib/editing/reading-edit.ts).';

COMMENT ON COLUMN public.reading_edit.note IS 'A short note without personal data; empty: none.';

COMMENT ON COLUMN public.reading_edit.moved_l IS 'The most by which the register at one of these hours, as a closing then would read it, becomes another. Litres.';

COMMENT ON COLUMN public.reading_edit.counted_hours IS 'Those of the hours whose received register counted when the edit was made, edits aside that nobody seconded.';

COMMENT ON COLUMN public.reading_edit.made_by IS 'Actor as kind:id, as in the audit.';

COMMENT ON COLUMN public.reading_edit.made_name IS 'Display name of the person, or name of the command, as it was then.';

COMMENT ON COLUMN public.reading_edit.seconded_by IS 'The second person, who agreed or refused; never the first.';

COMMENT ON COLUMN public.reading_edit.superseded_by IS 'The edit that took its last hour.';

CREATE FUNCTION public.announce_edit(edit public.reading_edit, actor text, act text, acknowledged date[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if act in ('reading.edited', 'reading.edit-seconded', 'reading.edit-taken-back') then
    insert into day_change (utility_id, what, meter_ids, days) values (edit.utility_id, 'edited', array[edit.meter_id], array[edit.day]);
  end if;
  insert into audit (utility_id, actor, act, subject, detail)
  values (edit.utility_id, announce_edit.actor, announce_edit.act, 'meter:' || edit.meter_id,
          jsonb_build_object('edit', edit.edit_id, 'day', edit.day, 'kind', edit.kind, 'hours', edit.hours, 'indexL', edit.index_l,
                             'receivedL', edit.received_l, 'reason', edit.reason, 'movedL', edit.moved_l,
                             'acknowledgedClosings', coalesce(acknowledged, '{}')));
end $$;

COMMENT ON FUNCTION public.announce_edit(edit public.reading_edit, actor text, act text, acknowledged date[]) IS 'Puts an act on an edit into the audit, and where what counts has changed, the day into the feed. The note stays out: it is free text.';

CREATE FUNCTION public.announce_meter(of_meter integer) RETURNS void
    LANGUAGE sql
    SET search_path TO 'public', 'pg_temp'
    AS $$
  insert into day_change (utility_id, what, meter_ids, days)
  select current_utility_id(), 'register', array_agg(of_meter order by d.day), array_agg(d.day order by d.day)
  from meter_day d where d.utility_id = current_utility_id() and d.meter_id = of_meter
  having count(*) > 0
$$;

COMMENT ON FUNCTION public.announce_meter(of_meter integer) IS 'Puts all days of a meter into the feed, as what was judged by its size and dial is to be judged again.';

CREATE FUNCTION public.ask_closing_issue(closing_day integer, closes_on date[], customer_number text, rounding text, format text, identifiers text, layout_id integer, asked_at timestamp with time zone, actor text, OUT issue_id integer, OUT is_new boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.ask_closing_issue(closing_day integer, closes_on date[], customer_number text, rounding text, format text, identifiers text, layout_id integer, asked_at timestamp with time zone, actor text, OUT issue_id integer, OUT is_new boolean) IS 'Asks the worker to issue closings, and writes the audit. Where the same ones are waited for or being made, yields that issue (is_new false); with closings in common but another selection it is refused. closes_on: days in order.';

CREATE FUNCTION public.ask_ready_mail(closing_day integer, closes_on date, each_month boolean, asked_at timestamp with time zone, actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.ask_ready_mail(closing_day integer, closes_on date, each_month boolean, asked_at timestamp with time zone, actor text) IS 'Asks for a mail when a closing is ready, or that one and each after it; writes the audit.';

CREATE FUNCTION public.begin_closing_issue(issue_id integer, begun_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.begin_closing_issue(issue_id integer, begun_at timestamp with time zone) IS 'Begins an issue of the sealed actor, or begins it again; yields the number of the attempt, null when it has ended. Writes the audit.';

CREATE FUNCTION public.begin_sign_in(kind text, utility_code text, name text, address text, device text) RETURNS TABLE(utility_id integer, salt bytea, scrypt_n integer, scrypt_r integer, scrypt_p integer, locked_until timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
  select s.utility_id,
    coalesce(s.salt, substr(sign_in_keyed_hash(concat_ws(' ', 'salt', $1, $2, $3)), 1, 16)),
    coalesce(s.scrypt_n, 32768), coalesce(s.scrypt_r, 8), coalesce(s.scrypt_p, 3),
    sign_in_closed_until(s.utility_id, $1, sign_in_keyed_hash('name ' || $3), sha256(convert_to($5, 'UTF8')),
                         sign_in_keyed_hash('address ' || $4))
  from (values (1)) one left join sign_in_subject($1, $2, $3) s on true
$_$;

COMMENT ON FUNCTION public.begin_sign_in(kind text, utility_code text, name text, address text, device text) IS 'Salt and cost of a name, steady ones of the same kind where nobody has it, and until when it may not be tried from this address and device.';

CREATE FUNCTION public.call_former_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform pg_notify('kenshin_process_' || old.process_id, old.terminal_id::text);
  return null;
end $$;

COMMENT ON FUNCTION public.call_former_owner() IS 'Tells a process that another one has its terminal now. What it makes of that it reads in the table.';

CREATE FUNCTION public.call_terminal(for_terminal integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform pg_notify('kenshin_process_' || o.process_id, for_terminal::text)
  from terminal_owner o join ingest_process p on p.process_id = o.process_id
  where o.utility_id = (select current_utility_id()) and o.terminal_id = for_terminal
    and p.alive_at > clock_timestamp() - interval '20 seconds';
  return found;
end $$;

COMMENT ON FUNCTION public.call_terminal(for_terminal integer) IS 'Has the process that holds the connection of a terminal of this transaction''s utility look at what is wanted of it, after the commit. False where it is not connected.';

CREATE FUNCTION public.cancel_closing_issue(issue_id integer, cancelled_at timestamp with time zone, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.cancel_closing_issue(issue_id integer, cancelled_at timestamp with time zone, actor text) IS 'Cancels an issue that has not ended; from then on nothing of it can be issued. Writes the audit.';

CREATE FUNCTION public.certify_usage(occupancy_id integer, closes_on date, litres integer, reason text, actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(certify_usage.actor, '{admin,billing}');
  former integer;
  decided integer;
begin
  perform hold_closing_runs();
  if not exists (select from occupancy o where o.utility_id = tenant and o.occupancy_id = certify_usage.occupancy_id) then
    raise foreign_key_violation using constraint = 'usage_decision_occupancy', message = 'there is no such occupancy';
  end if;
  if exists (select from issued_rows_of(certify_usage.occupancy_id) i where i.closes_on > certify_usage.closes_on) then
    raise check_violation using constraint = 'usage_decision_later', message = 'a later closing of the occupancy was issued';
  end if;
  update usage_decision d set withdrawn_by = doer, withdrawn_name = name_of_actor(doer), withdrawn_at = now()
  where d.utility_id = tenant and d.occupancy_id = certify_usage.occupancy_id and d.kind = 'certified'
    and d.on_day = certify_usage.closes_on and d.withdrawn_at is null
  returning d.decision_id into former;
  insert into usage_decision as d (utility_id, occupancy_id, kind, on_day, litres, reason, decided_by, decided_name, supersedes)
  values (tenant, certify_usage.occupancy_id, 'certified', certify_usage.closes_on, certify_usage.litres, certify_usage.reason, doer, name_of_actor(doer), former)
  returning d.decision_id into decided;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'usage.certified', 'occupancy:' || certify_usage.occupancy_id, jsonb_build_object(
    'decision', decided, 'closesOn', certify_usage.closes_on, 'litres', certify_usage.litres, 'supersedes', former));
  return decided;
end $$;

COMMENT ON FUNCTION public.certify_usage(occupancy_id integer, closes_on date, litres integer, reason text, actor text) IS 'Decides the usage of one closing row, in place of an earlier decision on it, while no later closing of the occupancy was issued; writes the audit.';

CREATE FUNCTION public.chain_audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    AS $$
declare
  last_row record;
begin
  if sealed_actor() is distinct from new.actor and sealed_actor() is not null then
    raise insufficient_privilege using message = format('the audit of a session names its own person, not "%s"', new.actor);
  end if;
  perform pg_advisory_xact_lock(hashtextextended('kenshin audit', new.utility_id));
  select a.audit_id, a.hash into last_row from audit a
  where a.utility_id = new.utility_id order by a.audit_id desc limit 1;
  new.audit_id := coalesce(last_row.audit_id, 0) + 1;
  new.at := clock_timestamp();
  new.previous_hash := coalesce(last_row.hash, '\x'::bytea);
  new.hash := sha256(new.previous_hash || convert_to(
    concat_ws(E'\x1f', new.utility_id, new.audit_id, to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
              new.actor, new.act, new.subject, new.detail::text), 'UTF8'));
  return new;
end $$;

CREATE FUNCTION public.change_stay(supply_point_id integer, occupancy_id integer, customer_number text, from_on date, to_on date, acknowledged_closings date[], actor text, OUT change_id integer, OUT stay_id integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(change_stay.actor);
  place supply_point;
  was occupancy;
  stay occupancy;
  what text;
  since date;
  holds date;
  act bigint;
begin
  -- Changes of one supply point wait for each other.
  select * into place from supply_point p
  where p.utility_id = tenant and p.supply_point_id = change_stay.supply_point_id for no key update;
  if not found then
    raise check_violation using constraint = 'register_change_place', message = 'there is no such supply point';
  end if;
  if change_stay.from_on < place.opened_on or coalesce(change_stay.to_on, 'infinity') > place.closed_on then
    raise check_violation using constraint = 'register_change_open', message = 'the supply point is not open on all these days';
  end if;
  if change_stay.occupancy_id is null then
    what := 'move-in';
    since := change_stay.from_on;
    holds := change_stay.from_on;
  else
    select * into was from occupancy o
    where o.utility_id = tenant and o.occupancy_id = change_stay.occupancy_id and o.supply_point_id = place.supply_point_id for update;
    if not found or change_stay.customer_number is distinct from was.customer_number then
      raise check_violation using constraint = 'register_change_stay', message = 'there is no such stay at the supply point';
    end if;
    if (was.from_on, was.to_on) is not distinct from (change_stay.from_on, change_stay.to_on) then
      raise check_violation using constraint = 'register_change_same', message = 'the stay has these days already';
    end if;
    what := case when was.to_on is null and was.from_on = change_stay.from_on then 'move-out' else 'stay-corrected' end;
    holds := least(case when was.from_on <> change_stay.from_on then least(was.from_on, change_stay.from_on) end,
                   case when was.to_on is distinct from change_stay.to_on then least(was.to_on, change_stay.to_on) end);
    -- The last day of a stay has its final row.
    since := least(case when was.from_on <> change_stay.from_on then least(was.from_on, change_stay.from_on) end,
                   case when was.to_on is distinct from change_stay.to_on then least(was.to_on, change_stay.to_on) - 1 end);
  end if;
  if was.occupancy_id is null then
    insert into occupancy (utility_id, supply_point_id, customer_number, from_on, to_on)
    values (tenant, place.supply_point_id, change_stay.customer_number, change_stay.from_on, change_stay.to_on) returning * into stay;
  else
    update occupancy o set from_on = change_stay.from_on, to_on = change_stay.to_on
    where o.utility_id = tenant and o.occupancy_id = was.occupancy_id returning * into stay;
  end if;
  insert into audit as a (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'register.' || what, 'supply-point:' || place.supply_point_id,
          jsonb_build_object('holdsFrom', holds, 'before', case when was.occupancy_id is not null then stay_facts(was) end,
                             'after', stay_facts(stay), 'acknowledgedClosings', to_jsonb(coalesce(change_stay.acknowledged_closings, '{}'))))
  returning a.audit_id into act;
  -- After its act: from here on no extraction begins, as the chain of the audit is held.
  perform refuse_unlike_closings(array(select f.closes_on from closing_files_over(place.supply_point_id, since, 0, null) f),
                                 change_stay.acknowledged_closings);
  insert into register_change as r (utility_id, kind, supply_point_id, holds_from, affects_from, occupancy_id, before, after, actor, actor_name, audit_id)
  values (tenant, what, place.supply_point_id, holds, since, stay.occupancy_id, case when was.occupancy_id is not null then stay_facts(was) end,
          stay_facts(stay), doer, actor_name_of(doer), act)
  returning r.change_id into change_stay.change_id;
  change_stay.stay_id := stay.occupancy_id;
end $$;

COMMENT ON FUNCTION public.change_stay(supply_point_id integer, occupancy_id integer, customer_number text, from_on date, to_on date, acknowledged_closings date[], actor text, OUT change_id integer, OUT stay_id integer) IS 'Begins a stay of a customer number (occupancy_id null), or gives one other days; writes the audit. acknowledged_closings names the closings that it concerns of which a file was made, all of them and no others.';

CREATE FUNCTION public.change_supply_point(supply_point_id integer, kind text, holds_from date, new_closing_day integer, new_tariff_id integer, new_area_id integer, acknowledged_closings date[], actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(change_supply_point.actor);
  was supply_point;
  place supply_point;
  what text := change_supply_point.kind;
  holds date := change_supply_point.holds_from;
  former jsonb;
  latter jsonb;
  act bigint;
  made integer;
begin
  select * into was from supply_point p
  where p.utility_id = tenant and p.supply_point_id = change_supply_point.supply_point_id for no key update;
  if not found then
    raise check_violation using constraint = 'register_change_place', message = 'there is no such supply point';
  end if;
  place := was;
  case what
    when 'supply-closed' then
      if was.closed_on is not null then
        raise check_violation using constraint = 'register_change_same', message = 'the supply ended already';
      end if;
      if exists (select from occupancy o
                 where o.utility_id = tenant and o.supply_point_id = was.supply_point_id and coalesce(o.to_on, 'infinity') > holds) then
        raise check_violation using constraint = 'register_change_vacant', message = 'somebody occupies the supply point then';
      end if;
      place.closed_on := holds;
      former := jsonb_build_object('closedOn', null);
      latter := jsonb_build_object('closedOn', holds);
    when 'supply-opened' then
      if was.closed_on is null or holds < was.closed_on then
        raise check_violation using constraint = 'register_change_same', message = 'the supply point is open then';
      end if;
      place.closed_on := null;
      former := jsonb_build_object('closedOn', was.closed_on);
      latter := jsonb_build_object('closedOn', null);
    when 'closing-day' then
      if change_supply_point.new_closing_day is null or change_supply_point.new_closing_day = was.closing_day then
        raise check_violation using constraint = 'register_change_same', message = 'the supply point has this closing day already';
      end if;
      if exists (select from former_closing_day f
                 where f.utility_id = tenant and f.supply_point_id = was.supply_point_id and f.until_on >= holds) then
        raise check_violation using constraint = 'register_change_order', message = 'the closing day was changed on a later day';
      end if;
      place.closing_day := change_supply_point.new_closing_day;
      former := jsonb_build_object('closingDay', was.closing_day);
      latter := jsonb_build_object('closingDay', place.closing_day);
      insert into former_closing_day (utility_id, supply_point_id, until_on, closing_day)
      values (tenant, was.supply_point_id, holds, was.closing_day);
    when 'tariff' then
      place.tariff_id := change_supply_point.new_tariff_id;
      if place.tariff_id is not distinct from was.tariff_id then
        raise check_violation using constraint = 'register_change_same', message = 'the supply point has this tariff already';
      end if;
      if place.tariff_id is not null and not exists (
        select from tariff t where t.utility_id = tenant and t.tariff_id = place.tariff_id and t.gas_kind = was.gas_kind
      ) then
        raise check_violation using constraint = 'register_change_gas', message = 'the tariff is not registered, or for another gas';
      end if;
      select jsonb_build_object('tariffId', was.tariff_id, 'tariffCode', max(t.code) filter (where t.tariff_id = was.tariff_id)),
             jsonb_build_object('tariffId', place.tariff_id, 'tariffCode', max(t.code) filter (where t.tariff_id = place.tariff_id))
      into former, latter from tariff t where t.utility_id = tenant;
    when 'area' then
      place.area_id := change_supply_point.new_area_id;
      if place.area_id is null or place.area_id = was.area_id then
        raise check_violation using constraint = 'register_change_same', message = 'the supply point is in this area already';
      end if;
      if not exists (select from area a where a.utility_id = tenant and a.area_id = place.area_id and a.gas_kind = was.gas_kind) then
        raise check_violation using constraint = 'register_change_gas', message = 'the area is not registered, or for another gas';
      end if;
      select jsonb_build_object('areaId', was.area_id, 'areaName', max(a.name) filter (where a.area_id = was.area_id)),
             jsonb_build_object('areaId', place.area_id, 'areaName', max(a.name) filter (where a.area_id = place.area_id))
      into former, latter from area a where a.utility_id = tenant;
    else
      raise check_violation using constraint = 'register_change_kind_check', message = 'there is no such change of a supply point';
  end case;
  update supply_point p
  set closing_day = place.closing_day, tariff_id = place.tariff_id, area_id = place.area_id, closed_on = place.closed_on
  where p.utility_id = tenant and p.supply_point_id = was.supply_point_id;
  insert into audit as a (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'register.' || what, 'supply-point:' || was.supply_point_id,
          jsonb_build_object('holdsFrom', holds, 'before', former, 'after', latter,
                             'acknowledgedClosings', to_jsonb(coalesce(change_supply_point.acknowledged_closings, '{}'))))
  returning a.audit_id into act;
  perform refuse_unlike_closings(
    array(select f.closes_on from closing_files_over(was.supply_point_id, holds, 0, was.closing_day) f where what = 'closing-day'),
    change_supply_point.acknowledged_closings);
  insert into register_change as r (utility_id, kind, supply_point_id, holds_from, affects_from, before, after, actor, actor_name, audit_id)
  values (tenant, what, was.supply_point_id, holds, holds, former, latter, doer, actor_name_of(doer), act)
  returning r.change_id into made;
  return made;
end $$;

COMMENT ON FUNCTION public.change_supply_point(supply_point_id integer, kind text, holds_from date, new_closing_day integer, new_tariff_id integer, new_area_id integer, acknowledged_closings date[], actor text) IS 'Closes the supply (閉栓) or opens it again (開栓), or gives the supply point another closing day, tariff or area; writes the audit. Of a closing day acknowledged_closings names the closings from the day on, by the old or the new closing day, of which a file was made, all of them and no others; of other kinds none.';

CREATE FUNCTION public.changes_known(was anyarray, is_now anyarray) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare k integer := array_position(was, null);
begin
  -- What is new goes where nothing was known; what then differs was known.
  while k is not null loop
    was[k] := is_now[k];
    k := array_position(was, null, k + 1);
  end loop;
  return was is distinct from is_now;
end $$;

COMMENT ON FUNCTION public.changes_known(was anyarray, is_now anyarray) IS 'True when a value that was not null is another now, or null.';

CREATE FUNCTION public.check_closing_run(run_id integer, counts json, checksum bytea, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.check_closing_run(run_id integer, counts json, checksum bytea, actor text) IS 'Completes a draft: from here on no row is added.';

CREATE FUNCTION public.claim_api_key(key text) RETURNS TABLE(utility_id integer, api_key_id integer, name text, scopes text[])
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.claim_api_key(key text) IS 'Makes the utility of a live key that of this transaction, and the key the actor of the audit; yields whose it is, or no row and no utility when the key is unknown, revoked or past its end.';

CREATE FUNCTION public.claim_closing_issue(utility_id integer, issue_id integer) RETURNS TABLE(actor text, account_id integer, role text, api_key_id integer, name text, scopes text[])
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.claim_closing_issue(utility_id integer, issue_id integer) IS 'Makes the utility of an open issue that of this transaction, and the one who asked for it the actor of the audit; yields who that is, or no row and no utility when the issue has ended, or the right of the one who asked.';

CREATE FUNCTION public.claim_session(token text) RETURNS TABLE(utility_id integer, session_id uuid, account_id integer, role text, display_name text, occupancy_id integer, customer_number text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform set_config('app.sealed_utility', '', true);
  select s.utility_id, s.session_id, s.account_id, a.role, a.display_name, s.occupancy_id, o.customer_number
  into claim_session.utility_id, claim_session.session_id, claim_session.account_id, claim_session.role,
       claim_session.display_name, claim_session.occupancy_id, claim_session.customer_number
  from session s
  left join account a on a.utility_id = s.utility_id and a.account_id = s.account_id
  left join occupancy o on o.utility_id = s.utility_id and o.occupancy_id = s.occupancy_id
  where s.token_hash = sha256(convert_to(claim_session.token, 'UTF8'))
    and s.revoked_at is null and s.expires_at > now() and a.disabled_at is null;
  if not found then return; end if;
  perform seal_utility(claim_session.utility_id, coalesce('staff:' || claim_session.account_id,
                                                          'consumer:' || claim_session.occupancy_id));
  return next;
end $$;

COMMENT ON FUNCTION public.claim_session(token text) IS 'Makes the utility of a live session that of this transaction, and its person the actor of the audit; yields who it is, or no row and no utility when the session is revoked, expired or its account disabled.';

CREATE FUNCTION public.claim_terminals(process uuid, utilities integer[], terminals integer[]) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare generations bigint[];
begin
  -- It tells of connections, which end with the machine: nothing has to be on disk.
  perform set_config('synchronous_commit', 'off', true);
  with claimed as (
    insert into terminal_owner as o (utility_id, terminal_id, process_id, since)
    select u.utility_id, u.terminal_id, process, clock_timestamp()
    from unnest(utilities, terminals) u (utility_id, terminal_id)
    order by u.utility_id, u.terminal_id
    on conflict (utility_id, terminal_id) do update
    set process_id = excluded.process_id, generation = excluded.generation, since = excluded.since
    returning o.utility_id, o.terminal_id, o.generation
  )
  select array_agg(c.generation order by u.at) into generations
  from unnest(utilities, terminals) with ordinality u (utility_id, terminal_id, at)
  join claimed c on c.utility_id = u.utility_id and c.terminal_id = u.terminal_id;
  return generations;
end $$;

COMMENT ON FUNCTION public.claim_terminals(process uuid, utilities integer[], terminals integer[]) IS 'Makes a process the owner of terminals that have connected to it, each once; yields their generations in the order given.';

CREATE FUNCTION public.clear_sign_in_tries(utility_id integer, most_rows integer) RETURNS void
    LANGUAGE sql
    AS $_$
  delete from sign_in_try t where (t.utility_id, t.kind, t.typed_hash, t.source_hash) in (
    select o.utility_id, o.kind, o.typed_hash, o.source_hash from sign_in_try o
    where o.utility_id = $1
      and (o.tried_at < now() - interval '1 day'
           or exists (select from sign_in_try m where m.utility_id = $1 offset $2 limit 1))
    order by o.tried_at limit 20
    for update skip locked
  )
$_$;

COMMENT ON FUNCTION public.clear_sign_in_tries(utility_id integer, most_rows integer) IS 'Removes the oldest rows of a utility, a few at a time: those that a day has passed over, and any while there are more than most_rows.';

CREATE FUNCTION public.closing_actor(given text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.closing_actor(given text) IS 'The actor that issues closings: of a session its own person, of a key itself, of the worker the one who asked, with the right to the closing file.';

CREATE FUNCTION public.closing_actor_name(actor text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select coalesce(
    (select a.display_name from account a where a.utility_id = (select current_utility_id()) and 'staff:' || a.account_id = closing_actor_name.actor),
    (select k.name from api_key k where k.utility_id = (select current_utility_id()) and 'key:' || k.api_key_id = closing_actor_name.actor),
    regexp_replace(closing_actor_name.actor, '^[a-z]+:', ''))
$$;

COMMENT ON FUNCTION public.closing_actor_name(actor text) IS 'Display name of a person, name of a key or of a command.';

CREATE FUNCTION public.closing_day_on(supply_point_id integer, on_day date) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select coalesce(
    (select f.closing_day from former_closing_day f
     where f.utility_id = p.utility_id and f.supply_point_id = p.supply_point_id and f.until_on > closing_day_on.on_day
     order by f.until_on limit 1), p.closing_day)::integer
  from supply_point p
  where p.utility_id = (select current_utility_id()) and p.supply_point_id = closing_day_on.supply_point_id
$$;

COMMENT ON FUNCTION public.closing_day_on(supply_point_id integer, on_day date) IS 'The closing day that a supply point has, or had, on a JST day.';

CREATE FUNCTION public.closing_files(after_act bigint, closed_since date) RETURNS TABLE(closes_on date, begun_at timestamp with time zone, closing_day integer, customer_number text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
$_$;

COMMENT ON FUNCTION public.closing_files(after_act bigint, closed_since date) IS 'Closings of a day or later of which a file was made, or a run was issued, whose rows may have been read after the given act: one that was begun, ended or broken off later, or that was begun within a day before and has no end; and those that are being issued. With act 0, all.';

CREATE FUNCTION public.closing_files_of(supply_point_id integer, closed_since timestamp with time zone, after_act bigint) RETURNS TABLE(closes_on date, begun_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select c.closes_on, min(c.begun_at)
  from closing_files(closing_files_of.after_act,
                     (closing_files_of.closed_since at time zone 'Asia/Tokyo' - interval '1 microsecond')::date) c
  join occupancy o on o.utility_id = (select current_utility_id()) and o.supply_point_id = closing_files_of.supply_point_id
    and o.from_on <= c.closes_on and (o.to_on is null or o.to_on > c.closes_on)
  where case when c.customer_number is null then c.closing_day = closing_day_on(closing_files_of.supply_point_id, c.closes_on)
             else c.customer_number = o.customer_number end
  group by c.closes_on
$$;

COMMENT ON FUNCTION public.closing_files_of(supply_point_id integer, closed_since timestamp with time zone, after_act bigint) IS 'The closings of a supply point, of an instant or later, of which a file was made whose rows may have been read after the given act: one that was begun, ended or broken off later, or that was begun within a day before and has no end. Each with the first such act. With act 0, all files.';

CREATE FUNCTION public.closing_files_over(supply_point_id integer, closed_since date, after_act bigint, other_day integer) RETURNS TABLE(closes_on date, begun_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select c.closes_on, min(c.begun_at)
  from closing_files(closing_files_over.after_act, closing_files_over.closed_since) c
  where case when c.customer_number is null
             then c.closing_day in (closing_day_on(closing_files_over.supply_point_id, c.closes_on), closing_files_over.other_day)
             else exists (
               select from occupancy o
               where o.utility_id = (select current_utility_id()) and o.supply_point_id = closing_files_over.supply_point_id
                 and o.customer_number = c.customer_number)
        end
  group by c.closes_on
$$;

COMMENT ON FUNCTION public.closing_files_over(supply_point_id integer, closed_since date, after_act bigint, other_day integer) IS 'As closing_files_of, and also where nobody occupied the supply point on the closing: the files that a change of its stays or of its closing day concerns. other_day: a closing day whose files count too; null: none.';

CREATE FUNCTION public.closings_concerned(since timestamp with time zone) RETURNS date
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    RETURN (((since - '00:00:00.000001'::interval) AT TIME ZONE 'Asia/Tokyo'::text))::date;

COMMENT ON FUNCTION public.closings_concerned(since timestamp with time zone) IS 'First JST day whose closing a change at an instant concerns: at 0:00 that of the day before.';

CREATE FUNCTION public.correct_meter(supply_point_id integer, meter_id integer, new_size numeric, new_dial_l integer, acknowledged_closings date[], actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(correct_meter.actor);
  place supply_point := hold_supply_point(correct_meter.supply_point_id);
  was meter;
  since date;
  places integer[];
begin
  select * into was from meter m where m.utility_id = tenant and m.meter_id = correct_meter.meter_id for no key update;
  select array_agg(distinct f.supply_point_id), closings_concerned(min(f.fitted_at) + interval '1 microsecond') into places, since
  from meter_fitting f where f.utility_id = tenant and f.meter_id = was.meter_id;
  if was.meter_id is null or not coalesce(place.supply_point_id = any (places), false) then
    raise check_violation using constraint = 'register_change_meter', message = 'the meter was never fitted at the supply point';
  end if;
  if (was.size, was.dial_l) = (correct_meter.new_size, correct_meter.new_dial_l) then
    raise check_violation using constraint = 'register_change_same', message = 'the meter has this size and dial already';
  end if;
  if highest_register(was.meter_id) >= correct_meter.new_dial_l then
    raise check_violation using constraint = 'register_change_dial', message = 'a register of the meter lies beyond that dial';
  end if;
  update meter m set size = correct_meter.new_size, dial_l = correct_meter.new_dial_l
  where m.utility_id = tenant and m.meter_id = was.meter_id;
  perform announce_meter(was.meter_id);
  return record_fitting_change('meter-corrected', place.supply_point_id, places, since, since,
    jsonb_build_object('meterId', was.meter_id, 'serial', was.serial, 'sizeM3PerHour', was.size, 'dialL', was.dial_l),
    jsonb_build_object('meterId', was.meter_id, 'serial', was.serial, 'sizeM3PerHour', correct_meter.new_size, 'dialL', correct_meter.new_dial_l),
    correct_meter.acknowledged_closings, doer);
end $$;

COMMENT ON FUNCTION public.correct_meter(supply_point_id integer, meter_id integer, new_size numeric, new_dial_l integer, acknowledged_closings date[], actor text) IS 'Gives a meter that is or was fitted at the supply point another size and dial, of all its days; writes the audit. acknowledged_closings names the closings since it was fitted first, at any place, of which a file was made, all of them and no others.';

CREATE FUNCTION public.correct_usage(occupancy_id integer, bills_on date, closings integer, percent numeric, direction text, reason text, actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(correct_usage.actor, '{admin,billing}');
  base record;
  former usage_decision;
  billed numeric;
  decided integer;
begin
  -- Also holds off another correction until the end of the transaction: the statements after it see that one.
  perform hold_closing_runs();
  if exists (select from issued_rows_of(correct_usage.occupancy_id) i where i.closes_on >= correct_usage.bills_on) then
    raise check_violation using constraint = 'usage_decision_issued', message = 'the period of that day was issued';
  end if;
  select sum(i.usage_m3::numeric) as m3, array_agg(i.run_id order by i.closes_on desc) as runs, count(*) as closings,
    count(i.usage_m3) as billed, min(i.closes_on) as first_on
  into base
  from (select * from issued_rows_of(correct_usage.occupancy_id) limit correct_usage.closings) i;
  -- Three months back at most: the first of three closings ended less than three months before the day.
  if correct_usage.closings not between 1 and 3 or base.closings <> correct_usage.closings or base.billed <> base.closings
     or base.first_on <= (correct_usage.bills_on - interval '3 months 1 day')::date then
    raise check_violation using constraint = 'usage_decision_base', message = 'the closings to be corrected were not all issued with a usage within three months';
  end if;
  -- By the days of the closings: a closing that was issued again has another run.
  select d.* into former from usage_decision d
  where d.utility_id = tenant and d.occupancy_id = correct_usage.occupancy_id and d.kind = 'correction' and d.withdrawn_at is null
    and exists (
      select from closing_run_row r
      where r.utility_id = tenant and r.occupancy_id = d.occupancy_id and r.run_id = any (d.base_runs) and r.remembered and r.closes_on >= base.first_on)
  order by d.decision_id limit 1;
  if found then
    raise check_violation using constraint = 'usage_decision_corrected_already',
      message = 'another correction of these closings stands',
      detail = jsonb_build_object('decisionId', former.decision_id, 'decidedName', former.decided_name,
        'decidedOn', to_char(former.decided_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD'), 'percent', trim_scale(former.percent)::text,
        'direction', former.direction)::text;
  end if;
  billed := trunc(base.m3 * (100 + case correct_usage.direction when 'fast' then -1 else 1 end * correct_usage.percent) / 100, scale(base.m3));
  insert into usage_decision as d (utility_id, occupancy_id, kind, on_day, litres, percent, direction, base_m3, base_runs, reason, decided_by, decided_name)
  values (tenant, correct_usage.occupancy_id, 'correction', correct_usage.bills_on, ((billed - base.m3) * 1000)::integer, correct_usage.percent,
          correct_usage.direction, base.m3, base.runs, correct_usage.reason, doer, name_of_actor(doer))
  returning d.decision_id into decided;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'usage.corrected', 'occupancy:' || correct_usage.occupancy_id, jsonb_build_object(
    'decision', decided, 'billsOn', correct_usage.bills_on, 'percent', correct_usage.percent::text, 'direction', correct_usage.direction,
    'baseM3', base.m3::text, 'runs', base.runs, 'litres', ((billed - base.m3) * 1000)::integer));
  return decided;
end $$;

COMMENT ON FUNCTION public.correct_usage(occupancy_id integer, bills_on date, closings integer, percent numeric, direction text, reason text, actor text) IS 'Corrects what the last closings of an occupancy billed by a meter that was found outside tolerance, fast or slow by so many %; billed with the row of the period of the day, which is not issued yet. Of a closing one correction stands. Volumes are rounded down as they were billed. Writes the audit.';

CREATE FUNCTION public.count_mail_workers() RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select count(*)::integer from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('kenshin mail worker', 0)
$$;

COMMENT ON FUNCTION public.count_mail_workers() IS 'How many workers live that have a mail server.';

CREATE FUNCTION public.count_refusal(utility_id integer, kind text, typed_hash bytea, device_hash bytea, address_hash bytea, OUT failed_count integer, OUT locked_until timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    AS $_$
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
end $_$;

COMMENT ON FUNCTION public.count_refusal(utility_id integer, kind text, typed_hash bytea, device_hash bytea, address_hash bytea, OUT failed_count integer, OUT locked_until timestamp with time zone) IS 'Counts a wrong try by its source: a known device by itself; others by name and address, by name (staff), and by address.';

CREATE FUNCTION public.count_unsent_mails() RETURNS TABLE(kind text, state text, mails integer, oldest_entered_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select m.kind, m.state, count(*)::integer, min(m.entered_at) from mail m
  where m.state in ('waiting', 'failed') group by m.kind, m.state
$$;

COMMENT ON FUNCTION public.count_unsent_mails() IS 'How many mails of all utilities wait or have failed, by kind and state, for the metrics.';

CREATE FUNCTION public.count_workers() RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select count(*)::integer from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('kenshin any worker', 0)
$$;

COMMENT ON FUNCTION public.count_workers() IS 'How many workers live.';

CREATE FUNCTION public.count_wrong_try(utility_id integer, kind text, typed_hash bytea, source_hash bytea, free_tries integer, first_s integer, longest_s integer, forget_s integer, OUT failed_count integer, OUT locked_until timestamp with time zone) RETURNS record
    LANGUAGE sql
    AS $_$
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
$_$;

COMMENT ON FUNCTION public.count_wrong_try(utility_id integer, kind text, typed_hash bytea, source_hash bytea, free_tries integer, first_s integer, longest_s integer, forget_s integer, OUT failed_count integer, OUT locked_until timestamp with time zone) IS 'Counts a wrong try. From free_tries on, each closes for twice as long as the one before, first_s to longest_s seconds; every forget_s seconds without one take one off.';

CREATE FUNCTION public.counted_register(meter_id integer, day date, hour_ending integer, edit_day date, edit_hours smallint[], edit_l integer[]) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $_$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  at timestamptz := hour_instant(counted_register.day, counted_register.hour_ending);
  fitting record;
  found_l integer;
begin
  select f.fitted_at, f.removed_at, f.start_index_l, f.final_index_l into fitting
  from meter_fitting f
  where f.utility_id = tenant and f.meter_id = counted_register.meter_id and f.fitted_at <= at and (f.removed_at is null or f.removed_at >= at)
  order by f.fitted_at desc limit 1;
  -- Of the same day; then of the two stretch before; then of all before.
  select u.index_l into found_l
  from day_registers($1, $2, $2, $4, $5, $6) d cross join lateral unnest(d.index_l) with ordinality u (index_l, hour)
  where u.index_l is not null and u.hour <= counted_register.hour_ending and hour_instant(d.day, u.hour::integer) >= fitting.fitted_at
  order by u.hour desc limit 1;
  for stretch in 1 .. 2 loop
    exit when found_l is not null;
    select d.index_l[c.hour] into found_l
    from day_registers($1, case stretch when 1 then $2 - 62 else '-infinity' end, case stretch when 1 then $2 - 1 else $2 - 63 end,
                       $4, $5, $6) d
    cross join lateral (select last_known_hour(d.index_l) as hour) c
    where c.hour is not null and hour_instant(d.day, c.hour) >= fitting.fitted_at
    order by d.day desc limit 1;
  end loop;
  found_l := coalesce(found_l, fitting.start_index_l);
  if found_l is null then
    select u.index_l into found_l
    from day_registers($1, $2, $2 + 62, $4, $5, $6) d cross join lateral unnest(d.index_l) with ordinality u (index_l, hour)
    where u.index_l is not null and (d.day > counted_register.day or u.hour > counted_register.hour_ending)
      and (fitting.removed_at is null or hour_instant(d.day, u.hour::integer) <= fitting.removed_at)
    order by d.day, u.hour limit 1;
  end if;
  return coalesce(found_l, fitting.final_index_l);
end $_$;

COMMENT ON FUNCTION public.counted_register(meter_id integer, day date, hour_ending integer, edit_day date, edit_hours smallint[], edit_l integer[]) IS 'The register that counts for the end of an hour of a meter''s JST day, with an edit or without those that nobody seconded (day_registers): the latest one up to it in the meter''s fitting, noted ones included; without one, the first after it. Litres; null where none is known.';

CREATE FUNCTION public.current_utility_id() RETURNS integer
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  given text := current_setting('app.sealed_utility', true);
  claimed integer;
  seal text;
  backend integer := pg_backend_pid();
begin
  if coalesce(given, '') = '' then return null; end if;
  claimed := split_part(given, ' ', 1)::integer;
  loop
    select encode(sha256(k.outer_key || sha256(k.inner_key || int4send(claimed) || int4send(backend)
             || timestamptz_send(transaction_timestamp()) || convert_to(split_part(given, ' ', 2), 'UTF8'))), 'hex')
    into strict seal from seal_key k;
    if seal = split_part(given, ' ', 3) then return claimed; end if;
    exit when backend <> pg_backend_pid();
    select a.leader_pid into backend from pg_stat_get_activity(pg_backend_pid()) a;
    exit when backend is null;
  end loop;
  raise insufficient_privilege using message = 'app.sealed_utility was not sealed for this backend and transaction';
end $$;

COMMENT ON FUNCTION public.current_utility_id() IS 'The utility that this transaction was sealed for (claim_session, serve_utility); null where it was for none, so that every policy fails closed.';

CREATE FUNCTION public.day_is_received(meter_id integer, day date) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return exists (
    select from series.meter_day d
    where d.utility_id = (select current_utility_id()) and d.meter_id = day_is_received.meter_id and d.day = day_is_received.day);
end $$;

COMMENT ON FUNCTION public.day_is_received(meter_id integer, day date) IS 'True when a report of the meter''s JST day is stored.';

CREATE FUNCTION public.day_registers(meter_id integer, first_day date, last_day date, edit_day date, edit_hours smallint[], edit_l integer[]) RETURNS TABLE(day date, index_l integer[])
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $_$
  select d.day,
         case when $5 is null and y.meter_id is not null then seconded_index(y, d.index_l)
              when d.day = $4 then (
                select array_agg(case when e.hour is null then u.index_l else e.index_l end order by u.k)
                from unnest(d.index_l) with ordinality u (index_l, k) left join unnest($5, $6) e (hour, index_l) on e.hour = u.k)
              else d.index_l end
  from sound_day d left join edited_day y on y.utility_id = d.utility_id and y.meter_id = d.meter_id and y.day = d.day
  where d.utility_id = current_utility_id() and d.meter_id = $1 and d.day between $2 and $3
  union all
  select $4, (select array_agg(e.index_l order by k) from generate_series(1, 24) k left join unnest($5, $6) e (hour, index_l) on e.hour = k)
  where $4 between $2 and $3
    and not exists (select from sound_day d where d.utility_id = current_utility_id() and d.meter_id = $1 and d.day = $4)
$_$;

COMMENT ON FUNCTION public.day_registers(meter_id integer, first_day date, last_day date, edit_day date, edit_hours smallint[], edit_l integer[]) IS 'The registers of a meter''s JST days that count with an edit of a day (null: a struck register), or without hours (null), those that count without the edits that no second person agreed to.';

CREATE FUNCTION public.deciding_actor(given text, roles text[]) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare person text := sealed_actor();
begin
  if current_utility_id() is null then
    raise insufficient_privilege using message = 'no utility is set';
  end if;
  -- A command of the operator, which serves any utility and names itself.
  if person is null then return given; end if;
  if given is distinct from person or not exists (
    select from account a
    where a.utility_id = current_utility_id() and 'staff:' || a.account_id = person and a.role = any (roles) and a.disabled_at is null
  ) then
    raise insufficient_privilege using message = format('%s may not decide what is billed', person);
  end if;
  return person;
end $$;

COMMENT ON FUNCTION public.deciding_actor(given text, roles text[]) IS 'The actor that decides what is billed: of a session its own person, in one of the given roles; no key.';

CREATE FUNCTION public.edit_actor(given text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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
  ) then
    raise insufficient_privilege using message = format('%s may not edit readings', person);
  end if;
  return person;
end $$;

COMMENT ON FUNCTION public.edit_actor(given text) IS 'The actor that edits readings: of a session its own person, with the right to it.';

CREATE FUNCTION public.edit_actor_name(actor text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select coalesce((select a.display_name from account a where a.utility_id = current_utility_id() and 'staff:' || a.account_id = actor),
                  regexp_replace(actor, '^[a-z]+:', ''))
$$;

COMMENT ON FUNCTION public.edit_actor_name(actor text) IS 'Display name of the person, or name of the command.';

CREATE FUNCTION public.edit_moves(meter_id integer, day date, kind text, hours smallint[], index_l integer[]) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $_$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  dial integer;
  after_l integer[] := case when kind = 'struck' then array_fill(null::integer, array[cardinality(hours)]) else index_l end;
  moved integer := 0;
begin
  select m.dial_l into dial from meter m where m.utility_id = tenant and m.meter_id = edit_moves.meter_id;
  -- Measured from what counted before anyone edited alone, so that many small edits do not add up to a large one. Where later
  -- registers are struck, this edit moves what a closing reads there too.
  select coalesce(max(register_distance(a.register, counted_register($1, p.day, p.hour, null, null, null), dial)), 0) into moved
  from (
    select $2 as day, h::integer as hour, true as is_own from unnest($4) h
    union all
    select y.day, max(e.hour)::integer, false
    from edited_day y cross join lateral unnest(y.hours, y.kinds, y.edit_ids) e (hour, kind, edit_id)
    join reading_edit r on r.utility_id = y.utility_id and r.edit_id = e.edit_id and r.seconded_by is null
    where y.utility_id = tenant and y.meter_id = edit_moves.meter_id and y.day between edit_moves.day and edit_moves.day + 62
      and e.kind = 'struck' and (y.day > edit_moves.day or e.hour <> all (edit_moves.hours))
    group by y.day
  ) p
  cross join lateral counted_register($1, p.day, p.hour, $2, $4, after_l) a (register)
  where p.is_own or a.register is distinct from counted_register($1, p.day, p.hour, $2, '{}', '{}');
  return moved;
end $_$;

COMMENT ON FUNCTION public.edit_moves(meter_id integer, day date, kind text, hours smallint[], index_l integer[]) IS 'What an edit moves: the most by which the register at one of its hours, or at a later one that is struck and follows it, as a closing then would read it, becomes another than without this edit and all that no second person agreed to. Nothing where a register that does not count is struck out. Litres, on the shorter way around the dial.';

CREATE FUNCTION public.edit_reading(meter_id integer, day date, kind text, hours smallint[], index_l integer[], reason text, note text, acknowledged_closings date[], actor text, OUT edit_id integer, OUT state text, OUT moved_l bigint) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := edit_actor(edit_reading.actor);
  dial integer;
  made reading_edit;
begin
  perform hold_edits(edit_reading.meter_id);
  select m.dial_l into dial from meter m where m.utility_id = tenant and m.meter_id = edit_reading.meter_id;
  if not found then
    raise check_violation using constraint = 'reading_edit_meter', message = 'there is no such meter';
  end if;
  if not coalesce(dial > all (edit_reading.index_l), false) then
    raise check_violation using constraint = 'reading_edit_dial', message = 'a register lies beyond the dial';
  end if;
  if edit_reading.hours is distinct from array(select distinct h from unnest(edit_reading.hours) h order by h) then
    raise check_violation using constraint = 'reading_edit_hours', message = 'the hours are not ascending';
  end if;
  if exists (
    select from unnest(edit_reading.hours) h
    where not exists (
      select from meter_fitting f
      where f.utility_id = tenant and f.meter_id = edit_reading.meter_id and f.fitted_at <= hour_instant(edit_reading.day, h)
        and (f.removed_at is null or f.removed_at >= hour_instant(edit_reading.day, h)))
  ) then
    raise check_violation using constraint = 'reading_edit_fitted', message = 'the meter was not fitted then';
  end if;
  perform require_issued_closings(edit_reading.meter_id, edit_reading.day, edit_reading.hours, edit_reading.acknowledged_closings);
  edit_reading.moved_l := edit_moves(edit_reading.meter_id, edit_reading.day, edit_reading.kind, edit_reading.hours, edit_reading.index_l);
  edit_reading.state := case when edit_reading.moved_l > (select u.second_look_l from utility u where u.utility_id = tenant)
                             then 'proposed' else 'standing' end;
  insert into reading_edit as r (utility_id, meter_id, day, kind, hours, index_l, received_l, reason, note, moved_l, counted_hours, state,
                                 made_by, made_name)
  select tenant, edit_reading.meter_id, edit_reading.day, edit_reading.kind, edit_reading.hours, edit_reading.index_l,
         array(select d.index_l[h.hour]
               from unnest(edit_reading.hours) with ordinality h (hour, place)
               left join meter_day d on d.utility_id = tenant and d.meter_id = edit_reading.meter_id and d.day = edit_reading.day
               order by h.place),
         edit_reading.reason, edit_reading.note, edit_reading.moved_l,
         array(select h from day_registers(edit_reading.meter_id, edit_reading.day, edit_reading.day, null, null, null) d
               join unnest(edit_reading.hours) h on d.index_l[h] is not null order by h),
         edit_reading.state, doer, edit_actor_name(doer)
  returning r.* into made;
  perform require_stored_registers(made);
  if made.state = 'standing' then perform enter_edited_hours(made); end if;
  perform announce_edit(made, doer, case made.state when 'standing' then 'reading.edited' else 'reading.edit-proposed' end,
                        edit_reading.acknowledged_closings);
  edit_reading.edit_id := made.edit_id;
end $$;

COMMENT ON FUNCTION public.edit_reading(meter_id integer, day date, kind text, hours smallint[], index_l integer[], reason text, note text, acknowledged_closings date[], actor text, OUT edit_id integer, OUT state text, OUT moved_l bigint) IS 'Makes an edit of a meter''s JST day. Where it moves more than the utility''s limit it is proposed, otherwise it stands at once.';

CREATE FUNCTION public.end_oldest_sessions(utility_id integer, kind text, subject_id integer, kept integer) RETURNS void
    LANGUAGE sql
    AS $_$
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
$_$;

COMMENT ON FUNCTION public.end_oldest_sessions(utility_id integer, kind text, subject_id integer, kept integer) IS 'Ends the sessions of a person but the newest, so many of which are kept.';

CREATE FUNCTION public.end_replaced_session(token text) RETURNS void
    LANGUAGE sql
    AS $_$
  with ended as (
    update session s set revoked_at = now()
    where s.token_hash = sha256(convert_to($1, 'UTF8')) and s.revoked_at is null and s.expires_at > now()
    returning s.utility_id, s.session_id, coalesce('staff:' || s.account_id, 'consumer:' || s.occupancy_id) as person
  )
  insert into audit (utility_id, actor, act, subject, detail)
  select e.utility_id, e.person, 'session.ended', e.person, jsonb_build_object('sessionId', e.session_id, 'because', 'signed in again')
  from ended e
$_$;

COMMENT ON FUNCTION public.end_replaced_session(token text) IS 'Ends the session that a browser had when it signed in again.';

CREATE FUNCTION public.end_session(session_id uuid, everywhere boolean) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
end $_$;

COMMENT ON FUNCTION public.end_session(session_id uuid, everywhere boolean) IS 'Ends a session of this transaction''s utility, or all of the person behind it, in the person''s name; returns how many there were.';

CREATE FUNCTION public.enqueue_job(kind text, for_utility integer, input jsonb, key text, run_at timestamp with time zone, keep boolean DEFAULT false) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
#variable_conflict use_variable
declare
  known job_kind;
  job_name text := format('%s:%s:%s', kind, for_utility, key);
  job_id bigint;
begin
  if for_utility is null or for_utility is distinct from current_utility_id() then
    raise insufficient_privilege using message = 'a job is entered for the utility of its transaction and for no other';
  end if;
  select k.* into known from job_kind k where k.kind = enqueue_job.kind and k.of_utility;
  if not found then
    raise invalid_parameter_value using message = format('"%s" is no kind of job of a utility', kind);
  end if;
  if key !~ '^[a-z0-9:._-]{1,60}$' then
    raise invalid_parameter_value using message = 'the key of a job has 1 to 60 small letters, digits and : . _ -';
  end if;
  if jsonb_typeof(input) is distinct from 'object' or octet_length(input::text) > 8192 then
    raise invalid_parameter_value using message = 'the input of a job is an object of at most 8192 bytes';
  end if;
  if keep then
    select j.id into job_id from graphile_worker._private_jobs j where j.key = job_name;
    if found then
      return job_id;
    end if;
  end if;
  select j.id into job_id
  from graphile_worker.add_job(
    identifier => kind,
    payload => json_build_object('utilityId', for_utility, 'input', input),
    queue_name => case when key is not null then job_name end,
    run_at => greatest(run_at, now()),
    max_attempts => known.max_attempts::integer,
    job_key => case when key is not null then job_name end
  ) j;
  return job_id;
end $_$;

COMMENT ON FUNCTION public.enqueue_job(kind text, for_utility integer, input jsonb, key text, run_at timestamp with time zone, keep boolean) IS 'Enters a job of this transaction''s utility, which exists when the transaction commits; yields its number. With a key: one that waits under it takes the new input and time, or stays as it is where keep is true, and no two of a key run at one time.';

CREATE FUNCTION public.enter_edited_hours(edit public.reading_edit) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into edited_day as y (utility_id, meter_id, day, hours, kinds, index_l, edit_ids, entered_hours, changed_at)
  select edit.utility_id, edit.meter_id, edit.day, array_agg(u.hour order by u.hour), array_agg(u.kind order by u.hour),
         array_agg(u.index_l order by u.hour), array_agg(u.edit_id order by u.hour),
         coalesce(array_agg(u.hour order by u.hour) filter (where u.kind = 'entered'), '{}'), now()
  from (
    select e.hour, edit.kind as kind, e.index_l, edit.edit_id as edit_id from unnest(edit.hours, edit.index_l) e (hour, index_l)
    union all
    select k.hour, k.kind, k.index_l, k.edit_id
    from edited_day o cross join lateral unnest(o.hours, o.kinds, o.index_l, o.edit_ids) k (hour, kind, index_l, edit_id)
    where o.utility_id = edit.utility_id and o.meter_id = edit.meter_id and o.day = edit.day and k.hour <> all (edit.hours)
  ) u
  on conflict (utility_id, meter_id, day) do update
  set hours = excluded.hours, kinds = excluded.kinds, index_l = excluded.index_l, edit_ids = excluded.edit_ids,
      entered_hours = excluded.entered_hours, changed_at = excluded.changed_at;
  update reading_edit r set state = 'superseded', superseded_by = edit.edit_id, superseded_at = now()
  where r.utility_id = edit.utility_id and r.meter_id = edit.meter_id and r.day = edit.day and r.state = 'standing'
    and r.edit_id <> all ((select y.edit_ids from edited_day y
                           where y.utility_id = edit.utility_id and y.meter_id = edit.meter_id and y.day = edit.day)::integer[]);
end $$;

COMMENT ON FUNCTION public.enter_edited_hours(edit public.reading_edit) IS 'Lets an edit stand: its hours of the day are its own, and edits that have none left are superseded.';

CREATE FUNCTION public.enter_taken_counter() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare pruned_to bigint;
begin
  update terminal_state s
  set up_high = greatest(s.up_high, new.counter),
      up_window = merge_window(s.up_high, s.up_window, new.counter, 1),
      last_seen_at = greatest(s.last_seen_at, new.received_at)
  where s.utility_id = new.utility_id and s.terminal_id = new.terminal_id
  returning s.taken_pruned_to into pruned_to;
  -- The row of a first copy may have been removed after this transaction looked for it. Tried again, it is seen.
  if new.counter <= pruned_to then
    raise serialization_failure using message = 'taken frames of the terminal were removed meanwhile';
  end if;
  return null;
end $$;

COMMENT ON FUNCTION public.enter_taken_counter() IS 'Enters the counter of a taken frame into its terminal''s replay window, and the contact.';

CREATE FUNCTION public.exchange_meter(removed_meter_id integer, exchanged_at timestamp with time zone, final_index_l integer, new_serial text, start_index_l integer, new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text, OUT exchange_id integer, OUT fitted_meter_id integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(exchange_meter.actor);
  removed record;
  fitted record;
  act bigint;
  filed date[];
  unlike date[];
begin
  select f.meter_id, f.supply_point_id, f.fitted_at, m.serial, m.dial_l, p.gas_kind into removed
  from meter_fitting f
  join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  join supply_point p on p.utility_id = f.utility_id and p.supply_point_id = f.supply_point_id
  where f.utility_id = tenant and f.meter_id = exchange_meter.removed_meter_id and f.removed_at is null
  for update of f;
  if not found then
    raise check_violation using constraint = 'meter_exchange_fitted', message = 'the meter that is to be removed is not fitted';
  end if;
  if exchange_meter.new_size is not null then
    insert into meter (utility_id, serial, gas_kind, size, dial_l, verification_expires_on)
    values (tenant, exchange_meter.new_serial, removed.gas_kind, exchange_meter.new_size, exchange_meter.new_dial_l, exchange_meter.new_expires_on);
    insert into audit (utility_id, actor, act, subject, detail)
    select tenant, doer, 'meter.registered', 'meter:' || m.meter_id,
           jsonb_build_object('serial', m.serial, 'size', m.size, 'dialL', m.dial_l)
    from meter m where m.utility_id = tenant and m.serial = exchange_meter.new_serial;
  end if;
  select m.meter_id, m.dial_l, m.gas_kind into fitted from meter m
  where m.utility_id = tenant and m.serial = exchange_meter.new_serial;
  if fitted.meter_id is null or fitted.gas_kind <> removed.gas_kind then
    raise check_violation using constraint = 'meter_exchange_meter', message = 'the new meter is not registered, or for another gas';
  end if;
  if exchange_meter.final_index_l >= removed.dial_l or exchange_meter.start_index_l >= fitted.dial_l then
    raise check_violation using constraint = 'meter_exchange_dial', message = 'an index lies beyond its dial';
  end if;
  update meter_fitting f set removed_at = exchange_meter.exchanged_at, final_index_l = exchange_meter.final_index_l
  where f.utility_id = tenant and f.meter_id = removed.meter_id and f.fitted_at = removed.fitted_at;
  insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l)
  values (tenant, fitted.meter_id, removed.supply_point_id, exchange_meter.exchanged_at, exchange_meter.start_index_l);
  insert into audit as a (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'meter.exchanged', 'supply-point:' || removed.supply_point_id,
          jsonb_build_object(
            'exchangedAt', to_char(exchange_meter.exchanged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'removedSerial', removed.serial, 'finalIndexL', exchange_meter.final_index_l,
            'fittedSerial', exchange_meter.new_serial, 'startIndexL', exchange_meter.start_index_l,
            'acknowledgedClosings', to_jsonb(coalesce(exchange_meter.acknowledged_closings, '{}'))))
  returning a.audit_id into act;
  -- After its act: from here on no extraction begins, as the chain of the audit is held.
  filed := array(select c.closes_on from closing_files_of(removed.supply_point_id, exchange_meter.exchanged_at, 0) c);
  unlike := array(select d from unnest(filed) d where d <> all (coalesce(exchange_meter.acknowledged_closings, '{}')) order by d);
  if unlike <> '{}' then
    raise check_violation using constraint = 'meter_exchange_filed', detail = array_to_string(unlike, ' '),
      message = 'files of closings were made that the exchange does not name';
  end if;
  unlike := array(select d from unnest(exchange_meter.acknowledged_closings) d where d <> all (filed) or d is null order by d);
  if unlike <> '{}' then
    raise check_violation using constraint = 'meter_exchange_not_filed', detail = array_to_string(unlike, ' '),
      message = 'no file was made of closings that the exchange names';
  end if;
  insert into meter_exchange as x (utility_id, supply_point_id, removed_meter_id, removed_fitted_at, fitted_meter_id, exchanged_at,
                                   registered_meter, audit_id)
  values (tenant, removed.supply_point_id, removed.meter_id, removed.fitted_at, fitted.meter_id, exchange_meter.exchanged_at,
          exchange_meter.new_size is not null, act)
  returning x.exchange_id into exchange_meter.exchange_id;
  exchange_meter.fitted_meter_id := fitted.meter_id;
end $$;

COMMENT ON FUNCTION public.exchange_meter(removed_meter_id integer, exchanged_at timestamp with time zone, final_index_l integer, new_serial text, start_index_l integer, new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text, OUT exchange_id integer, OUT fitted_meter_id integer) IS 'Removes the meter that is fitted and fits another at the same instant, which it registers where size and dial are given; writes the audit. acknowledged_closings names the closings at or after the instant of which a file was made, all of them and no others. The one way in which a web process changes the register, with undo_exchange.';

CREATE FUNCTION public.exchange_terminal(supply_point_id integer, number text, exchanged_at timestamp with time zone, acknowledged_closings date[], actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(exchange_terminal.actor);
  place supply_point := hold_supply_point(exchange_terminal.supply_point_id);
  fitted record;
  was record;
begin
  select t.terminal_id, t.number into fitted from terminal t
  where t.utility_id = tenant and t.number = exchange_terminal.number and t.retired_at is null;
  if not found then
    raise check_violation using constraint = 'register_change_terminal', message = 'the terminal is not registered, or out of service';
  end if;
  select t.terminal_id, t.number, f.from_at into was
  from terminal_fitting f join terminal t on t.utility_id = f.utility_id and t.terminal_id = f.terminal_id
  where f.utility_id = tenant and f.supply_point_id = place.supply_point_id and f.to_at is null for update of f;
  update terminal_fitting f set to_at = exchange_terminal.exchanged_at
  where f.utility_id = tenant and f.terminal_id = was.terminal_id and f.from_at = was.from_at;
  insert into terminal_fitting (utility_id, terminal_id, supply_point_id, from_at)
  values (tenant, fitted.terminal_id, place.supply_point_id, exchange_terminal.exchanged_at);
  return record_fitting_change('terminal-exchanged', place.supply_point_id, array[place.supply_point_id],
    (exchange_terminal.exchanged_at at time zone 'Asia/Tokyo')::date, closings_concerned(exchange_terminal.exchanged_at),
    jsonb_build_object('terminalId', was.terminal_id, 'terminalNumber', was.number),
    jsonb_build_object('terminalId', fitted.terminal_id, 'terminalNumber', fitted.number, 'exchangedAt', utc_text(exchange_terminal.exchanged_at)),
    exchange_terminal.acknowledged_closings, doer);
end $$;

COMMENT ON FUNCTION public.exchange_terminal(supply_point_id integer, number text, exchanged_at timestamp with time zone, acknowledged_closings date[], actor text) IS 'Ends the fitting of the terminal at a supply point, if there is one, and fits another that is registered and in service; writes the audit. acknowledged_closings as of remove_meter. No key is made, read or retired.';

CREATE FUNCTION public.expected_hours(day date, from_at timestamp with time zone, to_at timestamp with time zone, OUT first_hour integer, OUT last_hour integer) RETURNS record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ROW(GREATEST(1, (1 + (floor((EXTRACT(epoch FROM (from_at - ((day)::timestamp without time zone AT TIME ZONE 'Asia/Tokyo'::text))) / (3600)::numeric)))::integer)), LEAST(24, COALESCE((floor((EXTRACT(epoch FROM (to_at - ((day)::timestamp without time zone AT TIME ZONE 'Asia/Tokyo'::text))) / (3600)::numeric)))::integer, 24)));

COMMENT ON FUNCTION public.expected_hours(day date, from_at timestamp with time zone, to_at timestamp with time zone, OUT first_hour integer, OUT last_hour integer) IS 'The hours ending of a JST day that belong to a fitting [from_at, to_at); last_hour < first_hour where none do.';

CREATE FUNCTION public.fail_closing_issue(issue_id integer, attempt integer, failure text, failure_detail text, faults json, failed_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.fail_closing_issue(issue_id integer, attempt integer, failure text, failure_detail text, faults json, failed_at timestamp with time zone) IS 'Ends an issue of which nothing was issued, with the reason; false when it has ended or another attempt has begun. Writes the audit.';

CREATE FUNCTION public.finish_closing_issue(issue_id integer, attempt integer, run_ids integer[], new_run_ids integer[], ended_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.finish_closing_issue(issue_id integer, attempt integer, run_ids integer[], new_run_ids integer[], ended_at timestamp with time zone) IS 'Ends an issue in the transaction that issued its runs; refuses when it was cancelled meanwhile or another attempt has begun, so that nothing is issued then. Writes the audit.';

CREATE FUNCTION public.finish_sign_in(kind text, utility_code text, name text, derived bytea, token_hash bytea, address text, device text, replaced_token text) RETURNS TABLE(outcome text, locked_until timestamp with time zone, expires_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
end $_$;

COMMENT ON FUNCTION public.finish_sign_in(kind text, utility_code text, name text, derived bytea, token_hash bytea, address text, device text, replaced_token text) IS 'One try with the key that scrypt derived: opens a session with the hash of its token, or counts. Outcome in, wrong or locked; while it is locked nothing is compared.';

CREATE FUNCTION public.fit_meter(supply_point_id integer, serial text, fitted_at timestamp with time zone, start_index_l integer, new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(fit_meter.actor);
  place supply_point := hold_supply_point(fit_meter.supply_point_id);
  is_new boolean := fit_meter.new_size is not null;
  fitted meter;
begin
  if is_new then
    insert into meter (utility_id, serial, gas_kind, size, dial_l, verification_expires_on)
    values (tenant, fit_meter.serial, place.gas_kind, fit_meter.new_size, fit_meter.new_dial_l, fit_meter.new_expires_on);
    insert into audit (utility_id, actor, act, subject, detail)
    select tenant, doer, 'meter.registered', 'meter:' || m.meter_id, jsonb_build_object('serial', m.serial, 'size', m.size, 'dialL', m.dial_l)
    from meter m where m.utility_id = tenant and m.serial = fit_meter.serial;
  end if;
  select * into fitted from meter m where m.utility_id = tenant and m.serial = fit_meter.serial;
  if fitted.meter_id is null or fitted.gas_kind <> place.gas_kind then
    raise check_violation using constraint = 'register_change_meter', message = 'the meter is not registered, or for another gas';
  end if;
  if fit_meter.start_index_l >= fitted.dial_l then
    raise check_violation using constraint = 'register_change_dial', message = 'the start index lies beyond the dial';
  end if;
  insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at, start_index_l)
  values (tenant, fitted.meter_id, place.supply_point_id, fit_meter.fitted_at, fit_meter.start_index_l);
  return record_fitting_change('meter-fitted', place.supply_point_id, array[place.supply_point_id],
    (fit_meter.fitted_at at time zone 'Asia/Tokyo')::date, closings_concerned(fit_meter.fitted_at),
    jsonb_build_object('meterId', null),
    jsonb_build_object('meterId', fitted.meter_id, 'serial', fitted.serial, 'fittedAt', utc_text(fit_meter.fitted_at),
                       'startIndexL', fit_meter.start_index_l, 'registeredMeter', is_new),
    fit_meter.acknowledged_closings, doer);
end $$;

COMMENT ON FUNCTION public.fit_meter(supply_point_id integer, serial text, fitted_at timestamp with time zone, start_index_l integer, new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text) IS 'Fits a meter at a supply point without one, which it registers where size and dial are given; writes the audit. acknowledged_closings as of remove_meter.';

CREATE FUNCTION public.forget_sign_in_tries(kind text, name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
  update sign_in_try t set failed_count = 0, locked_until = null
  where t.utility_id = current_utility_id() and t.kind = $1 and t.typed_hash = sign_in_keyed_hash('name ' || $2)
$_$;

COMMENT ON FUNCTION public.forget_sign_in_tries(kind text, name text) IS 'Opens a name of this transaction''s utility for everybody for whom it is closed, and begins to count anew. For the operator''s commands.';

CREATE FUNCTION public.forget_write_requests() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  delete from write_request w
  where (w.utility_id, w.actor, w.key) in (
    select o.utility_id, o.actor, o.key from write_request o
    where o.utility_id = new.utility_id and o.made_at < now() - interval '7 days'
    order by o.made_at limit 20 for update skip locked);
  return null;
end $$;

COMMENT ON FUNCTION public.forget_write_requests() IS 'Each new request takes up to twenty away that are older than seven days.';

CREATE FUNCTION public.highest_register(of_meter integer) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select greatest(
    (select max(i) from meter_day d cross join lateral unnest(d.index_l) i where d.utility_id = current_utility_id() and d.meter_id = of_meter),
    (select max(i) from edited_day d cross join lateral unnest(d.index_l) i where d.utility_id = current_utility_id() and d.meter_id = of_meter),
    (select max(greatest(f.start_index_l, f.final_index_l)) from meter_fitting f where f.utility_id = current_utility_id() and f.meter_id = of_meter))
$$;

COMMENT ON FUNCTION public.highest_register(of_meter integer) IS 'Highest register of a meter that is stored, entered or noted at a fitting, litres; null without one. Its dial shows it.';

CREATE FUNCTION public.hold_as_any_worker() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select pg_advisory_lock_shared(hashtextextended('kenshin any worker', 0))
$$;

COMMENT ON FUNCTION public.hold_as_any_worker() IS 'Counts this session among the workers that live.';

CREATE FUNCTION public.hold_as_mail_worker() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select pg_advisory_lock_shared(hashtextextended('kenshin mail worker', 0))
$$;

COMMENT ON FUNCTION public.hold_as_mail_worker() IS 'Counts this session among the workers that live and have a mail server.';

CREATE FUNCTION public.hold_closing_runs() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select pg_advisory_xact_lock(hashtextextended('kenshin closing runs', current_utility_id()))
$$;

COMMENT ON FUNCTION public.hold_closing_runs() IS 'Waits for a run of the utility that is being made, and holds off others until the end of the transaction: the lock of open_closing_run.';

CREATE FUNCTION public.hold_edits(meter_id integer) RETURNS void
    LANGUAGE sql
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select pg_advisory_xact_lock(hashtextextended('kenshin edits of a meter ' || hold_edits.meter_id, current_utility_id()))
$$;

COMMENT ON FUNCTION public.hold_edits(meter_id integer) IS 'Until the end of the transaction, no other edits a reading of the meter.';

CREATE FUNCTION public.hold_sign_in_name(utility_id integer, kind text, name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    RETURN pg_advisory_xact_lock(hashtextextended(((('kenshin sign-in '::text || kind) || ' '::text) || name), (utility_id)::bigint));

COMMENT ON FUNCTION public.hold_sign_in_name(utility_id integer, kind text, name text) IS 'Lets tries of a name, and a new password for it, go one after the other: held until the transaction ends.';

CREATE TABLE public.supply_point (
    utility_id integer NOT NULL,
    supply_point_id integer NOT NULL,
    number text NOT NULL,
    area_id integer NOT NULL,
    gas_kind text NOT NULL,
    closing_day smallint NOT NULL,
    tariff_id integer,
    opened_on date NOT NULL,
    closed_on date,
    CONSTRAINT supply_point_check CHECK ((closed_on >= opened_on)),
    CONSTRAINT supply_point_closing_day_check CHECK (((closing_day >= 1) AND (closing_day <= 31))),
    CONSTRAINT supply_point_gas_kind_check CHECK ((gas_kind = ANY (ARRAY['city'::text, 'lp'::text]))),
    CONSTRAINT supply_point_number_check CHECK ((number ~ '^[0-9A-Za-z-]{1,32}$'::text))
);

ALTER TABLE ONLY public.supply_point FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.supply_point IS 'A place where gas is supplied (設置場所).';

COMMENT ON COLUMN public.supply_point.closing_day IS 'Closing day (締め日) 1–31; a month that is shorter closes on its last day, so 31 means month end.';

COMMENT ON COLUMN public.supply_point.closed_on IS 'First JST date on which gas is no longer supplied (閉栓), or null.';

CREATE FUNCTION public.hold_supply_point(place integer) RETURNS public.supply_point
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare found_place supply_point;
begin
  -- Changes of one supply point wait for each other.
  select * into found_place from supply_point p
  where p.utility_id = current_utility_id() and p.supply_point_id = place for no key update;
  if not found then
    raise check_violation using constraint = 'register_change_place', message = 'there is no such supply point';
  end if;
  return found_place;
end $$;

COMMENT ON FUNCTION public.hold_supply_point(place integer) IS 'The supply point, held until the transaction ends.';

CREATE FUNCTION public.hold_terminals(process uuid, utilities integer[], terminals integer[], held bigint[]) RETURNS SETOF integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform set_config('synchronous_commit', 'off', true);
  -- The latest CONNECT counts, also where the process of an earlier one entered that again after the row was removed. Rows
  -- that are right are not locked.
  insert into terminal_owner as o (utility_id, terminal_id, process_id, generation, since)
  select u.utility_id, u.terminal_id, process, u.generation, clock_timestamp()
  from unnest(utilities, terminals, held) u (utility_id, terminal_id, generation)
  where not exists (select from terminal_owner e
                    where e.utility_id = u.utility_id and e.terminal_id = u.terminal_id and e.generation >= u.generation)
  order by u.utility_id, u.terminal_id
  on conflict (utility_id, terminal_id) do update
  set process_id = excluded.process_id, generation = excluded.generation, since = excluded.since
  where o.generation < excluded.generation;
  return query
    select u.terminal_id
    from unnest(utilities, terminals, held) u (utility_id, terminal_id, generation)
    cross join lateral (select o.process_id, o.generation from terminal_owner o
                        where o.utility_id = u.utility_id and o.terminal_id = u.terminal_id) o
    where (o.process_id, o.generation) is distinct from (process, u.generation);
end $$;

COMMENT ON FUNCTION public.hold_terminals(process uuid, utilities integer[], terminals integer[], held bigint[]) IS 'Says which connections a process has: enters those of which there is no row or that of an earlier CONNECT, and yields the terminals that have connected elsewhere since.';

CREATE FUNCTION public.hold_worker(worker_name text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select pg_try_advisory_lock(hashtextextended('kenshin worker ' || worker_name, 0))
$$;

COMMENT ON FUNCTION public.hold_worker(worker_name text) IS 'Says that the worker of this name lives for as long as this session.';

CREATE FUNCTION public.hour_instant(day date, hour_ending integer) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((day + make_interval(hours => hour_ending)) AT TIME ZONE 'Asia/Tokyo'::text);

COMMENT ON FUNCTION public.hour_instant(day date, hour_ending integer) IS 'The instant at which an hour of a JST day ends.';

CREATE FUNCTION public.is_known_device(utility_id integer, kind text, typed_hash bytea, device_hash bytea) RETURNS boolean
    LANGUAGE sql STABLE
    AS $_$
  select exists (
    select from known_device d
    where d.utility_id = $1 and d.kind = $2 and d.typed_hash = $3 and d.device_hash = $4
  ) and not exists (
    select from sign_in_try t
    where t.utility_id = $1 and t.kind = $2 and t.typed_hash = $3 and t.source_hash = $4 and t.locked_until > clock_timestamp()
  )
$_$;

COMMENT ON FUNCTION public.is_known_device(utility_id integer, kind text, typed_hash bytea, device_hash bytea) IS 'True for a browser that has signed in with the name, and has not just made too many wrong tries itself.';

CREATE FUNCTION public.issue_closing_run(run_id integer, issued_at timestamp with time zone, actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.issue_closing_run(run_id integer, issued_at timestamp with time zone, actor text) IS 'Issues a checked run of the actor, in place of the one of the same closing and selection that was issued before, which it yields. The audit is written at the end of the transaction (record_issued_run).';

CREATE FUNCTION public.issued_closings_at(meter_id integer, instants timestamp with time zone[]) RETURNS SETOF date
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select distinct r.closes_on
  from unnest(issued_closings_at.instants) i (at)
  join meter_fitting f on f.utility_id = current_utility_id() and f.meter_id = issued_closings_at.meter_id
    and f.fitted_at <= i.at and (f.removed_at is null or f.removed_at >= i.at)
  join occupancy o on o.utility_id = f.utility_id and o.supply_point_id = f.supply_point_id
  join closing_run_row r on r.utility_id = o.utility_id and r.occupancy_id = o.occupancy_id
    and r.closes_on >= (i.at at time zone 'Asia/Tokyo' - interval '1 microsecond')::date
  join closing_run n on n.utility_id = r.utility_id and n.run_id = r.run_id and n.state = 'issued'
    and i.at >= least(r.previous_at, (n.previous_on + 1)::timestamp at time zone 'Asia/Tokyo')
$$;

COMMENT ON FUNCTION public.issued_closings_at(meter_id integer, instants timestamp with time zone[]) IS 'The issued closings of a meter''s place that one of the instants belongs to, both ends of their period included.';

CREATE FUNCTION public.issued_rows_of(occupancy_id integer) RETURNS TABLE(run_id integer, closes_on date, usage_m3 text, facts json)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select distinct on (r.closes_on) r.run_id, r.closes_on, g.usage_m3, r.facts
  from closing_run_row r
  join closing_run n on n.utility_id = r.utility_id and n.run_id = r.run_id and n.state = 'issued'
  join closing_run_figure g on g.utility_id = r.utility_id and g.run_id = r.run_id and g.row_number = r.row_number
  where r.utility_id = (select current_utility_id()) and r.occupancy_id = issued_rows_of.occupancy_id and r.remembered
  order by r.closes_on desc, r.run_id desc
$$;

COMMENT ON FUNCTION public.issued_rows_of(occupancy_id integer) IS 'The rows of an occupancy that stand issued, latest first, of each day that of the latest run.';

CREATE FUNCTION public.jst_day(instant timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((instant AT TIME ZONE 'Asia/Tokyo'::text))::date;

CREATE FUNCTION public.judge_counter(high bigint, seen bigint, counter bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (counter > high) THEN 'fresh'::text WHEN ((high - counter) > 63) THEN 'too_old'::text WHEN ((seen & ((1)::bigint << ((high - counter))::integer)) = 0) THEN 'fresh'::text ELSE 'seen'::text END;

COMMENT ON FUNCTION public.judge_counter(high bigint, seen bigint, counter bigint) IS 'What a replay window says of a counter: fresh, seen, or too_old, which is below the window and says nothing.';

CREATE FUNCTION public.keep_closing_run() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.keep_closing_run() IS 'Holds a run to its states and to what it was made of.';

CREATE FUNCTION public.keep_process(process uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  cleaning bigint := hashtextextended('kenshin removes processes', 0);
  was_known boolean;
  lost uuid[];
begin
  perform set_config('synchronous_commit', 'off', true);
  update ingest_process p set alive_at = clock_timestamp() where p.process_id = process;
  was_known := found;
  if not was_known then
    -- A process that is entered while another removes would be unknown to it, and lose the rows that it enters next.
    perform pg_advisory_xact_lock(cleaning);
    insert into ingest_process (process_id, alive_at) values (process, clock_timestamp()) on conflict do nothing;
  end if;
  if not exists (select from ingest_process p where p.alive_at < clock_timestamp() - interval '1 minute') then
    return was_known;
  end if;
  -- One process removes at a time. This one holds its own row here, so it must not wait for another that does.
  if not pg_try_advisory_xact_lock(cleaning) then
    return was_known;
  end if;
  delete from ingest_process p
  where p.process_id in (
    select d.process_id from ingest_process d where d.alive_at < clock_timestamp() - interval '1 minute' for update skip locked
  );
  select array_agg(distinct o.process_id) into lost
  from terminal_owner o where not exists (select from ingest_process p where p.process_id = o.process_id);
  -- A row that another process claims meanwhile is not of these processes any more, and stays.
  delete from terminal_owner o
  using (
    select l.utility_id, l.terminal_id from terminal_owner l where l.process_id = any (lost)
    order by l.utility_id, l.terminal_id
    for update
  ) held
  where o.utility_id = held.utility_id and o.terminal_id = held.terminal_id;
  return was_known;
end $$;

COMMENT ON FUNCTION public.keep_process(process uuid) IS 'Says that a process is there, and removes what is left of those that are not. False where it was not known, or had been taken for ended.';

CREATE FUNCTION public.keep_reading_edit() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if tg_op = 'DELETE' then
    raise integrity_constraint_violation using message = 'an edit of a reading is never removed';
  end if;
  if (old.state, new.state) not in (values ('proposed', 'standing'), ('proposed', 'refused'), ('proposed', 'taken-back'),
                                           ('standing', 'taken-back'), ('standing', 'superseded')) then
    raise integrity_constraint_violation using message = format('an edit of a reading does not go from %s to %s', old.state, new.state);
  end if;
  if (new.utility_id, new.edit_id, new.meter_id, new.day, new.kind, new.hours, new.index_l, new.received_l, new.reason, new.note,
      new.moved_l, new.counted_hours, new.made_by, new.made_name, new.made_at)
     is distinct from
     (old.utility_id, old.edit_id, old.meter_id, old.day, old.kind, old.hours, old.index_l, old.received_l, old.reason, old.note,
      old.moved_l, old.counted_hours, old.made_by, old.made_name, old.made_at)
     or old.seconded_by is not null and (new.seconded_by, new.seconded_at) is distinct from (old.seconded_by, old.seconded_at) then
    raise integrity_constraint_violation using message = 'an edit of a reading stays what it was made as';
  end if;
  return new;
end $$;

COMMENT ON FUNCTION public.keep_reading_edit() IS 'Holds an edit to its states and to what it was made as.';

CREATE FUNCTION public.keep_revision() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  is_correction boolean;
  what text;
begin
  if (new.utility_id, new.meter_id, new.day) is distinct from (old.utility_id, old.meter_id, old.day) then
    raise integrity_constraint_violation using message = 'a day of readings stays with its meter and its date';
  end if;
  if (new.index_l, new.pressure_pa, new.closing_index_l, new.closing_hour)
     is not distinct from (old.index_l, old.pressure_pa, old.closing_index_l, old.closing_hour) then
    new.revision := old.revision;
    return new;
  end if;
  -- The closing alone may have changed, beside values that are as they were.
  if new.index_l is distinct from old.index_l then
    is_correction := array_position(old.index_l, null) is null or changes_known(old.index_l, new.index_l);
  else
    is_correction := new.pressure_pa is not distinct from old.pressure_pa;
  end if;
  if not is_correction and new.pressure_pa is distinct from old.pressure_pa then
    is_correction := changes_known(old.pressure_pa, new.pressure_pa);
  end if;
  what := case when is_correction then 'corrected' else 'completed' end;
  insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id,
                                  counter, frame_check, received_at, arrival, superseded_at)
  values (old.utility_id, old.meter_id, old.day, old.revision, what,
          old.index_l, old.pressure_pa, old.terminal_id, old.counter, old.frame_check, old.received_at, old.arrival,
          case when new.received_at is distinct from old.received_at then new.received_at else clock_timestamp() end);
  insert into day_change (utility_id, what, meter_ids, days) values (new.utility_id, what, array[new.meter_id], array[new.day]);
  -- Up to the last number that the column holds (0016).
  new.revision := least(old.revision + 1, 32767);
  return new;
end $$;

COMMENT ON FUNCTION public.keep_revision() IS 'Before a day''s values change, whoever changes them: the old version goes to meter_day_revision, the row counts on, and the change stands in the feed.';

CREATE FUNCTION public.lacks_hours(of_meter integer, of_day date, index_l integer[], first_hour integer, last_hour integer) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select array_position(index_l[first_hour:last_hour], null) is not null
    and exists (
      select from generate_series(first_hour, last_hour) k
      where index_l[k] is null
        and not exists (select from reading_fault f
                        where f.utility_id = (select current_utility_id()) and f.meter_id = of_meter and f.day = of_day
                          and f.hour_ending = k)
    )
$$;

COMMENT ON FUNCTION public.lacks_hours(of_meter integer, of_day date, index_l integer[], first_hour integer, last_hour integer) IS 'True when an hour from first_hour to last_hour of a meter''s day was never reported. A value beyond the dial counts as reported.';

CREATE FUNCTION public.report_due_after(report_minute integer, report_window_minutes integer) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN make_interval(mins => (report_minute + report_window_minutes));

COMMENT ON FUNCTION public.report_due_after(report_minute integer, report_window_minutes integer) IS 'Time from the end of a JST day to the end of the report window of the day that follows.';

CREATE FUNCTION public.last_due_day(at timestamp with time zone, report_minute integer, report_window_minutes integer) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((((at AT TIME ZONE 'Asia/Tokyo'::text) - public.report_due_after(report_minute, report_window_minutes)))::date - 1);

COMMENT ON FUNCTION public.last_due_day(at timestamp with time zone, report_minute integer, report_window_minutes integer) IS 'The latest JST day whose report is due at an instant; the days after it are awaited.';

CREATE FUNCTION public.last_known_hour(index_l integer[]) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT (max(u.k))::smallint AS max FROM unnest(last_known_hour.index_l) WITH ORDINALITY u(index_l, k) WHERE (u.index_l IS NOT NULL));

COMMENT ON FUNCTION public.last_known_hour(index_l integer[]) IS 'The last hour ending (1…24) with a register; null without one.';

CREATE FUNCTION public.layout_actor(given text, OUT doer text, OUT doer_name text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare person text := sealed_actor();
begin
  if current_utility_id() is null then
    raise insufficient_privilege using message = 'no utility is set';
  end if;
  doer := given;
  doer_name := regexp_replace(given, '^[a-z]+:', '');
  -- A command of the operator, which serves any utility and names itself.
  if person is null then return; end if;
  select a.display_name into doer_name from account a
  where a.utility_id = current_utility_id() and 'staff:' || a.account_id = person and a.role in ('admin', 'billing') and a.disabled_at is null;
  if given is distinct from person or not found then
    raise insufficient_privilege using message = format('%s may not change layouts of closing files', person);
  end if;
end $$;

COMMENT ON FUNCTION public.layout_actor(given text, OUT doer text, OUT doer_name text) IS 'The actor that changes layouts: of a session its own person, who has to be an administrator or of billing. No key changes them.';

CREATE FUNCTION public.list_jobs() RETURNS TABLE(job_id bigint, kind text, of_utility boolean, key text, input json, created_at timestamp with time zone, run_at timestamp with time zone, attempts integer, max_attempts integer, last_error text, running_since timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return query
    select j.id, t.identifier, (j.payload ->> 'utilityId') is not null, regexp_replace(j.key, '^[^:]*:[0-9]*:', ''),
           coalesce(j.payload -> 'input', '{}'), j.created_at, j.run_at, j.attempts::integer, j.max_attempts::integer,
           j.last_error, j.locked_at
    from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id
    where (j.payload ->> 'utilityId') is null or (j.payload ->> 'utilityId')::integer = (select current_utility_id())
    order by j.id;
end $$;

COMMENT ON FUNCTION public.list_jobs() IS 'The jobs of this transaction''s utility and of the whole cloud that wait, run or have failed; one that is done is gone. last_error is the message of the latest attempt.';

CREATE FUNCTION public.mail_recipient(mail_id bigint) RETURNS TABLE(mail_address text, is_disabled boolean, lacks_right boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select a.mail_address, a.disabled_at is not null, m.kind = 'closing-ready' and a.role not in ('admin', 'billing')
  from mail m join account a on a.utility_id = m.utility_id and a.account_id = m.account_id
  where m.utility_id = (select current_utility_id()) and m.mail_id = mail_recipient.mail_id and m.state = 'waiting'
$$;

COMMENT ON FUNCTION public.mail_recipient(mail_id bigint) IS 'Where a mail of this transaction''s utility goes that waits to be sent: all that the worker learns of an account.';

CREATE FUNCTION public.merge_day_reports(for_utility integer, reports public.day_report_row[], received timestamp with time zone, OUT completed integer, OUT corrected integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  with held as materialized (
    select e.*, r.index_l as new_index_l, r.pressure_pa as new_pressure_pa, r.terminal_id as new_terminal_id,
           r.counter as new_counter, r.frame_check as new_frame_check, r.arrival as new_arrival,
           r.terminal_id = e.terminal_id and r.counter < e.counter as overtaken
    from (
      -- One look-up for each day: finding the chunk takes several times as long as reading a row of it.
      select r.day, array_agg(r.meter_id order by r.meter_id) as meters, array_agg(r order by r.meter_id) as reports
      from unnest(reports) r group by r.day order by r.day
    ) d
    -- Rows are locked by day and meter everywhere.
    cross join lateral (
      select *, array_position(d.meters, m.meter_id) as nth from series.meter_day m
      where m.utility_id = for_utility and m.meter_id = any (d.meters) and m.day = d.day
      for update
    ) e
    cross join lateral unnest(d.reports[e.nth:e.nth]) r
    where (e.terminal_id, e.counter, e.frame_check) is distinct from (r.terminal_id, r.counter, r.frame_check)
  ), merged as (
    -- Most reports of a known day say the same again: hour by hour only the others.
    select h.*, m.*
    from (select * from held where new_index_l <> index_l or new_pressure_pa <> pressure_pa) h
    cross join lateral (
      select array_agg(case when h.overtaken then coalesce(i, new_i) else coalesce(new_i, i) end) as merged_index_l,
             array_agg(case when h.overtaken then coalesce(p, new_p) else coalesce(new_p, p) end) as merged_pressure_pa,
             max(k) filter (where coalesce(new_i, i) is not null) as merged_closing_hour,
             not h.overtaken and coalesce(bool_or(new_i <> i or new_p <> p), false) as differs
      from unnest(h.new_index_l, h.index_l, h.new_pressure_pa, h.pressure_pa) with ordinality u (new_i, i, new_p, p, k)
    ) m
  ), changed as (
    select * from merged where merged_index_l <> index_l or merged_pressure_pa <> pressure_pa
  ), written as (
    -- An upsert finds each row by its key in the one chunk that has it; an update would look into every chunk.
    -- A day that a frame only confirms takes its counter: a frame between this one and the one that wrote the row may
    -- still be on its way, and is overtaken by this one. The old version of the others is kept by keep_revision.
    insert into series.meter_day as d (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
                                       terminal_id, counter, frame_check, received_at, arrival, revision)
    select for_utility, c.meter_id, c.day, c.merged_index_l, c.merged_pressure_pa, c.merged_index_l[c.merged_closing_hour],
           c.merged_closing_hour, c.new_terminal_id, case when c.overtaken then c.counter else c.new_counter end,
           case when c.overtaken then c.frame_check else c.new_frame_check end, received,
           case when c.overtaken then c.arrival else c.new_arrival end, c.revision
    from changed c
    union all
    select for_utility, h.meter_id, h.day, h.index_l, h.pressure_pa, h.closing_index_l, h.closing_hour, h.terminal_id,
           h.new_counter, h.new_frame_check, h.received_at, h.arrival, h.revision
    from held h
    where h.new_terminal_id = h.terminal_id and h.new_counter > h.counter
      and h.new_index_l = h.index_l and h.new_pressure_pa = h.pressure_pa
    on conflict (utility_id, meter_id, day) do update
    set index_l = excluded.index_l, pressure_pa = excluded.pressure_pa, closing_index_l = excluded.closing_index_l,
        closing_hour = excluded.closing_hour, terminal_id = excluded.terminal_id, counter = excluded.counter,
        frame_check = excluded.frame_check, received_at = excluded.received_at, arrival = excluded.arrival
  )
  select count(*) filter (where not differs), count(*) filter (where differs)
  into completed, corrected from changed;
end $$;

COMMENT ON FUNCTION public.merge_day_reports(for_utility integer, reports public.day_report_row[], received timestamp with time zone, OUT completed integer, OUT corrected integer) IS 'The part of store_day_reports for days that exist: a known value is never lost to a missing one, a frame that a later one of its terminal overtook only fills what is missing, and a changed row keeps its old version.';

CREATE FUNCTION public.merge_window(high_a bigint, window_a bigint, high_b bigint, window_b bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (CASE WHEN ((GREATEST(high_a, high_b) - high_a) < 64) THEN (window_a << ((GREATEST(high_a, high_b) - high_a))::integer) ELSE (0)::bigint END | CASE WHEN ((GREATEST(high_a, high_b) - high_b) < 64) THEN (window_b << ((GREATEST(high_a, high_b) - high_b))::integer) ELSE (0)::bigint END);

COMMENT ON FUNCTION public.merge_window(high_a bigint, window_a bigint, high_b bigint, window_b bigint) IS 'Union of two 64-wide replay windows, relative to the higher of the two tops.';

CREATE FUNCTION public.name_of_actor(actor text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select coalesce(
    (select a.display_name from account a where a.utility_id = (select current_utility_id()) and 'staff:' || a.account_id = name_of_actor.actor),
    regexp_replace(name_of_actor.actor, '^[a-z]+:', ''))
$$;

COMMENT ON FUNCTION public.name_of_actor(actor text) IS 'Display name of a person of the utility, name of a command.';

CREATE FUNCTION public.note_area_limits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into day_change (utility_id, what, meter_ids, area_ids) values (new.utility_id, 'limits', '{}', array[new.area_id]);
  return null;
end $$;

COMMENT ON FUNCTION public.note_area_limits() IS 'Puts into the feed that the readings of an area are judged by other limits now, those of all times.';

CREATE FUNCTION public.note_clock_doubt() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into terminal_clock_doubt as d (utility_id, terminal_id, day, offset_s, noted_at)
  values (new.utility_id, new.terminal_id, jst_day(new.last_seen_at), new.clock_offset_s, new.last_seen_at)
  on conflict (utility_id, terminal_id, day) do update set offset_s = excluded.offset_s, noted_at = excluded.noted_at;
  return null;
end $$;

COMMENT ON FUNCTION public.note_clock_doubt() IS 'Keeps the day on which a terminal''s clock was seen half an hour off or more.';

CREATE FUNCTION public.note_meter_fitting() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  f meter_fitting := coalesce(new, old);
  first_changed date := jst_day(f.fitted_at);
  last_changed date := jst_day(f.removed_at);
begin
  if tg_op = 'UPDATE' and (new.meter_id, new.supply_point_id) = (old.meter_id, old.supply_point_id) then
    if new.fitted_at <> old.fitted_at then
      first_changed := jst_day(least(new.fitted_at, old.fitted_at));
      if new.removed_at is not distinct from old.removed_at then
        last_changed := jst_day(greatest(new.fitted_at, old.fitted_at));
      elsif new.removed_at is null or old.removed_at is null then
        last_changed := null;
      else
        last_changed := jst_day(greatest(new.removed_at, old.removed_at));
      end if;
    elsif new.removed_at is distinct from old.removed_at then
      first_changed := jst_day(least(new.removed_at, old.removed_at));
      last_changed := case when new.removed_at is not null and old.removed_at is not null
                           then jst_day(greatest(new.removed_at, old.removed_at)) end;
    elsif new.start_index_l is distinct from old.start_index_l then
      last_changed := first_changed;
    else
      first_changed := coalesce(jst_day(new.removed_at), first_changed);
    end if;
  elsif tg_op = 'UPDATE' then
    first_changed := jst_day(least(new.fitted_at, old.fitted_at));
    last_changed := case when new.removed_at is not null and old.removed_at is not null
                         then jst_day(greatest(new.removed_at, old.removed_at)) end;
  end if;
  insert into day_change (utility_id, what, meter_ids, area_ids, first_day, last_day)
  select f.utility_id, 'register',
         array(select distinct m from unnest(array[new.meter_id, old.meter_id]) m where m is not null),
         coalesce((select array_agg(distinct s.area_id) from supply_point s
                   where s.utility_id = f.utility_id and s.supply_point_id in (new.supply_point_id, old.supply_point_id)), '{}'),
         first_changed, last_changed;
  return null;
end $$;

COMMENT ON FUNCTION public.note_meter_fitting() IS 'Puts into the feed from when until when it is another matter now which meter is where.';

CREATE FUNCTION public.note_place_change(for_utility integer, place integer, areas integer[], first_changed date, last_changed date) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  insert into day_change (utility_id, what, meter_ids, area_ids, first_day, last_day)
  select for_utility, 'register', array_agg(distinct f.meter_id), areas, first_changed, last_changed
  from meter_fitting f
  where f.utility_id = for_utility and f.supply_point_id = place
    and (last_changed is null or jst_day(f.fitted_at) <= last_changed)
    and (first_changed is null or f.removed_at is null or jst_day(f.removed_at) >= first_changed)
  having count(*) > 0
$$;

COMMENT ON FUNCTION public.note_place_change(for_utility integer, place integer, areas integer[], first_changed date, last_changed date) IS 'Puts a change at a supply point into the feed where a meter was fitted there in that time.';

CREATE FUNCTION public.note_reading_faults(for_utility integer, meters integer[], days date[], hours smallint[], indexes_l integer[], terminals integer[], received timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    AS $$
declare noted integer;
begin
  insert into reading_fault (utility_id, meter_id, day, hour_ending, index_l, terminal_id, received_at)
  select for_utility, f.meter_id, f.day, f.hour_ending, f.index_l, f.terminal_id, received
  from unnest(meters, days, hours, indexes_l, terminals) f (meter_id, day, hour_ending, index_l, terminal_id)
  order by f.meter_id, f.day, f.hour_ending, f.index_l
  on conflict (utility_id, meter_id, day, hour_ending, index_l) do nothing;
  get diagnostics noted = row_count;
  if noted = 0 then return 0; end if;
  -- Each is a new row for as long as the terminal makes up another value.
  delete from reading_fault f
  using (
    select k.meter_id, k.day, k.hour_ending, kept.index_l
    from (select distinct * from unnest(meters, days, hours) u (meter_id, day, hour_ending)) k
    cross join lateral (
      select r.index_l, row_number() over (order by r.received_at, r.index_l) as nth, count(*) over () as total
      from reading_fault r
      where r.utility_id = for_utility and r.meter_id = k.meter_id and r.day = k.day and r.hour_ending = k.hour_ending
    ) kept
    where kept.nth between 2 and kept.total - 4
  ) surplus
  where f.utility_id = for_utility and f.meter_id = surplus.meter_id and f.day = surplus.day
    and f.hour_ending = surplus.hour_ending and f.index_l = surplus.index_l;
  return noted;
end $$;

COMMENT ON FUNCTION public.note_reading_faults(for_utility integer, meters integer[], days date[], hours smallint[], indexes_l integer[], terminals integer[], received timestamp with time zone) IS 'Keeps values beyond the dial as received, in the transaction that stores the other hours of their reports; of an hour the first and the last four. Yields how many were new.';

CREATE FUNCTION public.note_run_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into run_change (utility_id, what, meter_ids, days, first_day, last_day)
  values (new.utility_id, new.what, new.meter_ids, new.days,
          case when new.days is null then new.first_day else (select min(d) from unnest(new.days) d) end,
          case when new.days is null then new.last_day else (select max(d) from unnest(new.days) d) end);
  return null;
end $$;

COMMENT ON FUNCTION public.note_run_change() IS 'Notes a change of the feed for the runs of closings that were made before it.';

CREATE FUNCTION public.note_run_register() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into run_change (utility_id, what, meter_ids, supply_point_id, first_day)
  values (new.utility_id, 'register', '{}', new.supply_point_id, new.affects_from);
  return null;
end $$;

COMMENT ON FUNCTION public.note_run_register() IS 'Notes a change of a supply point by a person, or its undoing.';

CREATE FUNCTION public.note_run_seen() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into closing_run_seen values (new.utility_id, new.run_id, pg_current_snapshot());
  return null;
end $$;

COMMENT ON FUNCTION public.note_run_seen() IS 'Keeps which changes a run could see. Its rows are read after that: a change in between is taken for one that came after it.';

CREATE FUNCTION public.note_run_verdict() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into run_change (utility_id, what, meter_ids, days, first_day, last_day)
  values (new.utility_id, 'judged', array[new.meter_id], array[new.day], new.day, new.day);
  return null;
end $$;

COMMENT ON FUNCTION public.note_run_verdict() IS 'Notes that the verdict on a day became another.';

CREATE FUNCTION public.note_supply_point() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if new.area_id <> old.area_id then
    perform note_place_change(new.utility_id, new.supply_point_id, array[old.area_id, new.area_id], null, null);
  else
    if new.opened_on <> old.opened_on then
      perform note_place_change(new.utility_id, new.supply_point_id, array[new.area_id],
                                least(new.opened_on, old.opened_on), greatest(new.opened_on, old.opened_on));
    end if;
    if new.closed_on is distinct from old.closed_on then
      perform note_place_change(new.utility_id, new.supply_point_id, array[new.area_id], least(new.closed_on, old.closed_on),
                                case when new.closed_on is not null and old.closed_on is not null
                                     then greatest(new.closed_on, old.closed_on) end);
    end if;
  end if;
  return null;
end $$;

COMMENT ON FUNCTION public.note_supply_point() IS 'Puts into the feed from when until when it is another matter now whether a supply point is open, and in which area.';

CREATE FUNCTION public.note_terminal_fitting() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  f record;
  first_changed date;
  last_changed date;
begin
  for f in select old.* where tg_op = 'DELETE' or tg_op = 'UPDATE' and old.supply_point_id <> new.supply_point_id
           union all select new.* where tg_op <> 'DELETE' loop
    first_changed := jst_day(f.from_at);
    last_changed := jst_day(f.to_at);
    if tg_op = 'UPDATE' and new.supply_point_id = old.supply_point_id then
      first_changed := jst_day(case when new.from_at <> old.from_at then least(new.from_at, old.from_at) else least(new.to_at, old.to_at) end);
      last_changed := case when new.to_at is not distinct from old.to_at then jst_day(greatest(new.from_at, old.from_at))
                           when new.to_at is not null and old.to_at is not null then jst_day(greatest(new.to_at, old.to_at)) end;
    end if;
    perform note_place_change(f.utility_id, f.supply_point_id,
                              array(select s.area_id from supply_point s
                                    where s.utility_id = f.utility_id and s.supply_point_id = f.supply_point_id),
                              first_changed, last_changed);
  end loop;
  return null;
end $$;

COMMENT ON FUNCTION public.note_terminal_fitting() IS 'Puts into the feed from when until when it is another matter now whether a terminal reports for a supply point.';

CREATE FUNCTION public.open_closing_run(closing_day integer, closes_on date, previous_on date, customer_number text, rounding text, rules integer, made_at timestamp with time zone, actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.open_closing_run(closing_day integer, closes_on date, previous_on date, customer_number text, rounding text, rules integer, made_at timestamp with time zone, actor text) IS 'Opens a draft of the actor; until the end of the transaction no other run of the utility is opened.';

CREATE FUNCTION public.open_session(utility_id integer, kind text, subject_id integer, token_hash bytea, OUT session_id uuid, OUT expires_at timestamp with time zone) RETURNS record
    LANGUAGE sql
    AS $_$
  insert into session as s (utility_id, account_id, occupancy_id, token_hash, expires_at)
  select $1, case $2 when 'staff' then $3 end, case $2 when 'consumer' then $3 end, $4,
         now() + make_interval(hours => case $2 when 'staff' then 12 else 30 * 24 end)
  returning s.session_id, s.expires_at
$_$;

COMMENT ON FUNCTION public.open_session(utility_id integer, kind text, subject_id integer, token_hash bytea, OUT session_id uuid, OUT expires_at timestamp with time zone) IS 'A session of 12 hours for staff, of 30 days for a household.';

CREATE FUNCTION public.plan_reading_requests(window_ended_after timestamp with time zone, window_ended_until timestamp with time zone, after_terminal integer, max_terminals integer, OUT planned integer, OUT last_terminal integer) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  with terminal_due as materialized (
    select * from (
      select t.terminal_id, t.report_minute, t.report_window_minutes,
             greatest(last_due_day(window_ended_after, t.report_minute, t.report_window_minutes) + 1,
                      (window_ended_until at time zone 'Asia/Tokyo')::date - u.poll_days_back) as first_day,
             last_due_day(window_ended_until, t.report_minute, t.report_window_minutes) as last_day
      from terminal t
      join utility u on u.utility_id = t.utility_id
      where t.retired_at is null and t.terminal_id > after_terminal
    ) t
    where first_day <= last_day
    order by terminal_id
    limit max_terminals
  ), fitted as materialized (
    select t.*, f.meter_id, greatest(f.fitted_at, tf.from_at) as from_at, least(f.removed_at, tf.to_at) as to_at,
           (select coalesce(array_agg(m.day), '{}') from meter_day m
            where m.meter_id = f.meter_id and m.day between t.first_day and t.last_day
              and array_position(m.index_l, null) is null) as full_days
    from terminal_due t
    join terminal_fitting tf on tf.terminal_id = t.terminal_id
    join meter_fitting f on f.supply_point_id = tf.supply_point_id
  ), due as materialized (
    select f.*, d.day, e.first_hour, e.last_hour,
           (select lacks_hours(m.meter_id, m.day, m.index_l, e.first_hour, e.last_hour) from meter_day m
            where m.meter_id = f.meter_id and m.day = d.day) as lacks_hours
    from fitted f
    cross join lateral (select f.first_day + n as day from generate_series(0, f.last_day - f.first_day) n) d
    cross join lateral expected_hours(d.day, f.from_at, f.to_at) e
    where e.first_hour <= e.last_hour and d.day <> all (f.full_days)
  ), noted as (
    insert into reading_request (utility_id, meter_id, day, terminal_id, reason, first_hour, last_hour, due_at)
    select (select current_utility_id()), meter_id, day, terminal_id, case when lacks_hours then 'incomplete' else 'absent' end,
           first_hour, last_hour, report_due_at(day, report_minute, report_window_minutes)
    from due
    where lacks_hours is distinct from false
    on conflict (utility_id, meter_id, day) do nothing
    returning 1
  )
  select (select count(*) from noted),
         (select case when count(*) = max_terminals then max(terminal_id) end from terminal_due)
  into planned, last_terminal;
end $$;

COMMENT ON FUNCTION public.plan_reading_requests(window_ended_after timestamp with time zone, window_ended_until timestamp with time zone, after_terminal integer, max_terminals integer, OUT planned integer, OUT last_terminal integer) IS 'Notes, for the next max_terminals terminals of this transaction''s utility, the days whose report window ended in (after, until] and that are absent or incomplete. last_terminal is where to go on, null at the end.';

CREATE FUNCTION public.prune_taken_frames(received_before timestamp with time zone, after_terminal integer, max_terminals integer, OUT pruned integer, OUT last_terminal integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  for_utility integer := current_utility_id();
  due integer[];
begin
  if for_utility is null then
    raise insufficient_privilege using message = 'name the utility whose taken frames are removed';
  end if;
  -- By the clock of this server, whatever the worker takes for the time.
  if received_before > clock_timestamp() - interval '29 days' then
    raise invalid_parameter_value using message = 'taken frames are kept for thirty days';
  end if;
  select case when count(*) = max_terminals then max(l.terminal_id) end into last_terminal
  from (select s.terminal_id from terminal_state s
        where s.utility_id = for_utility and s.terminal_id > after_terminal order by s.terminal_id limit max_terminals) l;
  -- Held until the end: no frame of these terminals is entered before this transaction has ended. One whose row is locked is left
  -- for the next time, so that this waits for nobody.
  due := array(
    select s.terminal_id from terminal_state s
    where s.utility_id = for_utility and s.terminal_id > after_terminal and s.terminal_id <= coalesce(last_terminal, 2147483647)
      and exists (select from taken_frame t
                  where t.utility_id = for_utility and t.terminal_id = s.terminal_id and t.counter < s.up_high - 63
                    and t.received_at < prune_taken_frames.received_before)
    order by s.terminal_id
    for no key update skip locked
  );
  update terminal_state s
  set taken_pruned_to = greatest(s.taken_pruned_to, (
    select max(t.counter) from taken_frame t
    where t.utility_id = for_utility and t.terminal_id = s.terminal_id and t.counter < s.up_high - 63
      and t.received_at < prune_taken_frames.received_before))
  where s.utility_id = for_utility and s.terminal_id = any (due);
  delete from taken_frame t
  using terminal_state s
  where s.utility_id = for_utility and s.terminal_id = any (due)
    and t.utility_id = for_utility and t.terminal_id = s.terminal_id and t.counter <= s.taken_pruned_to
    and t.received_at < prune_taken_frames.received_before;
  get diagnostics pruned = row_count;
end $$;

COMMENT ON FUNCTION public.prune_taken_frames(received_before timestamp with time zone, after_terminal integer, max_terminals integer, OUT pruned integer, OUT last_terminal integer) IS 'Removes the rows of taken_frame that were received before an instant, at least 29 days ago, and whose counter is below their terminal''s replay window, and notes up to which counter, so that no frame becomes new by it. Of so many terminals after the given one, in their order; yields the last of them, or null where there are no more.';

CREATE FUNCTION public.quarantine_frame(terminal_number text, topic text, reason text, reason_offset integer, bytes bytea, received_at timestamp with time zone DEFAULT now(), is_authentic boolean DEFAULT false, meter_serial text DEFAULT NULL::text, day date DEFAULT NULL::date, is_fresh boolean DEFAULT true) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
  -- Until the end of the transaction: the frame is acknowledged after it, and must be on disk by then.
  select set_config('synchronous_commit', 'on', true);
  update terminal_state s set last_seen_at = greatest(s.last_seen_at, $6)
  from terminal t
  where $7 and $10 and t.number = $1 and s.utility_id = t.utility_id and s.terminal_id = t.terminal_id
    and not exists (select from frame_quarantine q where q.terminal_number = $1 and sha256(q.bytes) = sha256($5));
  insert into frame_quarantine (utility_id, terminal_number, topic, reason, reason_offset, bytes, received_at, is_authentic,
                                meter_serial, day)
  values ((select t.utility_id from terminal t where t.number = $1), $1, $2, $3, $4, $5, $6, $7, $8, $9)
  returning quarantine_id
$_$;

COMMENT ON FUNCTION public.quarantine_frame(terminal_number text, topic text, reason text, reason_offset integer, bytes bytea, received_at timestamp with time zone, is_authentic boolean, meter_serial text, day date, is_fresh boolean) IS 'Keeps a refused frame under the utility that registered the terminal number, or under none. An authentic frame whose counter is fresh is a contact with the terminal, the first time it is kept.';

CREATE FUNCTION public.ready_mail_account(given text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.ready_mail_account(given text) IS 'The account that asks: of a session its own person, who has to be an administrator or of billing. A mail is never asked for somebody else.';

CREATE FUNCTION public.ready_mail_address(actor text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select a.mail_address from account a where a.utility_id = current_utility_id() and a.account_id = ready_mail_account(ready_mail_address.actor)
$$;

COMMENT ON FUNCTION public.ready_mail_address(actor text) IS 'Where mails to the person that asks go; null: nowhere.';

CREATE FUNCTION public.ready_mail_recipients(closing_day integer, closes_on date) RETURNS SETOF integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select distinct a.account_id
  from ready_mail q join account a on a.utility_id = q.utility_id and a.account_id = q.account_id
  where q.utility_id = (select current_utility_id())
    and q.closing_day = ready_mail_recipients.closing_day and q.closes_on = ready_mail_recipients.closes_on
    and a.disabled_at is null and a.role in ('admin', 'billing')
$$;

COMMENT ON FUNCTION public.ready_mail_recipients(closing_day integer, closes_on date) IS 'Accounts of this transaction''s utility that asked for a closing, are not disabled and may read closings.';

CREATE FUNCTION public.ready_mails(actor text) RETURNS TABLE(request_id integer, closing_day integer, closes_on date, each_month boolean, asked_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select q.request_id, q.closing_day::integer, q.closes_on, q.each_month, q.asked_at from ready_mail q
  where q.utility_id = current_utility_id() and q.account_id = ready_mail_account(ready_mails.actor)
  order by q.closing_day, q.closes_on, q.each_month
$$;

COMMENT ON FUNCTION public.ready_mails(actor text) IS 'What the person asked for.';

CREATE FUNCTION public.record_circumstance(supply_point_id integer, kind text, from_on date, to_on date, reason text, actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(record_circumstance.actor, '{admin,billing}');
  recorded integer;
begin
  insert into place_circumstance as c (utility_id, supply_point_id, kind, from_on, to_on, reason, recorded_by, recorded_name)
  values (tenant, record_circumstance.supply_point_id, record_circumstance.kind, record_circumstance.from_on, record_circumstance.to_on,
          record_circumstance.reason, doer, name_of_actor(doer))
  returning c.circumstance_id into recorded;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'circumstance.recorded', 'supply-point:' || record_circumstance.supply_point_id, jsonb_build_object(
    'circumstance', recorded, 'kind', record_circumstance.kind, 'fromOn', record_circumstance.from_on, 'toOn', record_circumstance.to_on));
  return recorded;
end $$;

COMMENT ON FUNCTION public.record_circumstance(supply_point_id integer, kind text, from_on date, to_on date, reason text, actor text) IS 'Records days of absence or disaster of a supply point; writes the audit.';

CREATE FUNCTION public.record_fitting_change(what text, place integer, places integer[], holds date, since date, former jsonb, latter jsonb, acknowledged_closings date[], doer text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  tenant integer := current_utility_id();
  act bigint;
  made integer;
begin
  insert into audit as a (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'register.' || what, 'supply-point:' || place,
          jsonb_build_object('holdsFrom', holds, 'before', former, 'after', latter,
                             'acknowledgedClosings', to_jsonb(coalesce(acknowledged_closings, '{}'))))
  returning a.audit_id into act;
  -- After its act: from here on no extraction begins, as the chain of the audit is held.
  perform refuse_unlike_closings(
    array(select distinct f.closes_on from unnest(places) p cross join lateral closing_files_over(p, since, 0, null) f), acknowledged_closings);
  insert into register_change as r (utility_id, kind, supply_point_id, holds_from, affects_from, before, after, actor, actor_name, audit_id)
  values (tenant, what, place, holds, since, former, latter, doer, actor_name_of(doer), act)
  returning r.change_id into made;
  return made;
end $$;

COMMENT ON FUNCTION public.record_fitting_change(what text, place integer, places integer[], holds date, since date, former jsonb, latter jsonb, acknowledged_closings date[], doer text) IS 'Writes the act and the record of a change of a meter or terminal, and compares the closings that it names with those of which a file was made, at all the places. places empty: it changes no closing.';

CREATE FUNCTION public.record_issued_run() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into audit (utility_id, actor, act, subject, detail)
  values (new.utility_id, new.issued_by, 'closing.issued', 'closing-day:' || new.closing_day,
          jsonb_build_object('run', new.run_id, 'closesOn', new.closes_on, 'customerNumber', new.customer_number, 'rounding', new.rounding,
                             'rows', new.row_count, 'checksum', encode(new.checksum, 'hex'), 'supersedes', new.supersedes,
                             'export', (select f.export from closing_run_file f
                                        where f.utility_id = new.utility_id and f.run_id = new.run_id order by f.made_at limit 1)));
  return null;
end $$;

COMMENT ON FUNCTION public.record_issued_run() IS 'Puts a run that was issued into the audit.';

CREATE FUNCTION public.refuse_closing_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  raise integrity_constraint_violation using message = format('rows of %s are never changed', tg_table_name);
end $$;

COMMENT ON FUNCTION public.refuse_closing_change() IS 'Refuses changes of the rows of runs.';

CREATE FUNCTION public.refuse_unlike_closings(filed date[], acknowledged date[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare unlike date[];
begin
  unlike := array(select d from unnest(filed) d where d <> all (coalesce(acknowledged, '{}')) order by d);
  if unlike <> '{}' then
    raise check_violation using constraint = 'register_change_filed', detail = array_to_string(unlike, ' '),
      message = 'files of closings were made that the change does not name';
  end if;
  unlike := array(select d from unnest(acknowledged) d where d <> all (filed) or d is null order by d);
  if unlike <> '{}' then
    raise check_violation using constraint = 'register_change_not_filed', detail = array_to_string(unlike, ' '),
      message = 'no file was made of closings that the change names';
  end if;
end $$;

COMMENT ON FUNCTION public.refuse_unlike_closings(filed date[], acknowledged date[]) IS 'Fails unless a change names the closings of which a file was made, all of them and no others.';

CREATE FUNCTION public.register_actor(given text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare person text := sealed_actor();
begin
  if current_utility_id() is null then
    raise insufficient_privilege using message = 'no utility is set';
  end if;
  -- A command of the operator or a job, which serves any utility and names itself.
  if person is null then return given; end if;
  if given is distinct from person or not exists (
    select from account a
    where a.utility_id = current_utility_id() and 'staff:' || a.account_id = person and a.role = 'admin' and a.disabled_at is null
  ) then
    raise insufficient_privilege using message = format('%s may not change the register', person);
  end if;
  return person;
end $$;

COMMENT ON FUNCTION public.register_actor(given text) IS 'The actor that changes the register: of a session its own person, who has to be an administrator.';

CREATE FUNCTION public.register_distance(one integer, other integer, dial_l integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN LEAST(abs((one - other)), (dial_l - abs((one - other))));

COMMENT ON FUNCTION public.register_distance(one integer, other integer, dial_l integer) IS 'Litres between two registers of a meter on the shorter way around its dial.';

CREATE FUNCTION public.release_dead_workers() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare dead text[];
begin
  select array_agg(w.name) into dead
  from (select j.locked_by as name from graphile_worker._private_jobs j where j.locked_by is not null
        union select q.locked_by from graphile_worker._private_job_queues q where q.locked_by is not null) w
  where not exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('kenshin worker ' || w.name, 0)
  );
  if dead is null then return 0; end if;
  update graphile_worker._private_jobs j
  set last_error = 'its worker ended while it ran',
      run_at = case when j.attempts < 2 then j.run_at
                    else greatest(j.run_at, clock_timestamp() + exp(least(j.attempts, 10)) * interval '1 second') end
  where j.locked_by = any (dead);
  perform graphile_worker.force_unlock_workers(dead);
  return cardinality(dead);
end $$;

COMMENT ON FUNCTION public.release_dead_workers() IS 'Gives back the jobs of workers that live no more, with that as their error: at its first attempt a job runs at once, later as long after it as one that failed (e to the number of attempts, seconds). Yields how many such workers there were.';

CREATE FUNCTION public.release_terminals(process uuid, utilities integer[], terminals integer[], generations bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform set_config('synchronous_commit', 'off', true);
  delete from terminal_owner o
  using (
    select l.utility_id, l.terminal_id
    from terminal_owner l
    join unnest(utilities, terminals, generations) u (utility_id, terminal_id, generation)
      on l.utility_id = u.utility_id and l.terminal_id = u.terminal_id and l.generation = u.generation
    where l.process_id = process
    order by l.utility_id, l.terminal_id
    for update of l
  ) held
  where o.utility_id = held.utility_id and o.terminal_id = held.terminal_id;
end $$;

COMMENT ON FUNCTION public.release_terminals(process uuid, utilities integer[], terminals integer[], generations bigint[]) IS 'Ends the ownership of connections that have ended; that of a later connection stays.';

CREATE FUNCTION public.remember_device(utility_id integer, kind text, typed_hash bytea, device_hash bytea) RETURNS void
    LANGUAGE sql
    AS $_$
  insert into known_device (utility_id, kind, typed_hash, device_hash, used_at) values ($1, $2, $3, $4, clock_timestamp())
  on conflict (utility_id, kind, typed_hash, device_hash) do update set used_at = clock_timestamp();
  delete from known_device d
  where d.utility_id = $1 and d.kind = $2 and d.typed_hash = $3
    and (d.used_at < now() - interval '400 days' or d.device_hash not in (
      select k.device_hash from known_device k
      where k.utility_id = $1 and k.kind = $2 and k.typed_hash = $3 order by k.used_at desc limit 50))
$_$;

COMMENT ON FUNCTION public.remember_device(utility_id integer, kind text, typed_hash bytea, device_hash bytea) IS 'Makes a browser known to a name: the fifty that signed in last, for 400 days.';

CREATE FUNCTION public.remove_closing_layout(layout_id integer, removed_at timestamp with time zone, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  act record := layout_actor(remove_closing_layout.actor);
begin
  update closing_layout l set removed_at = remove_closing_layout.removed_at
  where l.utility_id = tenant and l.layout_id = remove_closing_layout.layout_id
    and (l.removed_at is null) = (remove_closing_layout.removed_at is not null);
  if not found then
    raise check_violation using constraint = 'closing_layout_offered', message = 'the layout is not there, or is so already';
  end if;
  insert into audit (utility_id, actor, act, subject, detail)
  select tenant, act.doer, case when l.removed_at is null then 'closing-layout.restored' else 'closing-layout.removed' end,
    'closing-layout:' || l.layout_id, jsonb_build_object('name', l.name, 'version', l.version)
  from closing_layout l where l.utility_id = tenant and l.layout_id = remove_closing_layout.layout_id;
end $$;

COMMENT ON FUNCTION public.remove_closing_layout(layout_id integer, removed_at timestamp with time zone, actor text) IS 'Removes a layout from those that are offered, or with a null instant offers it again; writes the audit.';

CREATE FUNCTION public.remove_meter(supply_point_id integer, removed_at timestamp with time zone, final_index_l integer, acknowledged_closings date[], actor text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(remove_meter.actor);
  place supply_point := hold_supply_point(remove_meter.supply_point_id);
  was record;
begin
  select f.meter_id, f.fitted_at, m.serial, m.dial_l into was
  from meter_fitting f join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  where f.utility_id = tenant and f.supply_point_id = place.supply_point_id and f.removed_at is null for update of f;
  if not found then
    raise check_violation using constraint = 'register_change_meter', message = 'no meter is fitted at the supply point';
  end if;
  if remove_meter.final_index_l >= was.dial_l then
    raise check_violation using constraint = 'register_change_dial', message = 'the final index lies beyond the dial';
  end if;
  update meter_fitting f set removed_at = remove_meter.removed_at, final_index_l = remove_meter.final_index_l
  where f.utility_id = tenant and f.meter_id = was.meter_id and f.fitted_at = was.fitted_at;
  return record_fitting_change('meter-removed', place.supply_point_id, array[place.supply_point_id],
    (remove_meter.removed_at at time zone 'Asia/Tokyo')::date, closings_concerned(remove_meter.removed_at),
    jsonb_build_object('meterId', was.meter_id, 'serial', was.serial, 'fittedAt', utc_text(was.fitted_at)),
    jsonb_build_object('meterId', was.meter_id, 'serial', was.serial, 'removedAt', utc_text(remove_meter.removed_at),
                       'finalIndexL', remove_meter.final_index_l),
    remove_meter.acknowledged_closings, doer);
end $$;

COMMENT ON FUNCTION public.remove_meter(supply_point_id integer, removed_at timestamp with time zone, final_index_l integer, acknowledged_closings date[], actor text) IS 'Removes the meter that is fitted without a successor; writes the audit. acknowledged_closings names the closings at or after the instant of which a file was made, all of them and no others.';

CREATE FUNCTION public.report_due_at(day date, report_minute integer, report_window_minutes integer) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (((day + 1) + public.report_due_after(report_minute, report_window_minutes)) AT TIME ZONE 'Asia/Tokyo'::text);

COMMENT ON FUNCTION public.report_due_at(day date, report_minute integer, report_window_minutes integer) IS 'The instant at which the report of a JST day is due: before it the day is awaited, from it on a day without a report is missing.';

CREATE FUNCTION public.require_issued_closings(meter_id integer, day date, hours smallint[], acknowledged date[]) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $_$
declare
  issued date[] := array(
    select c from issued_closings_at($1, array(select hour_instant($2, h) from unnest($3) h)) c order by c);
  unlike date[];
begin
  unlike := array(select c from unnest(issued) c where c <> all (coalesce(acknowledged, '{}')) order by c);
  if cardinality(unlike) > 0 then
    raise check_violation using constraint = 'reading_edit_issued', message = 'an issued closing is not named',
      detail = array_to_string(unlike, ' ');
  end if;
  unlike := array(select c from unnest(acknowledged) c where c <> all (issued) order by c);
  if cardinality(unlike) > 0 then
    raise check_violation using constraint = 'reading_edit_not_issued', message = 'a named closing was not issued',
      detail = array_to_string(unlike, ' ');
  end if;
end $_$;

COMMENT ON FUNCTION public.require_issued_closings(meter_id integer, day date, hours smallint[], acknowledged date[]) IS 'Refuses unless exactly the issued closings are named that the hours belong to.';

CREATE FUNCTION public.require_stored_registers(edit public.reading_edit) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if edit.kind <> 'entered' and exists (
    select from unnest(edit.hours, edit.index_l) u (hour, index_l)
    where u.index_l is distinct from (
      select d.index_l[u.hour] from meter_day d where d.utility_id = edit.utility_id and d.meter_id = edit.meter_id and d.day = edit.day)
  ) then
    raise check_violation using constraint = 'reading_edit_stored', message = 'the day has other registers';
  end if;
end $$;

COMMENT ON FUNCTION public.require_stored_registers(edit public.reading_edit) IS 'Refuses to strike or confirm registers that the day does not have.';

CREATE FUNCTION public.resting_on_change(change_id integer) RETURNS TABLE(kind text, at timestamp with time zone, named text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  with r as materialized (
    -- The number by itself: row security keeps a condition that takes it out of a document from an index.
    select c.*, c.after ->> 'customerNumber' as customer_number from register_change c
    where c.utility_id = (select current_utility_id()) and c.change_id = resting_on_change.change_id and c.undone_at is null
  )
  -- A later change of the same thing. Stays and the supply depend on each other.
  select 'change', c.made_at, c.kind
  from r join register_change c on c.utility_id = r.utility_id and c.supply_point_id = r.supply_point_id
    and c.change_id > r.change_id and c.undone_at is null
  where c.kind = r.kind and r.kind not in ('meter-corrected', 'meter-removed', 'meter-fitted', 'terminal-exchanged')
     or r.kind in ('move-in', 'move-out', 'stay-corrected', 'supply-closed', 'supply-opened')
        and c.kind in ('move-in', 'move-out', 'stay-corrected', 'supply-closed', 'supply-opened')
  union all
  -- Changed otherwise, as by a command.
  select 'altered', r.made_at, null
  from r
  join supply_point p on p.utility_id = r.utility_id and p.supply_point_id = r.supply_point_id
  left join occupancy o on o.utility_id = r.utility_id and o.occupancy_id = r.occupancy_id
  where not exists (select from register_change c where c.utility_id = r.utility_id and c.supply_point_id = r.supply_point_id
                    and c.change_id > r.change_id and c.undone_at is null)
    and r.kind not in ('meter-corrected', 'meter-removed', 'meter-fitted', 'terminal-exchanged')
    and case r.kind
          when 'closing-day' then (r.after ->> 'closingDay')::integer <> p.closing_day
          when 'tariff' then (r.after ->> 'tariffId')::integer is distinct from p.tariff_id
          when 'area' then (r.after ->> 'areaId')::integer <> p.area_id
          when 'supply-closed' then (r.after ->> 'closedOn')::date is distinct from p.closed_on
          when 'supply-opened' then p.closed_on is not null
          else o.occupancy_id is null or stay_facts(o) <> r.after
        end
  union all
  -- Others that took the days that the stay would have again, and the customer number elsewhere.
  select 'move-in', o.from_on::timestamp at time zone 'Asia/Tokyo', o.customer_number
  from r join occupancy o on o.utility_id = r.utility_id and o.supply_point_id = r.supply_point_id and o.occupancy_id <> r.occupancy_id
    and daterange(o.from_on, o.to_on) && daterange((r.before ->> 'fromOn')::date, (r.before ->> 'toOn')::date)
  where r.kind in ('move-out', 'stay-corrected')
  union all
  select 'move-in', o.from_on::timestamp at time zone 'Asia/Tokyo', o.customer_number
  from r join occupancy o on o.utility_id = r.utility_id and o.customer_number = r.customer_number
    and o.supply_point_id <> r.supply_point_id
    and daterange(o.from_on, o.to_on) && daterange((r.before ->> 'fromOn')::date, (r.before ->> 'toOn')::date)
  where r.kind in ('move-out', 'stay-corrected')
  union all
  -- A customer stays on days on which the supply would have ended again.
  select 'move-in', o.from_on::timestamp at time zone 'Asia/Tokyo', o.customer_number
  from r join occupancy o on o.utility_id = r.utility_id and o.supply_point_id = r.supply_point_id
    and coalesce(o.to_on, 'infinity') > (r.before ->> 'closedOn')::date
  where r.kind = 'supply-opened'
  union all
  -- The supply ends before the stay would end again.
  select 'supply-end', p.closed_on::timestamp at time zone 'Asia/Tokyo', null
  from r join supply_point p on p.utility_id = r.utility_id and p.supply_point_id = r.supply_point_id
  where r.kind in ('move-out', 'stay-corrected') and p.closed_on < coalesce((r.before ->> 'toOn')::date, 'infinity')
  union all
  select 'access', r.made_at, r.after ->> 'customerNumber'
  from r join consumer_access x on x.utility_id = r.utility_id and x.occupancy_id = r.occupancy_id
  where r.kind = 'move-in'
  union all
  select 'closing-file', f.begun_at, f.closes_on::text
  from r cross join lateral closing_files_over(r.supply_point_id,
                                               -- A tariff's rounding is in every file made after the change, of whatever closing.
                                               case when r.kind = 'tariff' then date '1900-01-01' else r.affects_from end, r.audit_id,
                                               case when r.kind = 'closing-day' then (r.before ->> 'closingDay')::integer end) f
  where r.kind in ('move-in', 'move-out', 'stay-corrected', 'closing-day', 'tariff')
  union all
  select f.kind, f.at, f.named from r cross join lateral resting_on_fitting(r.change_id) f
  order by 2, 1, 3
$$;

COMMENT ON FUNCTION public.resting_on_change(change_id integer) IS 'What rests on a change, so that it cannot be undone: later changes of the same thing, stays in its days, a registration code that was issued for the stay, and files of closings that were begun after it.';

CREATE FUNCTION public.resting_on_exchange(exchange_id integer) RETURNS TABLE(kind text, at timestamp with time zone, named text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  with x as (
    select e.*, (e.exchanged_at at time zone 'Asia/Tokyo')::date as on_day, p.closed_on
    from meter_exchange e join supply_point p on p.utility_id = e.utility_id and p.supply_point_id = e.supply_point_id
    where e.utility_id = (select current_utility_id()) and e.exchange_id = resting_on_exchange.exchange_id
  )
  select 'removal', f.removed_at, m.serial
  from x join meter_fitting f on f.utility_id = x.utility_id and f.meter_id = x.fitted_meter_id and f.fitted_at = x.exchanged_at
  join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  where f.removed_at is not null
  union all
  select 'fitting', f.fitted_at, m.serial
  from x join meter_fitting f on f.utility_id = x.utility_id
    and (f.meter_id = x.removed_meter_id and f.fitted_at >= x.exchanged_at
         or f.meter_id = x.fitted_meter_id and f.fitted_at > x.exchanged_at
         or f.supply_point_id = x.supply_point_id and f.fitted_at > x.exchanged_at)
  join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  union all
  select c.kind, c.on_day::timestamp at time zone 'Asia/Tokyo', c.customer_number
  from x cross join lateral (
    select 'move-in' as kind, o.from_on as on_day, o.customer_number from occupancy o
    where o.utility_id = x.utility_id and o.supply_point_id = x.supply_point_id and o.from_on > x.on_day
    union all
    select 'move-out', o.to_on, o.customer_number from occupancy o
    where o.utility_id = x.utility_id and o.supply_point_id = x.supply_point_id and o.to_on > x.on_day
  ) c
  union all
  select 'supply-end', x.closed_on::timestamp at time zone 'Asia/Tokyo', null from x where x.closed_on > x.on_day
  union all
  select 'closing-file', c.begun_at, c.closes_on::text
  from x cross join lateral closing_files_of(x.supply_point_id, x.exchanged_at, x.audit_id) c
  order by 2, 1, 3
$$;

COMMENT ON FUNCTION public.resting_on_exchange(exchange_id integer) IS 'What rests on an exchange, so that it cannot be undone: later changes of its meters or its place, and files of closings that were begun after it.';

CREATE FUNCTION public.resting_on_fitting(change_id integer) RETURNS TABLE(kind text, at timestamp with time zone, named text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  with r as materialized (
    select c.*, (c.after ->> 'meterId')::integer as meter_id, (c.after ->> 'terminalId')::integer as terminal_id,
           coalesce(c.after ->> 'removedAt', c.after ->> 'fittedAt', c.after ->> 'exchangedAt')::timestamptz as instant
    from register_change c
    where c.utility_id = (select current_utility_id()) and c.change_id = resting_on_fitting.change_id and c.undone_at is null
      and c.kind in ('meter-corrected', 'meter-removed', 'meter-fitted', 'terminal-exchanged')
  )
  -- A later change of the same meter's size and dial, from whatever place.
  select 'change', c.made_at, c.kind
  from r join register_change c on c.utility_id = r.utility_id and c.change_id > r.change_id and c.undone_at is null
    and c.kind = r.kind and (c.after ->> 'meterId')::integer = r.meter_id
  where r.kind = 'meter-corrected'
  union all
  -- Changed otherwise, as by a command.
  select 'altered', r.made_at, null
  from r
  where case r.kind
          when 'meter-corrected' then not exists (
            select from meter m where m.utility_id = r.utility_id and m.meter_id = r.meter_id
              and (m.size, m.dial_l) = ((r.after ->> 'sizeM3PerHour')::numeric, (r.after ->> 'dialL')::integer))
            and not exists (select from register_change c where c.utility_id = r.utility_id and c.change_id > r.change_id and c.undone_at is null
                            and c.kind = r.kind and (c.after ->> 'meterId')::integer = r.meter_id)
          when 'meter-removed' then not exists (
            select from meter_fitting f where f.utility_id = r.utility_id and f.meter_id = r.meter_id and f.supply_point_id = r.supply_point_id
              and f.fitted_at = (r.before ->> 'fittedAt')::timestamptz and f.removed_at = r.instant
              and f.final_index_l is not distinct from (r.after ->> 'finalIndexL')::integer)
          when 'meter-fitted' then not exists (
            select from meter_fitting f where f.utility_id = r.utility_id and f.meter_id = r.meter_id and f.supply_point_id = r.supply_point_id
              and f.fitted_at = r.instant and f.start_index_l is not distinct from (r.after ->> 'startIndexL')::integer)
          else not exists (
            select from terminal_fitting f where f.utility_id = r.utility_id and f.terminal_id = r.terminal_id
              and f.supply_point_id = r.supply_point_id and f.from_at = r.instant)
            or (r.before ->> 'terminalId') is not null and not exists (
            select from terminal_fitting f where f.utility_id = r.utility_id and f.terminal_id = (r.before ->> 'terminalId')::integer
              and f.supply_point_id = r.supply_point_id and f.to_at = r.instant)
        end
  union all
  -- Registers that the former dial cannot show.
  select 'reading', r.made_at, highest_register(r.meter_id)::text
  from r where r.kind = 'meter-corrected' and highest_register(r.meter_id) >= (r.before ->> 'dialL')::integer
  union all
  -- The removed meter elsewhere since, or another one in its place.
  select 'fitting', f.fitted_at, m.serial
  from r join meter_fitting f on f.utility_id = r.utility_id and (f.supply_point_id = r.supply_point_id or f.meter_id = r.meter_id)
    and f.fitted_at >= r.instant
  join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  where r.kind = 'meter-removed'
  union all
  select 'removal', f.removed_at, m.serial
  from r join meter_fitting f on f.utility_id = r.utility_id and f.supply_point_id = r.supply_point_id and f.meter_id = r.meter_id
    and f.fitted_at = r.instant and f.removed_at is not null
  join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
  where r.kind = 'meter-fitted'
  union all
  select 'terminal', coalesce(f.to_at, f.from_at), t.number
  from r join terminal_fitting f on f.utility_id = r.utility_id
    -- The new one taken away; the former one elsewhere, or another in its place.
    and (f.terminal_id = r.terminal_id and f.supply_point_id = r.supply_point_id and f.from_at = r.instant and f.to_at is not null
         or f.from_at >= r.instant and f.terminal_id = (r.before ->> 'terminalId')::integer)
  join terminal t on t.utility_id = f.utility_id and t.terminal_id = f.terminal_id
  where r.kind = 'terminal-exchanged'
  union all
  select 'terminal', t.retired_at, t.number
  from r join terminal t on t.utility_id = r.utility_id and t.terminal_id = (r.before ->> 'terminalId')::integer and t.retired_at is not null
  where r.kind = 'terminal-exchanged'
  union all
  select distinct on (f.closes_on) 'closing-file', f.begun_at, f.closes_on::text
  from r
  join lateral (
    select r.supply_point_id as place
    union
    select g.supply_point_id from meter_fitting g where r.kind = 'meter-corrected' and g.utility_id = r.utility_id and g.meter_id = r.meter_id
  ) p on true
  cross join lateral closing_files_over(p.place, r.affects_from, r.audit_id, null) f
$$;

COMMENT ON FUNCTION public.resting_on_fitting(change_id integer) IS 'What rests on a change of a meter or terminal: later fittings, a removal, a retired terminal, registers that the former dial cannot show, and files of closings that were begun after it.';

CREATE FUNCTION public.retry_job(job_id bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update graphile_worker._private_jobs j
  set attempts = 0, run_at = now(), updated_at = now()
  where j.id = retry_job.job_id and j.locked_at is null
    and ((j.payload ->> 'utilityId') is null or (j.payload ->> 'utilityId')::integer = current_utility_id());
  if not found then return false; end if;
  perform pg_notify('jobs:insert', '{"r":"retry","count":1}');
  return true;
end $$;

COMMENT ON FUNCTION public.retry_job(job_id bigint) IS 'Has a job that waits or has failed run at once, with all its attempts before it; false where there is none or it runs.';

CREATE FUNCTION public.run_changes_since(run_id integer, most integer, OUT known boolean, OUT days integer, OUT places integer, OUT is_part boolean) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.run_changes_since(run_id integer, most integer, OUT known boolean, OUT days integer, OUT places integer, OUT is_part boolean) IS 'How many days of meters of a run''s rows arrived or changed since it was opened, and at how many supply points the register, both counted up to most. Not known of a run that is older than 400 days or than this record, or that another server made; is_part: more was changed in the utility than is looked at.';

CREATE FUNCTION public.save_closing_layout(layout_id integer, version integer, name text, body json, made_at timestamp with time zone, actor text, OUT saved_id integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  act record := layout_actor(save_closing_layout.actor);
begin
  if save_closing_layout.layout_id is null then
    insert into closing_layout as l (utility_id, name, version) values (tenant, save_closing_layout.name, 1)
    returning l.layout_id into saved_id;
  else
    update closing_layout l set name = save_closing_layout.name, version = save_closing_layout.version + 1
    where l.utility_id = tenant and l.layout_id = save_closing_layout.layout_id and l.version = save_closing_layout.version
      and l.removed_at is null
    returning l.layout_id into saved_id;
    if not found then
      raise check_violation using constraint = 'closing_layout_latest', message = 'the layout was changed or removed meanwhile';
    end if;
  end if;
  insert into closing_layout_version (utility_id, layout_id, version, name, body, made_by, made_name, made_at)
  select tenant, l.layout_id, l.version, l.name, save_closing_layout.body, act.doer, act.doer_name, save_closing_layout.made_at
  from closing_layout l where l.utility_id = tenant and l.layout_id = saved_id;
  insert into audit (utility_id, actor, act, subject, detail)
  select tenant, act.doer, 'closing-layout.saved', 'closing-layout:' || l.layout_id, jsonb_build_object('name', l.name, 'version', l.version)
  from closing_layout l where l.utility_id = tenant and l.layout_id = saved_id;
end $$;

COMMENT ON FUNCTION public.save_closing_layout(layout_id integer, version integer, name text, body json, made_at timestamp with time zone, actor text, OUT saved_id integer) IS 'Stores a new layout, or the next version of one whose latest version is the given one; writes the audit.';

CREATE FUNCTION public.seal_utility(utility_id integer, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare seal bytea;
begin
  select sha256(k.outer_key || sha256(k.inner_key || int4send(seal_utility.utility_id) || int4send(pg_backend_pid())
           || timestamptz_send(transaction_timestamp()) || convert_to(coalesce(seal_utility.actor, '-'), 'UTF8')))
  into strict seal from seal_key k;
  perform set_config('app.sealed_utility', concat_ws(' ', seal_utility.utility_id, coalesce(seal_utility.actor, '-'), encode(seal, 'hex')), true);
end $$;

COMMENT ON FUNCTION public.seal_utility(utility_id integer, actor text) IS 'Makes this the utility of the transaction, and the actor that of its audit (null: any). For the functions that know whose it is.';

CREATE FUNCTION public.sealed_actor() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select case when current_utility_id() is not null then nullif(split_part(current_setting('app.sealed_utility'), ' ', 2), '-') end
$$;

COMMENT ON FUNCTION public.sealed_actor() IS 'The actor that this transaction was sealed for, as the audit writes it; null where none was named.';

CREATE FUNCTION public.second_edit(edit_id integer, agreed boolean, acknowledged_closings date[], actor text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := edit_actor(second_edit.actor);
  made reading_edit;
begin
  perform hold_edits((select r.meter_id from reading_edit r where r.utility_id = tenant and r.edit_id = second_edit.edit_id));
  select * into made from reading_edit r where r.utility_id = tenant and r.edit_id = second_edit.edit_id and r.state = 'proposed';
  if not found then
    raise check_violation using constraint = 'reading_edit_proposed', message = 'there is no such proposed edit';
  end if;
  if doer = made.made_by then
    raise check_violation using constraint = 'reading_edit_own', message = 'the second look is another person''s';
  end if;
  if agreed then
    perform require_stored_registers(made);
    perform require_issued_closings(made.meter_id, made.day, made.hours, second_edit.acknowledged_closings);
  end if;
  update reading_edit r set state = case when agreed then 'standing' else 'refused' end,
    seconded_by = doer, seconded_name = edit_actor_name(doer), seconded_at = now()
  where r.utility_id = tenant and r.edit_id = made.edit_id
  returning r.* into made;
  if agreed then perform enter_edited_hours(made); end if;
  perform announce_edit(made, doer, case when agreed then 'reading.edit-seconded' else 'reading.edit-refused' end,
                        second_edit.acknowledged_closings);
  return made.state;
end $$;

COMMENT ON FUNCTION public.second_edit(edit_id integer, agreed boolean, acknowledged_closings date[], actor text) IS 'The second person''s look at a proposed edit: it stands from now on, or is refused.';

CREATE TABLE public.edited_day (
    utility_id integer NOT NULL,
    meter_id integer NOT NULL,
    day date NOT NULL,
    hours smallint[] NOT NULL,
    kinds text[] NOT NULL,
    index_l integer[] NOT NULL,
    edit_ids integer[] NOT NULL,
    entered_hours smallint[] NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT edited_day_check CHECK (((cardinality(hours) > 0) AND (cardinality(kinds) = cardinality(hours)) AND (cardinality(index_l) = cardinality(hours)) AND (cardinality(edit_ids) = cardinality(hours)))),
    CONSTRAINT edited_day_kinds_check CHECK ((kinds <@ ARRAY['struck'::text, 'entered'::text, 'confirmed'::text]))
);

ALTER TABLE ONLY public.edited_day FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.edited_day IS 'The standing edits of a meter''s JST day, hour by hour: what counts now. A day without a row has none. Kept by the functions of reading_edit.';

COMMENT ON COLUMN public.edited_day.hours IS 'Hours ending (1…24) with a standing edit, ascending.';

COMMENT ON COLUMN public.edited_day.kinds IS 'Element by element, as in reading_edit.';

COMMENT ON COLUMN public.edited_day.index_l IS 'Element by element, as in reading_edit. Litres.';

COMMENT ON COLUMN public.edited_day.edit_ids IS 'Element by element: the edit.';

COMMENT ON COLUMN public.edited_day.entered_hours IS 'Those of the hours whose register was entered by hand.';

CREATE FUNCTION public.seconded_index(edited public.edited_day, sound_l integer[]) RETURNS integer[]
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $_$
  select array_agg(case when r.edit_id is null or r.seconded_by is not null
                          or e.kind <> 'entered' and e.index_l is distinct from m.index_l[u.k] then u.index_l
                        when u.k = any (r.counted_hours)
                          or r.received_l[array_position(r.hours, u.k::smallint)] is distinct from m.index_l[u.k] then m.index_l[u.k]
                   end order by u.k)
  from unnest($2) with ordinality u (index_l, k)
  left join unnest(edited.hours, edited.kinds, edited.index_l, edited.edit_ids) e (hour, kind, index_l, edit_id) on e.hour = u.k
  left join reading_edit r on r.utility_id = edited.utility_id and r.edit_id = e.edit_id
  left join meter_day m on m.utility_id = edited.utility_id and m.meter_id = edited.meter_id and m.day = edited.day
$_$;

COMMENT ON FUNCTION public.seconded_index(edited public.edited_day, sound_l integer[]) IS 'The registers of an edited day without the edits that no second person agreed to: at their hours what was received, unless it did not count when the edit was made. sound_l: the day as it counts.';

CREATE FUNCTION public.see_reading_mark(meter_id integer, rule text, from_on date, seen boolean, note text, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(see_reading_mark.actor, '{admin,billing}');
begin
  update reading_mark m
  set seen_by = case when see_reading_mark.seen then doer end, seen_name = case when see_reading_mark.seen then name_of_actor(doer) end,
      seen_at = case when see_reading_mark.seen then now() end, note = case when see_reading_mark.seen then nullif(btrim(see_reading_mark.note), '') end
  where m.utility_id = tenant and m.meter_id = see_reading_mark.meter_id and m.rule = see_reading_mark.rule and m.from_on = see_reading_mark.from_on
    and m.stands and (m.seen_at is null) = see_reading_mark.seen;
  if not found then
    raise check_violation using constraint = 'reading_mark_stands', message = 'there is no such mark, or somebody was faster';
  end if;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, case when see_reading_mark.seen then 'reading.mark-seen' else 'reading.mark-reopened' end, 'meter:' || see_reading_mark.meter_id,
          jsonb_build_object('rule', see_reading_mark.rule, 'fromOn', see_reading_mark.from_on));
end $$;

COMMENT ON FUNCTION public.see_reading_mark(meter_id integer, rule text, from_on date, seen boolean, note text, actor text) IS 'Notes that a person looked at a mark, or takes that back; writes the audit.';

CREATE FUNCTION public.sent_ready_mails(actor text, most integer) RETURNS TABLE(key text, state text, entered_at timestamp with time zone, sent_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select m.key, m.state, m.entered_at, m.sent_at from mail m
  where m.utility_id = current_utility_id() and m.account_id = ready_mail_account(sent_ready_mails.actor) and m.kind = 'closing-ready'
  order by m.key desc limit most
$$;

COMMENT ON FUNCTION public.sent_ready_mails(actor text, most integer) IS 'Mails of ready closings to the person that asks, those of the latest closings first.';

CREATE FUNCTION public.serve_utility(utility_id integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform from utility u where u.utility_id = serve_utility.utility_id;
  if not found then
    raise no_data_found using message = format('there is no utility %s', serve_utility.utility_id);
  end if;
  perform seal_utility(serve_utility.utility_id, null);
  return serve_utility.utility_id;
end $$;

COMMENT ON FUNCTION public.serve_utility(utility_id integer) IS 'Makes any utility that exists that of this transaction, and yields it: for what serves all utilities, the sidecar and the commands of the operator.';

CREATE FUNCTION public.set_estimation(missed_reading text, interpolate_max_hours integer, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(set_estimation.actor, '{admin}');
  former estimation_setting;
begin
  select * into former from estimation_setting s where s.utility_id = tenant for update;
  insert into estimation_setting as s (utility_id, missed_reading, interpolate_max_hours, changed_by, changed_name)
  values (tenant, set_estimation.missed_reading, set_estimation.interpolate_max_hours, doer, name_of_actor(doer))
  on conflict (utility_id) do update
    set missed_reading = excluded.missed_reading, interpolate_max_hours = excluded.interpolate_max_hours,
        changed_by = excluded.changed_by, changed_name = excluded.changed_name, changed_at = now();
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'estimation.set', 'utility:' || tenant, jsonb_build_object(
    'missedReading', set_estimation.missed_reading, 'interpolateMaxHours', set_estimation.interpolate_max_hours,
    'formerMissedReading', coalesce(former.missed_reading, 'none'), 'formerInterpolateMaxHours', former.interpolate_max_hours));
end $$;

COMMENT ON FUNCTION public.set_estimation(missed_reading text, interpolate_max_hours integer, actor text) IS 'Sets how a utility estimates, from the next closing that is made; writes the audit.';

CREATE FUNCTION public.set_second_look(second_look_l integer, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  tenant integer := current_utility_id();
  former integer;
begin
  -- The operator's: no session and no key may set the limit that binds it.
  if tenant is null or sealed_actor() is not null then
    raise insufficient_privilege using message = 'the operator sets the limit of the second look';
  end if;
  select u.second_look_l into former from utility u where u.utility_id = tenant;
  update utility u set second_look_l = set_second_look.second_look_l where u.utility_id = tenant;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, set_second_look.actor, 'utility.second-look-set', 'utility:' || tenant,
          jsonb_build_object('formerL', former, 'secondLookL', set_second_look.second_look_l));
end $$;

COMMENT ON FUNCTION public.set_second_look(second_look_l integer, actor text) IS 'Sets from how many litres on an edit of a reading needs a second person.';

CREATE FUNCTION public.set_volume_factor(supply_point_id integer, from_on date, factor numeric, basis text, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(set_volume_factor.actor, '{admin}');
begin
  perform hold_closing_runs();
  if exists (
    select from occupancy o cross join lateral issued_rows_of(o.occupancy_id) i
    where o.utility_id = tenant and o.supply_point_id = set_volume_factor.supply_point_id and i.closes_on >= set_volume_factor.from_on
  ) then
    raise check_violation using constraint = 'volume_factor_issued', message = 'a closing on or after that day was issued';
  end if;
  insert into volume_factor as v (utility_id, supply_point_id, from_on, factor, basis, recorded_by, recorded_name)
  values (tenant, set_volume_factor.supply_point_id, set_volume_factor.from_on, set_volume_factor.factor, set_volume_factor.basis, doer, name_of_actor(doer))
  on conflict (utility_id, supply_point_id, from_on) do update
    set factor = excluded.factor, basis = excluded.basis, recorded_by = excluded.recorded_by, recorded_name = excluded.recorded_name, recorded_at = now();
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'volume-factor.set', 'supply-point:' || set_volume_factor.supply_point_id, jsonb_build_object(
    'fromOn', set_volume_factor.from_on, 'factor', set_volume_factor.factor::text, 'basis', set_volume_factor.basis));
end $$;

COMMENT ON FUNCTION public.set_volume_factor(supply_point_id integer, from_on date, factor numeric, basis text, actor text) IS 'Sets the factor of a supply point for the periods that begin on or after a day later than every issued closing; writes the audit.';

CREATE FUNCTION public.settle_reading_requests(as_of timestamp with time zone, seen_after timestamp with time zone, after_terminal integer, max_terminals integer, OUT settled integer, OUT last_terminal integer) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare slice integer[];
begin
  select coalesce(array_agg(terminal_id), '{}') into slice from (
    select t.terminal_id from terminal t
    where t.terminal_id > after_terminal
      and exists (select from reading_request r
                  where r.utility_id = t.utility_id and r.terminal_id = t.terminal_id
                    and r.answered_at is null and r.given_up_at is null)
    order by t.terminal_id
    limit max_terminals
  ) t;
  settled := settle_reading_requests_of(slice, as_of, seen_after);
  last_terminal := case when cardinality(slice) = max_terminals then slice[max_terminals] end;
end $$;

COMMENT ON FUNCTION public.settle_reading_requests(as_of timestamp with time zone, seen_after timestamp with time zone, after_terminal integer, max_terminals integer, OUT settled integer, OUT last_terminal integer) IS 'Does what settle_reading_requests_of does for the next max_terminals terminals of this transaction''s utility from which anything is wanted. last_terminal is where to go on, null at the end.';

CREATE FUNCTION public.settle_reading_requests_of(terminals integer[], as_of timestamp with time zone, seen_after timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare settled integer;
begin
  -- What came on the terminal's own account and lacks hours is asked for once more; an answer is all that the terminal has.
  with open as materialized (
    select r.meter_id, r.day, r.last_asked_at,
           (select m.received_at from meter_day m where m.meter_id = r.meter_id and m.day = r.day) as received_at,
           (select not lacks_hours(m.meter_id, m.day, m.index_l, r.first_hour, r.last_hour) from meter_day m
            where m.meter_id = r.meter_id and m.day = r.day) as is_full
    from reading_request r
    join terminal_state s on s.utility_id = r.utility_id and s.terminal_id = r.terminal_id
    where r.answered_at is null and r.given_up_at is null
      and r.terminal_id = any (terminals)
      and s.last_seen_at >= seen_after
  )
  update reading_request r
  set reason = case when open.is_full then r.reason else 'incomplete' end,
      answered_at = case when open.is_full or open.received_at > open.last_asked_at then open.received_at end
  from open
  where r.meter_id = open.meter_id and r.day = open.day and open.received_at is not null
    and (r.reason = 'absent' or open.is_full or open.received_at > open.last_asked_at);
  get diagnostics settled = row_count;
  update reading_request r
  set given_up_at = as_of
  from utility u
  where r.answered_at is null and r.given_up_at is null
    and r.terminal_id = any (terminals)
    and u.utility_id = r.utility_id
    and r.day < (as_of at time zone 'Asia/Tokyo')::date - u.poll_days_back;
  return settled;
end $$;

COMMENT ON FUNCTION public.settle_reading_requests_of(terminals integer[], as_of timestamp with time zone, seen_after timestamp with time zone) IS 'Closes the open requests of some terminals of this transaction''s utility: those that were answered, where the terminal was seen since an instant, and those that are too old to ask for. Yields how many found their day.';

CREATE FUNCTION public.sign_in_closed_until(utility_id integer, kind text, typed_hash bytea, device_hash bytea, address_hash bytea) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $_$
  select max(t.locked_until) from sign_in_try t
  where t.utility_id = $1 and t.kind = $2 and t.locked_until > clock_timestamp()
    and ((t.typed_hash = $3 and t.source_hash in ('', $5)) or (t.typed_hash = '' and t.source_hash = $5))
    and not is_known_device($1, $2, $3, $4)
$_$;

COMMENT ON FUNCTION public.sign_in_closed_until(utility_id integer, kind text, typed_hash bytea, device_hash bytea, address_hash bytea) IS 'Until when a name may not be tried from a source, or null; a known device is never kept waiting by tries from elsewhere.';

CREATE TABLE public.sign_in_secret (
    single boolean DEFAULT true NOT NULL,
    secret bytea NOT NULL,
    CONSTRAINT sign_in_secret_secret_check CHECK ((length(secret) = 32)),
    CONSTRAINT sign_in_secret_single_check CHECK (single)
);

COMMENT ON TABLE public.sign_in_secret IS 'Makes salts of names that nobody has, and the hashes of names and addresses. One row; the application cannot read it.';

CREATE FUNCTION public.sign_in_keyed_hash(text text) RETURNS bytea
    LANGUAGE sql STABLE
    RETURN (SELECT sha256((s.secret || sha256((s.secret || convert_to(sign_in_keyed_hash.text, 'UTF8'::name))))) AS sha256 FROM public.sign_in_secret s);

COMMENT ON FUNCTION public.sign_in_keyed_hash(text text) IS 'HMAC in its nested form: without the secret nobody computes it.';

CREATE FUNCTION public.sign_in_subject(kind text, utility_code text, name text) RETURNS TABLE(utility_id integer, subject_id integer, salt bytea, scrypt_n integer, scrypt_r integer, scrypt_p integer, verifier bytea)
    LANGUAGE sql STABLE
    AS $_$
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
$_$;

COMMENT ON FUNCTION public.sign_in_subject(kind text, utility_code text, name text) IS 'The utility of a code, and the account or the latest occupancy with a code that a name means there; null when nobody has the name.';

CREATE FUNCTION public.sign_in_utility(utility_code text) RETURNS TABLE(code text, name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
  select u.code, u.name from utility u where u.code = $1
  union all
  select min(u.code), min(u.name) from utility u where $1 is null having count(*) = 1
$_$;

COMMENT ON FUNCTION public.sign_in_utility(utility_code text) IS 'The utility of a code; for null the only utility there is, or no row when there are several.';

CREATE FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[]) RETURNS integer[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT array_agg(CASE WHEN (v.hour IS NULL) THEN u.index_l ELSE NULL::integer END ORDER BY u.k) AS array_agg FROM (unnest(sound_index.index_l) WITH ORDINALITY u(index_l, k) LEFT JOIN UNNEST(sound_index.doubtful_hours, sound_index.doubtful_l) v(hour, index_l) ON (((v.hour = u.k) AND (v.index_l = u.index_l)))));

COMMENT ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[]) IS 'The registers of a day, null where they are in doubt: at these hours, while they have these values.';

CREATE FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) RETURNS integer[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT array_agg(CASE WHEN (e.kind = 'entered'::text) THEN e.index_l WHEN (e.kind = 'confirmed'::text) THEN u.index_l WHEN ((e.kind IS NULL) AND (v.hour IS NULL)) THEN u.index_l ELSE NULL::integer END ORDER BY u.k) AS array_agg FROM ((unnest(COALESCE(sound_index.index_l, array_fill(NULL::integer, ARRAY[24]))) WITH ORDINALITY u(index_l, k) LEFT JOIN UNNEST(sound_index.doubtful_hours, sound_index.doubtful_l) v(hour, index_l) ON (((v.hour = u.k) AND (v.index_l = u.index_l)))) LEFT JOIN UNNEST(sound_index.edited_hours, sound_index.edited_kinds, sound_index.edited_l) e(hour, kind, index_l) ON (((e.hour = u.k) AND ((e.kind = 'entered'::text) OR (e.index_l = u.index_l))))));

COMMENT ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) IS 'The registers of a day that count: entered ones in place, null where they are struck, or in doubt and not confirmed. A verdict, a strike and a confirmation hold while the day has the value that they are about.';

CREATE TABLE public.occupancy (
    utility_id integer NOT NULL,
    occupancy_id integer NOT NULL,
    supply_point_id integer NOT NULL,
    customer_number text NOT NULL,
    from_on date NOT NULL,
    to_on date,
    CONSTRAINT occupancy_check CHECK ((to_on > from_on)),
    CONSTRAINT occupancy_customer_number_check CHECK ((customer_number ~ '^[0-9A-Za-z-]{1,32}$'::text))
);

ALTER TABLE ONLY public.occupancy FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.occupancy IS 'A customer number (お客様番号) at a supply point, for a half-open range of JST dates.';

COMMENT ON COLUMN public.occupancy.to_on IS 'First JST date that is no longer this customer''s, or null.';

CREATE FUNCTION public.stay_facts(o public.occupancy) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    RETURN jsonb_build_object('occupancyId', (o).occupancy_id, 'customerNumber', (o).customer_number, 'fromOn', (o).from_on, 'toOn', (o).to_on);

COMMENT ON FUNCTION public.stay_facts(o public.occupancy) IS 'A stay as the record of a change has it.';

CREATE FUNCTION public.store_day_reports(for_utility integer, reports public.day_report_row[], marks public.terminal_mark[], received timestamp with time zone, OUT stored integer, OUT completed integer, OUT corrected integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  -- Rows are taken in the same order by everybody, so that two batches wait for each other and never crosswise.
  insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id,
                                counter, frame_check, received_at, arrival, revision)
  select for_utility, r.meter_id, r.day, r.index_l, r.pressure_pa, r.closing_index_l, r.closing_hour, r.terminal_id,
         r.counter, r.frame_check, received, r.arrival, 0
  from unnest(reports) r
  order by r.meter_id, r.day
  on conflict (utility_id, meter_id, day) do nothing;
  get diagnostics stored = row_count;
  if stored = cardinality(reports) then
    -- The fields are taken one by one: as a row of a function each report would be copied whole.
    insert into day_change (utility_id, what, meter_ids, days)
    select for_utility, (array['on-time', 'late', 'back-fill', 'requested'])[arrival], array_agg(meter_id), array_agg(day)
    from (select (r).meter_id, (r).day, (r).arrival from (select unnest(reports) as r) u) d
    group by arrival;
  elsif stored > 0 then
    -- Which of them were new is told by the rows that this transaction wrote.
    insert into day_change (utility_id, what, meter_ids, days)
    select for_utility, (array['on-time', 'late', 'back-fill', 'requested'])[m.arrival], array_agg(m.meter_id), array_agg(d.day)
    from (select r.day, array_agg(r.meter_id) as meters from unnest(reports) r group by r.day) d
    cross join lateral (
      select e.meter_id, e.arrival from series.meter_day e
      where e.utility_id = for_utility and e.meter_id = any (d.meters) and e.day = d.day and e.xmin = pg_current_xact_id()::xid
    ) m
    group by m.arrival;
  end if;
  completed := 0;
  corrected := 0;
  if stored < cardinality(reports) then
    select c.completed, c.corrected into completed, corrected from merge_day_reports(for_utility, reports, received) c;
  end if;
  update terminal_state s
  set up_high = greatest(s.up_high, m.up_high),
      up_window = merge_window(s.up_high, s.up_window, m.up_high, m.up_window),
      last_seen_at = received,
      battery_mv = coalesce(m.battery_mv, s.battery_mv),
      signal_dbm = coalesce(m.signal_dbm, s.signal_dbm),
      link = coalesce(m.link, s.link),
      firmware = coalesce(m.firmware, s.firmware),
      clock_offset_s = coalesce(m.clock_offset_s, s.clock_offset_s)
  from (select * from unnest(marks) order by terminal_id) m
  where s.utility_id = for_utility and s.terminal_id = m.terminal_id;
end $$;

COMMENT ON FUNCTION public.store_day_reports(for_utility integer, reports public.day_report_row[], marks public.terminal_mark[], received timestamp with time zone, OUT stored integer, OUT completed integer, OUT corrected integer) IS 'Stores one utility''s batch of day reports and its counter marks. A day that exists is left, completed or corrected; the old version is kept. One meter-day and one terminal may occur once in a batch.';

CREATE FUNCTION public.take_back_edit(edit_id integer, acknowledged_closings date[], actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := edit_actor(take_back_edit.actor);
  made reading_edit;
  did_stand boolean;
begin
  perform hold_edits((select r.meter_id from reading_edit r where r.utility_id = tenant and r.edit_id = take_back_edit.edit_id));
  select * into made from reading_edit r
  where r.utility_id = tenant and r.edit_id = take_back_edit.edit_id and r.state in ('proposed', 'standing');
  if not found then
    raise check_violation using constraint = 'reading_edit_open', message = 'there is no such edit that is proposed or stands';
  end if;
  did_stand := made.state = 'standing';
  if did_stand then
    perform require_issued_closings(made.meter_id, made.day, made.hours, take_back_edit.acknowledged_closings);
    delete from edited_day y
    where y.utility_id = tenant and y.meter_id = made.meter_id and y.day = made.day and made.edit_id = all (y.edit_ids);
    update edited_day y set (hours, kinds, index_l, edit_ids, entered_hours, changed_at) = (
      select array_agg(k.hour order by k.hour), array_agg(k.kind order by k.hour), array_agg(k.index_l order by k.hour),
             array_agg(k.edit_id order by k.hour), coalesce(array_agg(k.hour order by k.hour) filter (where k.kind = 'entered'), '{}'), now()
      from unnest(y.hours, y.kinds, y.index_l, y.edit_ids) k (hour, kind, index_l, edit_id) where k.edit_id <> made.edit_id)
    where y.utility_id = tenant and y.meter_id = made.meter_id and y.day = made.day;
  end if;
  update reading_edit r set state = 'taken-back', taken_back_by = doer, taken_back_name = edit_actor_name(doer), taken_back_at = now()
  where r.utility_id = tenant and r.edit_id = made.edit_id;
  perform announce_edit(made, doer, case when did_stand then 'reading.edit-taken-back' else 'reading.edit-withdrawn' end,
                        take_back_edit.acknowledged_closings);
end $$;

COMMENT ON FUNCTION public.take_back_edit(edit_id integer, acknowledged_closings date[], actor text) IS 'Ends an edit: its hours count again as they were received. One that it superseded does not come back.';

CREATE FUNCTION public.take_down_counters(for_terminal integer, how_many integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare first_taken bigint;
begin
  if how_many is null or how_many not between 1 and 1000 then
    raise invalid_parameter_value using message = 'take 1 to 1000 counters at once';
  end if;
  -- A counter that a crash of the database gave back would be a nonce used twice.
  perform set_config('synchronous_commit', 'on', true);
  update terminal_state s set down_counter = s.down_counter + how_many
  where s.utility_id = (select current_utility_id()) and s.terminal_id = for_terminal
  returning s.down_counter - how_many + 1 into first_taken;
  if first_taken is null then
    raise no_data_found using message = format('there is no terminal %s in this utility', for_terminal);
  end if;
  return first_taken;
end $$;

COMMENT ON FUNCTION public.take_down_counters(for_terminal integer, how_many integer) IS 'Takes downlink counters of a terminal of this transaction''s utility and yields the first: they only ever count up.';

CREATE FUNCTION public.take_uplink_frames(terminals integer[], counters bigint[], checks integer[], types smallint[], arrived_fresh boolean[], received timestamp with time zone[]) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  for_utility integer := current_utility_id();
  new_frames text[];
  verdicts text[];
begin
  if for_utility is null then
    raise insufficient_privilege using message = 'name the utility whose frames are taken';
  end if;
  -- Until the end of the transaction: the frames are acknowledged after it, and must be on disk by then.
  perform set_config('synchronous_commit', 'on', true);
  -- Another transaction with the same frame makes this one wait here for its end; then the key is there, or it is not.
  with inserted as (
    insert into taken_frame (utility_id, terminal_id, counter, frame_check, type, received_at)
    select for_utility, f.terminal_id, f.counter, f.frame_check, f.type, f.received_at
    from unnest(terminals, counters, checks, types, arrived_fresh, received)
      f (terminal_id, counter, frame_check, type, arrived_fresh, received_at)
    join terminal_state s on s.utility_id = for_utility and s.terminal_id = f.terminal_id
    -- A frame that was fresh when it came and was overtaken since is still new where there is no row of it, nor was one.
    where f.counter > s.taken_pruned_to
      and judge_counter(s.up_high, s.up_window, f.counter) = any (array['fresh', case when f.arrived_fresh then 'too_old' end])
    order by f.terminal_id, f.counter
    on conflict (utility_id, terminal_id, counter) do nothing
    returning concat_ws(' ', terminal_id, counter, frame_check) as frame
  )
  select coalesce(array_agg(frame), '{}') into new_frames from inserted;
  select array_agg(
      case
        when f.nth = 1 and concat_ws(' ', f.terminal_id, f.counter, f.frame_check) = any (new_frames) then 'taken'
        when exists (select from taken_frame t
                     where t.utility_id = for_utility and t.terminal_id = f.terminal_id and t.counter = f.counter
                       and t.frame_check = f.frame_check) then 'repeated'
        else 'replayed'
      end order by f.at)
  into verdicts
  from (select u.*, row_number() over (partition by u.terminal_id, u.counter, u.frame_check order by u.at) as nth
        from unnest(terminals, counters, checks) with ordinality u (terminal_id, counter, frame_check, at)) f;
  return verdicts;
end $$;

COMMENT ON FUNCTION public.take_uplink_frames(terminals integer[], counters bigint[], checks integer[], types smallint[], arrived_fresh boolean[], received timestamp with time zone[]) IS 'Takes frames of this transaction''s utility, which the caller runs in the same transaction. Of each, in the order given: taken; repeated, which was taken before; or replayed, whose counter was used or is too old and which was never taken.';

CREATE FUNCTION public.take_withdrawn_number() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare former integer;
begin
  delete from withdrawn_meter w where w.utility_id = new.utility_id and w.serial = new.serial returning w.meter_id into former;
  new.meter_id := coalesce(former, new.meter_id);
  return new;
end $$;

COMMENT ON FUNCTION public.take_withdrawn_number() IS 'Gives a meter that is registered again the number that it had, and so the days that were stored under it.';

CREATE FUNCTION public.terminal_for_connect(terminal_number text) RETURNS TABLE(utility_id integer, utility_code text, terminal_id integer, secret_hash bytea, report_minute smallint, report_window_minutes smallint, up_high bigint, up_window bigint, keys json, meters json)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
  select t.utility_id, u.code, t.terminal_id, t.secret_hash, t.report_minute, t.report_window_minutes, s.up_high, s.up_window,
    (select coalesce(json_agg(json_build_object('generation', k.generation, 'wrappedKey', encode(k.wrapped_key, 'hex'), 'kekId', k.kek_id)
                     order by k.generation), '[]')
     from terminal_key k where k.utility_id = t.utility_id and k.terminal_id = t.terminal_id and k.retired_at is null),
    (select coalesce(json_agg(json_build_object('meterId', m.meter_id, 'serial', m.serial, 'dialL', m.dial_l,
                       'fittedAt', greatest(f.fitted_at, tf.from_at), 'removedAt', least(f.removed_at, tf.to_at)) order by f.fitted_at), '[]')
     from terminal_fitting tf
     join meter_fitting f on f.utility_id = tf.utility_id and f.supply_point_id = tf.supply_point_id
      and tstzrange(f.fitted_at, f.removed_at) && tstzrange(tf.from_at, tf.to_at)
     join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
     where tf.utility_id = t.utility_id and tf.terminal_id = t.terminal_id)
  from terminal t
  join utility u on u.utility_id = t.utility_id
  join terminal_state s on s.utility_id = t.utility_id and s.terminal_id = t.terminal_id
  where t.number = $1 and t.retired_at is null
$_$;

COMMENT ON FUNCTION public.terminal_for_connect(terminal_number text) IS 'All that the broker needs of a terminal that signs in: before this, its utility is not known.';

CREATE FUNCTION public.terminals_called(as_of timestamp with time zone, retired_after timestamp with time zone) RETURNS TABLE(terminal_number text, is_retired boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select t.number, false
  from terminal_test x
  join terminal t on t.utility_id = x.utility_id and t.terminal_id = x.terminal_id
  where x.acknowledged_at is null and x.answered_at is null and x.expires_at > as_of
  union all
  select t.number, true from terminal t where t.retired_at > retired_after
$$;

COMMENT ON FUNCTION public.terminals_called(as_of timestamp with time zone, retired_after timestamp with time zone) IS 'Terminals of all utilities that a sidecar looks at when they are connected: those to test, and those retired since an instant.';

CREATE FUNCTION public.undo_exchange(exchange_id integer, actor text, OUT kept_meter boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(undo_exchange.actor);
  x record;
begin
  select e.*, r.serial as removed_serial, n.serial as fitted_serial, old.final_index_l, fit.start_index_l into x
  from meter_exchange e
  join meter r on r.utility_id = e.utility_id and r.meter_id = e.removed_meter_id
  join meter n on n.utility_id = e.utility_id and n.meter_id = e.fitted_meter_id
  join meter_fitting old on old.utility_id = e.utility_id and old.meter_id = e.removed_meter_id and old.fitted_at = e.removed_fitted_at
  join meter_fitting fit on fit.utility_id = e.utility_id and fit.meter_id = e.fitted_meter_id and fit.fitted_at = e.exchanged_at
  where e.utility_id = tenant and e.exchange_id = undo_exchange.exchange_id
  for update of old, fit;
  if not found then
    raise check_violation using constraint = 'meter_exchange_stands', message = 'there is no such exchange';
  end if;
  kept_meter := not x.registered_meter
    or exists (select from meter_day d where d.utility_id = tenant and d.meter_id = x.fitted_meter_id)
    or exists (select from reading_request q where q.utility_id = tenant and q.meter_id = x.fitted_meter_id)
    or exists (select from reading_fault q where q.utility_id = tenant and q.meter_id = x.fitted_meter_id);
  -- Before what rests is looked up: from here on no extraction begins, as the chain of the audit is held.
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'meter.exchange-undone', 'supply-point:' || x.supply_point_id,
          jsonb_build_object(
            'exchangedAt', to_char(x.exchanged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'removedSerial', x.removed_serial, 'finalIndexL', x.final_index_l,
            'fittedSerial', x.fitted_serial, 'startIndexL', x.start_index_l, 'keptMeter', kept_meter));
  if exists (select from resting_on_exchange(undo_exchange.exchange_id)) then
    raise check_violation using constraint = 'meter_exchange_free', message = 'something rests on the exchange';
  end if;
  delete from meter_exchange e where e.utility_id = tenant and e.exchange_id = undo_exchange.exchange_id;
  delete from meter_fitting f
  where f.utility_id = tenant and f.meter_id = x.fitted_meter_id and f.fitted_at = x.exchanged_at;
  update meter_fitting f set removed_at = null, final_index_l = null
  where f.utility_id = tenant and f.meter_id = x.removed_meter_id and f.fitted_at = x.removed_fitted_at;
  if not kept_meter then
    insert into withdrawn_meter (utility_id, meter_id, serial) values (tenant, x.fitted_meter_id, x.fitted_serial);
    delete from meter m where m.utility_id = tenant and m.meter_id = x.fitted_meter_id;
  end if;
end $$;

COMMENT ON FUNCTION public.undo_exchange(exchange_id integer, actor text, OUT kept_meter boolean) IS 'Brings the register back to what it was before an exchange on which nothing rests; writes the audit. A meter that was registered with it goes too, unless readings or requests of it are there; its number stays with its serial (withdrawn_meter).';

CREATE TABLE public.register_change (
    utility_id integer NOT NULL,
    change_id integer NOT NULL,
    kind text NOT NULL,
    supply_point_id integer NOT NULL,
    holds_from date NOT NULL,
    affects_from date NOT NULL,
    occupancy_id integer,
    before jsonb,
    after jsonb NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    audit_id bigint NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    undone_by text,
    undone_name text,
    undone_at timestamp with time zone,
    CONSTRAINT register_change_check CHECK ((affects_from <= holds_from)),
    CONSTRAINT register_change_check1 CHECK (((occupancy_id IS NOT NULL) = (kind = ANY (ARRAY['move-in'::text, 'move-out'::text, 'stay-corrected'::text])))),
    CONSTRAINT register_change_check2 CHECK (((before IS NULL) = (kind = 'move-in'::text))),
    CONSTRAINT register_change_check3 CHECK ((((undone_at IS NULL) = (undone_by IS NULL)) AND ((undone_at IS NULL) = (undone_name IS NULL)))),
    CONSTRAINT register_change_kind_check CHECK ((kind = ANY (ARRAY['move-in'::text, 'move-out'::text, 'stay-corrected'::text, 'supply-closed'::text, 'supply-opened'::text, 'closing-day'::text, 'tariff'::text, 'area'::text, 'meter-corrected'::text, 'meter-removed'::text, 'meter-fitted'::text, 'terminal-exchanged'::text])))
);

ALTER TABLE ONLY public.register_change FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.register_change IS 'A change of a supply point in the register by a person, also one that was undone. Exchanges of meters are in meter_exchange.';

COMMENT ON COLUMN public.register_change.holds_from IS 'First JST day on which the register is other than before: of a move-out the first that is no longer the customer''s.';

COMMENT ON COLUMN public.register_change.affects_from IS 'First JST day whose closing the change concerns.';

COMMENT ON COLUMN public.register_change.occupancy_id IS 'The stay, of a change of stays. Without a foreign key: a stay that began with a change goes with its undoing.';

COMMENT ON COLUMN public.register_change.before IS 'What the change replaced, by names of the API; null of a move-in.';

COMMENT ON COLUMN public.register_change.after IS 'What it put there.';

COMMENT ON COLUMN public.register_change.actor IS 'Actor as kind:id, as in the audit.';

COMMENT ON COLUMN public.register_change.actor_name IS 'Display name of the person, or name of the command, as it was then.';

COMMENT ON COLUMN public.register_change.audit_id IS 'Its act in the audit: files of closings with a later number have seen it.';

CREATE FUNCTION public.undo_fitting_change(r public.register_change) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  of_meter integer := (r.after ->> 'meterId')::integer;
  instant timestamptz := coalesce(r.after ->> 'removedAt', r.after ->> 'fittedAt', r.after ->> 'exchangedAt')::timestamptz;
begin
  case r.kind
    when 'meter-corrected' then
      update meter m set size = (r.before ->> 'sizeM3PerHour')::numeric, dial_l = (r.before ->> 'dialL')::integer
      where m.utility_id = r.utility_id and m.meter_id = of_meter;
      perform announce_meter(of_meter);
    when 'meter-removed' then
      update meter_fitting f set removed_at = null, final_index_l = null
      where f.utility_id = r.utility_id and f.meter_id = of_meter and f.fitted_at = (r.before ->> 'fittedAt')::timestamptz;
    when 'meter-fitted' then
      delete from meter_fitting f where f.utility_id = r.utility_id and f.meter_id = of_meter and f.fitted_at = instant;
      if (r.after ->> 'registeredMeter')::boolean
         and not exists (select from meter_fitting f where f.utility_id = r.utility_id and f.meter_id = of_meter)
         and not exists (select from meter_day d where d.utility_id = r.utility_id and d.meter_id = of_meter)
         and not exists (select from reading_request q where q.utility_id = r.utility_id and q.meter_id = of_meter)
         and not exists (select from reading_fault q where q.utility_id = r.utility_id and q.meter_id = of_meter) then
        insert into withdrawn_meter (utility_id, meter_id, serial) values (r.utility_id, of_meter, r.after ->> 'serial');
        delete from meter m where m.utility_id = r.utility_id and m.meter_id = of_meter;
      end if;
    else
      delete from terminal_fitting f
      where f.utility_id = r.utility_id and f.terminal_id = (r.after ->> 'terminalId')::integer and f.from_at = instant;
      update terminal_fitting f set to_at = null
      where f.utility_id = r.utility_id and f.terminal_id = (r.before ->> 'terminalId')::integer
        and f.supply_point_id = r.supply_point_id and f.to_at = instant;
  end case;
end $$;

COMMENT ON FUNCTION public.undo_fitting_change(r public.register_change) IS 'The rows of meters and terminals as before a change. A meter that was registered with its fitting goes too, unless readings or requests of it are there.';

CREATE FUNCTION public.undo_register_change(change_id integer, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := register_actor(undo_register_change.actor);
  r register_change;
begin
  select * into r from register_change c
  where c.utility_id = tenant and c.change_id = undo_register_change.change_id and c.undone_at is null for update;
  if not found then
    raise check_violation using constraint = 'register_change_stands', message = 'there is no such change';
  end if;
  perform from supply_point p where p.utility_id = tenant and p.supply_point_id = r.supply_point_id for no key update;
  -- Before what rests is looked up: from here on no extraction begins, as the chain of the audit is held.
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'register.change-undone', 'supply-point:' || r.supply_point_id,
          jsonb_build_object('kind', r.kind, 'change', r.change_id, 'holdsFrom', r.holds_from, 'before', r.before, 'after', r.after));
  if exists (select from resting_on_change(r.change_id)) then
    raise check_violation using constraint = 'register_change_free', message = 'something rests on the change';
  end if;
  case r.kind
    when 'move-in' then
      delete from occupancy o where o.utility_id = tenant and o.occupancy_id = r.occupancy_id;
    when 'move-out', 'stay-corrected' then
      update occupancy o set from_on = (r.before ->> 'fromOn')::date, to_on = (r.before ->> 'toOn')::date
      where o.utility_id = tenant and o.occupancy_id = r.occupancy_id;
    when 'closing-day' then
      delete from former_closing_day f
      where f.utility_id = tenant and f.supply_point_id = r.supply_point_id and f.until_on = r.holds_from;
      update supply_point p set closing_day = (r.before ->> 'closingDay')::integer
      where p.utility_id = tenant and p.supply_point_id = r.supply_point_id;
    when 'tariff' then
      update supply_point p set tariff_id = (r.before ->> 'tariffId')::integer
      where p.utility_id = tenant and p.supply_point_id = r.supply_point_id;
    when 'area' then
      update supply_point p set area_id = (r.before ->> 'areaId')::integer
      where p.utility_id = tenant and p.supply_point_id = r.supply_point_id;
    when 'meter-corrected', 'meter-removed', 'meter-fitted', 'terminal-exchanged' then
      perform undo_fitting_change(r);
    else
      update supply_point p set closed_on = (r.before ->> 'closedOn')::date
      where p.utility_id = tenant and p.supply_point_id = r.supply_point_id;
  end case;
  update register_change c set undone_by = doer, undone_name = actor_name_of(doer), undone_at = now()
  where c.utility_id = tenant and c.change_id = r.change_id;
end $$;

COMMENT ON FUNCTION public.undo_register_change(change_id integer, actor text) IS 'Brings a supply point back to what it was before a change on which nothing rests; writes the audit.';

CREATE FUNCTION public.unedited_hours(index_l integer[], doubtful_hours smallint[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) RETURNS smallint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT array_agg(h.hour ORDER BY h.hour) AS array_agg FROM unnest(unedited_hours.doubtful_hours) h(hour) WHERE (NOT (EXISTS (SELECT FROM UNNEST(unedited_hours.edited_hours, unedited_hours.edited_kinds, unedited_hours.edited_l) e(hour, kind, index_l) WHERE ((e.hour = h.hour) AND ((e.kind = 'entered'::text) OR (e.index_l = (unedited_hours.index_l)[h.hour])))))));

COMMENT ON FUNCTION public.unedited_hours(index_l integer[], doubtful_hours smallint[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) IS 'The hours in doubt of which no edit holds; null without one.';

CREATE FUNCTION public.unvalidated_changes(for_utility integer, most integer) RETURNS TABLE(transaction_id xid8, change_id bigint, meter_ids integer[], days date[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  -- The key of the feed is not found by a role that row security binds: comparing transactions is not known to be safe.
  with reader as materialized (
    select p.transaction_id, p.change_id from change_position p
    where p.utility_id = for_utility and p.reader = 'validation' and p.transaction_id < pg_snapshot_xmax(pg_current_snapshot())
  )
  select c.transaction_id, c.change_id, c.meter_ids, c.days
  from day_change c
  where c.utility_id = for_utility and for_utility = current_utility_id()
    and (c.transaction_id, c.change_id) > (coalesce((select r.transaction_id from reader r), '0'), coalesce((select r.change_id from reader r), 0))
    and not exists (
      select from validation_ahead a
      where a.utility_id = c.utility_id and a.transaction_id = c.transaction_id and a.change_id = c.change_id)
  order by c.transaction_id, c.change_id limit most
$$;

COMMENT ON FUNCTION public.unvalidated_changes(for_utility integer, most integer) IS 'Changes of the feed that are visible and not validated, in their order, at most so many; null: all.';

CREATE FUNCTION public.utc_text(instant timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    RETURN to_char((instant AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text);

COMMENT ON FUNCTION public.utc_text(instant timestamp with time zone) IS 'An instant as the record of a change and the audit have it.';

CREATE FUNCTION public.utilities_to_poll() RETURNS TABLE(utility_id integer, poll_days_back integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select u.utility_id, u.poll_days_back from utility u order by u.utility_id
$$;

COMMENT ON FUNCTION public.utilities_to_poll() IS 'Every utility, for the schedule that plans requests one utility after the other.';

CREATE FUNCTION public.utilities_to_validate() RETURNS SETOF integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select u.utility_id from utility u
  left join change_position p on p.utility_id = u.utility_id and p.reader = 'validation'
    and p.transaction_id < pg_snapshot_xmax(pg_current_snapshot())
  where not exists (select from validation_state s where s.utility_id = u.utility_id and s.rules_version > 0)
    or exists (
      -- In the order of the key, so that it is used: most often there is nothing after the position.
      select from (
        select from day_change c
        where c.utility_id = u.utility_id
          and (c.transaction_id, c.change_id) > (coalesce(p.transaction_id, '0'), coalesce(p.change_id, 0))
          and not exists (
            select from validation_ahead a
            where a.utility_id = c.utility_id and a.transaction_id = c.transaction_id and a.change_id = c.change_id)
        order by c.utility_id, c.transaction_id, c.change_id limit 1
      ) next)
$$;

COMMENT ON FUNCTION public.utilities_to_validate() IS 'Utilities whose readings were never validated, or of which the feed has changes that are not validated.';

CREATE FUNCTION public.withdraw_circumstance(circumstance_id integer, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(withdraw_circumstance.actor, '{admin,billing}');
  place integer;
begin
  update place_circumstance c set withdrawn_by = doer, withdrawn_at = now()
  where c.utility_id = tenant and c.circumstance_id = withdraw_circumstance.circumstance_id and c.withdrawn_at is null
  returning c.supply_point_id into place;
  if not found then
    raise check_violation using constraint = 'circumstance_stands', message = 'there is no such circumstance';
  end if;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'circumstance.withdrawn', 'supply-point:' || place, jsonb_build_object('circumstance', withdraw_circumstance.circumstance_id));
end $$;

COMMENT ON FUNCTION public.withdraw_circumstance(circumstance_id integer, actor text) IS 'Withdraws recorded days of a supply point; writes the audit.';

CREATE FUNCTION public.withdraw_ready_mail(request_id integer, actor text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

COMMENT ON FUNCTION public.withdraw_ready_mail(request_id integer, actor text) IS 'Takes back what the person asked for, and nobody else''s; false where there is no such request. Writes the audit.';

CREATE FUNCTION public.withdraw_usage_decision(decision_id integer, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  doer text := deciding_actor(withdraw_usage_decision.actor, '{admin,billing}');
  d usage_decision;
begin
  perform hold_closing_runs();
  select * into d from usage_decision u
  where u.utility_id = tenant and u.decision_id = withdraw_usage_decision.decision_id and u.withdrawn_at is null for update;
  if not found then
    raise check_violation using constraint = 'usage_decision_stands', message = 'there is no such decision';
  end if;
  if exists (
    select from issued_rows_of(d.occupancy_id) i
    where case d.kind when 'certified' then i.facts -> 'estimation' -> 'certified' ->> 'decisionId' = d.decision_id::text
      else exists (select from json_array_elements(case when json_typeof(i.facts -> 'corrections') = 'array' then i.facts -> 'corrections' else '[]' end) e
                   where e ->> 'decisionId' = d.decision_id::text) end
  ) then
    raise check_violation using constraint = 'usage_decision_free', message = 'a closing was issued with it';
  end if;
  update usage_decision u set withdrawn_by = doer, withdrawn_name = name_of_actor(doer), withdrawn_at = now()
  where u.utility_id = tenant and u.decision_id = d.decision_id;
  insert into audit (utility_id, actor, act, subject, detail)
  values (tenant, doer, 'usage.decision-withdrawn', 'occupancy:' || d.occupancy_id, jsonb_build_object('decision', d.decision_id, 'kind', d.kind));
end $$;

COMMENT ON FUNCTION public.withdraw_usage_decision(decision_id integer, actor text) IS 'Withdraws a decision with which no closing stands issued; writes the audit.';

CREATE TABLE public.account (
    utility_id integer NOT NULL,
    account_id integer NOT NULL,
    login text NOT NULL,
    display_name text NOT NULL,
    role text NOT NULL,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    salt bytea NOT NULL,
    scrypt_n integer NOT NULL,
    scrypt_r integer NOT NULL,
    scrypt_p integer NOT NULL,
    verifier bytea NOT NULL,
    mail_address text,
    CONSTRAINT account_check CHECK ((((scrypt_n >= 2) AND (scrypt_n <= 1048576)) AND ((scrypt_r >= 1) AND (scrypt_r <= 32)) AND ((scrypt_p >= 1) AND (scrypt_p <= 16)))),
    CONSTRAINT account_display_name_check CHECK ((display_name <> ''::text)),
    CONSTRAINT account_login_check CHECK ((login ~ '^[a-z0-9._-]{2,64}$'::text)),
    CONSTRAINT account_mail_address_plain CHECK (((length(mail_address) <= 254) AND (mail_address ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$'::text))),
    CONSTRAINT account_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'analyst'::text, 'billing'::text]))),
    CONSTRAINT account_salt_check CHECK (((length(salt) >= 16) AND (length(salt) <= 64))),
    CONSTRAINT account_verifier_check CHECK ((length(verifier) = 32))
);

ALTER TABLE ONLY public.account FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.account IS 'A member of the utility''s staff. display_name is a desk or post (検針係), not a consumer.';

COMMENT ON COLUMN public.account.salt IS 'Salt of scrypt. With the cost it is handed out to whoever tries the name.';

COMMENT ON COLUMN public.account.scrypt_n IS 'Cost of scrypt: N, beside r and p.';

COMMENT ON COLUMN public.account.verifier IS 'SHA-256 of the 32 bytes that scrypt derives. The web process cannot read it.';

COMMENT ON COLUMN public.account.mail_address IS 'Where mail to this member of the staff goes; null where none does.';

ALTER TABLE public.account ALTER COLUMN account_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.account_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.api_key (
    utility_id integer NOT NULL,
    api_key_id integer NOT NULL,
    name text NOT NULL,
    key_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT api_key_check CHECK ((expires_at > created_at)),
    CONSTRAINT api_key_key_hash_check CHECK ((length(key_hash) = 32)),
    CONSTRAINT api_key_name_check CHECK ((name <> ''::text)),
    CONSTRAINT api_key_scopes_check CHECK (((cardinality(scopes) > 0) AND (array_ndims(scopes) = 1))),
    CONSTRAINT api_key_scopes_known CHECK ((scopes <@ ARRAY['collection.read'::text, 'pressure.read'::text, 'meter.read'::text, 'closing.read'::text, 'closing.export'::text]))
);

ALTER TABLE ONLY public.api_key FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.api_key IS 'A key with which a program of the utility calls the API, for reading alone. A row that is revoked or past its end opens nothing.';

COMMENT ON COLUMN public.api_key.name IS 'What the key is for: a system, no person.';

COMMENT ON COLUMN public.api_key.key_hash IS 'SHA-256 of the key as UTF-8 text. The key has 256 random bits.';

COMMENT ON COLUMN public.api_key.scopes IS 'Rights that the key has.';

COMMENT ON COLUMN public.api_key.expires_at IS 'From then on it opens nothing; issued for two years at most.';

ALTER TABLE public.api_key ALTER COLUMN api_key_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.api_key_api_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.api_key_use (
    utility_id integer NOT NULL,
    api_key_id integer NOT NULL,
    last_used_on date
);

ALTER TABLE ONLY public.api_key_use FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.api_key_use IS 'When a key was used last. A row is made with its key.';

COMMENT ON COLUMN public.api_key_use.last_used_on IS 'JST day on which it was looked up last, written once a day; null before.';

CREATE TABLE public.area (
    utility_id integer NOT NULL,
    area_id integer NOT NULL,
    parent_area_id integer,
    code text NOT NULL,
    name text NOT NULL,
    gas_kind text NOT NULL,
    pressure_min_pa smallint NOT NULL,
    pressure_max_pa smallint NOT NULL,
    CONSTRAINT area_check CHECK ((pressure_min_pa < pressure_max_pa)),
    CONSTRAINT area_code_check CHECK ((code <> ''::text)),
    CONSTRAINT area_gas_kind_check CHECK ((gas_kind = ANY (ARRAY['city'::text, 'lp'::text]))),
    CONSTRAINT area_name_check CHECK ((name <> ''::text))
);

ALTER TABLE ONLY public.area FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.area IS 'A supply area (供給エリア), a tree by parent_area_id.';

COMMENT ON COLUMN public.area.gas_kind IS 'city: 都市ガス; lp: LPガス.';

COMMENT ON COLUMN public.area.pressure_min_pa IS 'Lower limit of supply pressure. Pascals (gauge).';

COMMENT ON COLUMN public.area.pressure_max_pa IS 'Upper limit of supply pressure. Pascals (gauge).';

ALTER TABLE public.area ALTER COLUMN area_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.area_area_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.area_day (
    utility_id integer NOT NULL,
    area_id integer NOT NULL,
    day date NOT NULL,
    fitted integer NOT NULL,
    meter_days integer NOT NULL,
    silent_meter_ids integer[] NOT NULL,
    values_known integer NOT NULL,
    sum_pa bigint NOT NULL,
    low_pa smallint,
    low_meter_id integer,
    high_pa smallint,
    high_meter_id integer,
    below integer NOT NULL,
    above integer NOT NULL,
    limit_low_pa integer NOT NULL,
    limit_high_pa integer NOT NULL,
    faults integer NOT NULL,
    expected integer NOT NULL,
    on_time integer NOT NULL,
    late integer NOT NULL,
    back_fill integer NOT NULL,
    requested integer NOT NULL,
    incomplete integer NOT NULL
);

ALTER TABLE ONLY public.area_day FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.area_day IS 'Roll-up of an area''s JST day, without the areas below it. Pressures are those that a sensor can mean; a meter counts in the area where it is fitted on the day.';

COMMENT ON COLUMN public.area_day.fitted IS 'Meters fitted in the area on the day, for any hour of it.';

COMMENT ON COLUMN public.area_day.meter_days IS 'Those with at least one pressure.';

COMMENT ON COLUMN public.area_day.silent_meter_ids IS 'Those without any.';

COMMENT ON COLUMN public.area_day.values_known IS 'Hours with a pressure, of all meters.';

COMMENT ON COLUMN public.area_day.sum_pa IS 'Sum of these pressures. Pascals.';

COMMENT ON COLUMN public.area_day.low_pa IS 'The least of them. Pascals; null where there is none.';

COMMENT ON COLUMN public.area_day.low_meter_id IS 'A meter that had it.';

COMMENT ON COLUMN public.area_day.high_pa IS 'The greatest of them. Pascals.';

COMMENT ON COLUMN public.area_day.high_meter_id IS 'A meter that had it.';

COMMENT ON COLUMN public.area_day.below IS 'Hours below limit_low_pa.';

COMMENT ON COLUMN public.area_day.above IS 'Hours above limit_high_pa.';

COMMENT ON COLUMN public.area_day.limit_low_pa IS 'The area''s limits when the day was rolled up. Pascals.';

COMMENT ON COLUMN public.area_day.limit_high_pa IS 'As limit_low_pa. Pascals.';

COMMENT ON COLUMN public.area_day.faults IS 'Hours whose value is a fault of the sensor.';

COMMENT ON COLUMN public.area_day.expected IS 'Supply points that should report the day (lib/collection/collection.ts).';

COMMENT ON COLUMN public.area_day.on_time IS 'Of these: arrived on time.';

COMMENT ON COLUMN public.area_day.late IS 'Of these: arrived late.';

COMMENT ON COLUMN public.area_day.back_fill IS 'Of these: arrived as back-fill of history.';

COMMENT ON COLUMN public.area_day.requested IS 'Of these: arrived as the answer to a request.';

COMMENT ON COLUMN public.area_day.incomplete IS 'Of those that arrived: an index value is missing in an hour in which the meter was fitted.';

CREATE TABLE public.area_day_due (
    utility_id integer NOT NULL,
    area_id integer NOT NULL,
    day date NOT NULL
);

ALTER TABLE ONLY public.area_day_due FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.area_day_due IS 'Days of areas whose roll-up is no more what their readings and the register say, and is to be made anew.';

CREATE TABLE public.area_day_hours (
    utility_id integer NOT NULL,
    area_id integer NOT NULL,
    day date NOT NULL,
    values_known integer[] NOT NULL,
    sum_pa bigint[] NOT NULL,
    low_pa smallint[] NOT NULL,
    low_meter_ids integer[] NOT NULL,
    high_pa smallint[] NOT NULL,
    high_meter_ids integer[] NOT NULL,
    below integer[] NOT NULL,
    above integer[] NOT NULL,
    faults integer[] NOT NULL,
    class_hours smallint[] NOT NULL,
    classes smallint[] NOT NULL,
    class_counts integer[] NOT NULL
);

ALTER TABLE ONLY public.area_day_hours FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.area_day_hours IS 'The hours of a row of area_day: element k (1…24) is the hour ending k, null where there is no pressure.';

COMMENT ON COLUMN public.area_day_hours.class_hours IS 'Distribution, element by element: in the hour class_hours there are class_counts pressures from 20 × classes up to below 20 × (classes + 1) pascals. Classes without any are left out.';

CREATE TABLE public.audit (
    utility_id integer NOT NULL,
    audit_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_check CHECK ((((actor || act) || subject) !~ '[\x01-\x1f]'::text))
);

ALTER TABLE ONLY public.audit FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.audit IS 'Acts that matter, chained by hash per utility: hash = sha256(previous hash ‖ the row''s own text).';

COMMENT ON COLUMN public.audit.actor IS 'Who, as kind:id (staff:7, consumer:12, key:3, system:closing).';

COMMENT ON COLUMN public.audit.subject IS 'What was acted upon, as kind:id.';

CREATE TABLE public.change_position (
    utility_id integer NOT NULL,
    reader text NOT NULL,
    transaction_id xid8 NOT NULL,
    change_id bigint NOT NULL
);

ALTER TABLE ONLY public.change_position FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.change_position IS 'The last change that a reader is done with; without a row it is at the beginning.';

CREATE TABLE public.change_reader (
    reader text NOT NULL,
    CONSTRAINT change_reader_reader_check CHECK ((reader ~ '^[a-z]+(-[a-z]+)*$'::text))
);

COMMENT ON TABLE public.change_reader IS 'Who reads the feed of changes: rows stay until each of them has passed them in their utility.';

CREATE TABLE public.closing_issue (
    utility_id integer NOT NULL,
    issue_id integer NOT NULL,
    closing_day smallint NOT NULL,
    closes_on date[] NOT NULL,
    customer_number text,
    rounding text,
    format text NOT NULL,
    identifiers text,
    layout_id integer,
    asked_by text NOT NULL,
    asked_name text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    begun_at timestamp with time zone,
    phase text,
    making_on date,
    rows_done integer,
    rows_total integer,
    heartbeat_at timestamp with time zone,
    run_ids integer[] DEFAULT '{}'::integer[] NOT NULL,
    new_run_ids integer[] DEFAULT '{}'::integer[] NOT NULL,
    failure text,
    failure_detail text,
    faults json,
    ended_at timestamp with time zone,
    ended_by text,
    ended_name text,
    CONSTRAINT closing_issue_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT closing_issue_check CHECK ((new_run_ids <@ run_ids)),
    CONSTRAINT closing_issue_check1 CHECK (((layout_id IS NULL) = (format <> 'layout'::text))),
    CONSTRAINT closing_issue_check2 CHECK (((attempts = 0) = (begun_at IS NULL))),
    CONSTRAINT closing_issue_check3 CHECK (((state <> 'waiting'::text) OR (attempts = 0))),
    CONSTRAINT closing_issue_check4 CHECK (((cardinality(run_ids) > 0) = (state = 'issued'::text))),
    CONSTRAINT closing_issue_check5 CHECK (((failure IS NOT NULL) = (state = 'failed'::text))),
    CONSTRAINT closing_issue_check6 CHECK ((((ended_at IS NOT NULL) = (state = ANY (ARRAY['issued'::text, 'failed'::text, 'cancelled'::text]))) AND ((ended_by IS NULL) = (ended_at IS NULL)) AND ((ended_name IS NULL) = (ended_at IS NULL)))),
    CONSTRAINT closing_issue_closes_on_check CHECK (((cardinality(closes_on) >= 1) AND (cardinality(closes_on) <= 240))),
    CONSTRAINT closing_issue_closing_day_check CHECK (((closing_day >= 1) AND (closing_day <= 31))),
    CONSTRAINT closing_issue_customer_number_check CHECK ((customer_number <> ''::text)),
    CONSTRAINT closing_issue_failure_check CHECK ((failure = ANY (ARRAY['right-ended'::text, 'no-rows'::text, 'does-not-fit'::text, 'too-many-rows'::text, 'refused'::text, 'fault'::text, 'worker-ended'::text]))),
    CONSTRAINT closing_issue_format_check CHECK ((format <> ''::text)),
    CONSTRAINT closing_issue_phase_check CHECK ((phase = ANY (ARRAY['reading'::text, 'figures'::text, 'file'::text, 'storing'::text]))),
    CONSTRAINT closing_issue_rounding_check CHECK ((rounding = ANY (ARRAY['floor-of-difference'::text, 'difference-of-floors'::text, 'difference-of-floors-0.1'::text]))),
    CONSTRAINT closing_issue_rows_done_check CHECK ((rows_done >= 0)),
    CONSTRAINT closing_issue_rows_total_check CHECK ((rows_total >= 0)),
    CONSTRAINT closing_issue_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'making'::text, 'issued'::text, 'failed'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY public.closing_issue FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.closing_issue IS 'A request to issue closings, carried out by the worker: who asked, how far it is, how it ended. Runs and end are committed together.';

COMMENT ON COLUMN public.closing_issue.closing_day IS '1 to 31; a month that is shorter closes on its last day.';

COMMENT ON COLUMN public.closing_issue.closes_on IS 'JST days whose 24:00 are the closing instants, in order; all had passed when it was asked.';

COMMENT ON COLUMN public.closing_issue.customer_number IS 'Only this customer; null: everybody registered for the closing day.';

COMMENT ON COLUMN public.closing_issue.rounding IS 'Rounding of billed m³ in place of the tariffs''; null: the tariffs''.';

COMMENT ON COLUMN public.closing_issue.format IS 'Kind of the file that is wanted of the runs; nothing is issued whose rows do not fit it.';

COMMENT ON COLUMN public.closing_issue.identifiers IS 'How the office formats write numbers with leading zeros; null: the usual way.';

COMMENT ON COLUMN public.closing_issue.layout_id IS 'The utility''s own layout, for the format layout.';

COMMENT ON COLUMN public.closing_issue.asked_by IS 'Actor as kind:id, as in the audit; the runs are issued in this name.';

COMMENT ON COLUMN public.closing_issue.asked_name IS 'Display name of the person, name of the key or of the command, as it was then.';

COMMENT ON COLUMN public.closing_issue.state IS 'waiting: for the worker; making: it is being made, or is begun again; issued: its runs are there; failed, cancelled: nothing was issued.';

COMMENT ON COLUMN public.closing_issue.attempts IS 'How often it was begun; more than once after a worker ended.';

COMMENT ON COLUMN public.closing_issue.begun_at IS 'When the latest attempt began.';

COMMENT ON COLUMN public.closing_issue.phase IS 'reading: rows are made from the readings; figures: usages are computed; file: rows are tried in the wanted file; storing: it is committed.';

COMMENT ON COLUMN public.closing_issue.making_on IS 'The closing that is being made.';

COMMENT ON COLUMN public.closing_issue.rows_done IS 'Rows of that closing that the phase is done with; null: not known.';

COMMENT ON COLUMN public.closing_issue.rows_total IS 'Rows of that closing; null: not known yet.';

COMMENT ON COLUMN public.closing_issue.heartbeat_at IS 'When the worker was last heard of it.';

COMMENT ON COLUMN public.closing_issue.run_ids IS 'Runs of the closings, in their order: new ones, or those that were issued before with the very same rows.';

COMMENT ON COLUMN public.closing_issue.new_run_ids IS 'Those of them that it issued.';

COMMENT ON COLUMN public.closing_issue.failure IS 'right-ended: of the one who asked; no-rows: there is nothing to issue; does-not-fit: a row does not fit the wanted file; too-many-rows: for a workbook; refused: by a rule; fault: of the program or the database; worker-ended: too often.';

COMMENT ON COLUMN public.closing_issue.failure_detail IS 'What was said of it.';

COMMENT ON COLUMN public.closing_issue.faults IS 'Values that do not fit: field (row and column of the file) and message, the first ones.';

COMMENT ON COLUMN public.closing_issue.ended_by IS 'The one who asked, who cancelled, or system:worker.';

ALTER TABLE public.closing_issue ALTER COLUMN issue_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.closing_issue_issue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.closing_layout (
    utility_id integer NOT NULL,
    layout_id integer NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT closing_layout_name_check CHECK (((name ~ '^[^[:cntrl:]]{1,40}$'::text) AND (btrim(name) = name))),
    CONSTRAINT closing_layout_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.closing_layout FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.closing_layout IS 'A layout of closing files that the utility made. One that was removed is offered no more, and its versions stay.';

COMMENT ON COLUMN public.closing_layout.name IS 'What people choose it by; of those that are not removed no two have the same.';

COMMENT ON COLUMN public.closing_layout.version IS 'The latest version, from 1.';

COMMENT ON COLUMN public.closing_layout.removed_at IS 'Since when it is removed; null: it is offered.';

ALTER TABLE public.closing_layout ALTER COLUMN layout_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.closing_layout_layout_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.closing_layout_version (
    utility_id integer NOT NULL,
    layout_id integer NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    body json NOT NULL,
    made_by text NOT NULL,
    made_name text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT closing_layout_version_body_check CHECK ((octet_length((body)::text) <= 200000)),
    CONSTRAINT closing_layout_version_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.closing_layout_version FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.closing_layout_version IS 'A version of a layout: what files are written with. Never changed.';

COMMENT ON COLUMN public.closing_layout_version.name IS 'The name of the layout in this version.';

COMMENT ON COLUMN public.closing_layout_version.body IS 'Columns and how values are written, as LayoutBody (lib/layouts/layout.ts) has them.';

COMMENT ON COLUMN public.closing_layout_version.made_by IS 'Actor as kind:id, as in the audit.';

COMMENT ON COLUMN public.closing_layout_version.made_name IS 'Display name of the person, or name of the command, as it was then.';

CREATE TABLE public.closing_run (
    utility_id integer NOT NULL,
    run_id integer NOT NULL,
    closing_day smallint NOT NULL,
    closes_on date NOT NULL,
    previous_on date NOT NULL,
    customer_number text,
    rounding text,
    rules smallint NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    row_count integer,
    counts json,
    checksum bytea,
    issued_by text,
    issued_name text,
    issued_at timestamp with time zone,
    supersedes integer,
    superseded_at timestamp with time zone,
    CONSTRAINT closing_run_check CHECK ((previous_on < closes_on)),
    CONSTRAINT closing_run_check1 CHECK ((((row_count IS NULL) = (state = 'draft'::text)) AND ((counts IS NULL) = (state = 'draft'::text)) AND ((checksum IS NULL) = (state = 'draft'::text)))),
    CONSTRAINT closing_run_check2 CHECK ((((issued_at IS NULL) = (state = ANY (ARRAY['draft'::text, 'checked'::text]))) AND ((issued_by IS NULL) = (issued_at IS NULL)))),
    CONSTRAINT closing_run_check3 CHECK (((superseded_at IS NULL) = (state <> 'superseded'::text))),
    CONSTRAINT closing_run_checksum_check CHECK ((length(checksum) = 32)),
    CONSTRAINT closing_run_closing_day_check CHECK (((closing_day >= 1) AND (closing_day <= 31))),
    CONSTRAINT closing_run_customer_number_check CHECK ((customer_number <> ''::text)),
    CONSTRAINT closing_run_rounding_check CHECK ((rounding = ANY (ARRAY['floor-of-difference'::text, 'difference-of-floors'::text, 'difference-of-floors-0.1'::text]))),
    CONSTRAINT closing_run_row_count_check CHECK ((row_count >= 0)),
    CONSTRAINT closing_run_rules_check CHECK ((rules > 0)),
    CONSTRAINT closing_run_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'checked'::text, 'issued'::text, 'superseded'::text])))
);

ALTER TABLE ONLY public.closing_run FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.closing_run IS 'A closing (締め) as it was made from the readings at one time. An issued run was given out as a file; the next closing counts from its rows. Of one closing and selection at most one run is issued; a later one supersedes it.';

COMMENT ON COLUMN public.closing_run.closing_day IS '1 to 31; a month that is shorter closes on its last day.';

COMMENT ON COLUMN public.closing_run.closes_on IS 'JST day whose 24:00 is the closing instant.';

COMMENT ON COLUMN public.closing_run.previous_on IS 'JST day of the closing before.';

COMMENT ON COLUMN public.closing_run.customer_number IS 'Only this customer; null: everybody registered for the closing day.';

COMMENT ON COLUMN public.closing_run.rounding IS 'Rounding of billed m³ in place of the tariffs''; null: the tariffs''.';

COMMENT ON COLUMN public.closing_run.rules IS 'Version of the rules that made the printed figures of the facts.';

COMMENT ON COLUMN public.closing_run.state IS 'draft: rows are added; checked: rows, counts and checksum are complete; issued: given out; superseded: another run was issued in its place.';

COMMENT ON COLUMN public.closing_run.made_by IS 'Actor as kind:id, as in the audit.';

COMMENT ON COLUMN public.closing_run.counts IS 'Rows by quality and by remark.';

COMMENT ON COLUMN public.closing_run.checksum IS 'SHA-256 over the printed rows in their order.';

COMMENT ON COLUMN public.closing_run.issued_name IS 'Display name of the person, name of the key or of the command, as it was then.';

COMMENT ON COLUMN public.closing_run.supersedes IS 'The run of the same closing and selection that was issued before.';

CREATE TABLE public.closing_run_figure (
    utility_id integer NOT NULL,
    run_id integer NOT NULL,
    row_number integer NOT NULL,
    usage_l integer,
    usage_m3 text,
    quality text NOT NULL,
    remarks text[] NOT NULL,
    estimated_index_l integer,
    estimate_basis text,
    register_m3 text,
    volume_factor text,
    correction_l integer,
    CONSTRAINT closing_run_figure_check CHECK (((usage_l IS NULL) = (usage_m3 IS NULL))),
    CONSTRAINT closing_run_figure_row_number_check CHECK ((row_number > 0))
);

ALTER TABLE ONLY public.closing_run_figure FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.closing_run_figure IS 'Figures printed in a row of a run, computed from its facts when it was made. Stored, so that later versions of the rules do not change what was issued. Never changed.';

COMMENT ON COLUMN public.closing_run_figure.usage_l IS 'Usage in litres; null: it could not be billed.';

COMMENT ON COLUMN public.closing_run_figure.usage_m3 IS 'Usage in m³ as billed, decimal text.';

COMMENT ON COLUMN public.closing_run_figure.quality IS 'actual, substituted, none, estimated or certified.';

COMMENT ON COLUMN public.closing_run_figure.remarks IS 'Remarks on the row, in their order.';

COMMENT ON COLUMN public.closing_run_figure.estimated_index_l IS 'Register in litres that stands for the closing although it was not read: the next closing counts from it. Null: none was reckoned.';

COMMENT ON COLUMN public.closing_run_figure.estimate_basis IS 'Rule by which it was reckoned; null without one.';

COMMENT ON COLUMN public.closing_run_figure.register_m3 IS 'Billed m³ before a volume factor; null without one.';

COMMENT ON COLUMN public.closing_run_figure.volume_factor IS 'Factor that multiplied them, decimal text.';

COMMENT ON COLUMN public.closing_run_figure.correction_l IS 'Litres of corrections of meters outside tolerance that are billed with the row, beside its usage; null without one.';

CREATE TABLE public.closing_run_file (
    utility_id integer NOT NULL,
    run_id integer NOT NULL,
    export uuid NOT NULL,
    format text NOT NULL,
    identifiers text,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    layout_id integer,
    layout_version integer,
    CONSTRAINT closing_run_file_check CHECK ((((layout_id IS NULL) = (layout_version IS NULL)) AND ((layout_id IS NULL) = (format <> 'layout'::text)))),
    CONSTRAINT closing_run_file_format_check CHECK ((format <> ''::text))
);

ALTER TABLE ONLY public.closing_run_file FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.closing_run_file IS 'A file that was begun from a run; how it ended is in the audit.';

COMMENT ON COLUMN public.closing_run_file.export IS 'The export of the audit''s acts; a file of several closings has one for all its runs.';

COMMENT ON COLUMN public.closing_run_file.format IS 'Layout of the file.';

COMMENT ON COLUMN public.closing_run_file.identifiers IS 'How the office formats write numbers with leading zeros; null for machine.';

COMMENT ON COLUMN public.closing_run_file.made_by IS 'Actor as kind:id, as in the audit.';

COMMENT ON COLUMN public.closing_run_file.layout_id IS 'The utility''s own layout, for the format layout; with layout_version its version.';

CREATE TABLE public.closing_run_row (
    utility_id integer NOT NULL,
    run_id integer NOT NULL,
    row_number integer NOT NULL,
    supply_point_id integer NOT NULL,
    occupancy_id integer NOT NULL,
    customer_number text NOT NULL,
    kind text NOT NULL,
    closes_on date NOT NULL,
    remembered boolean NOT NULL,
    meter_id integer,
    fitted_at timestamp with time zone,
    index_l integer,
    read_at timestamp with time zone,
    previous_meter_id integer,
    previous_fitted_at timestamp with time zone,
    previous_index_l integer,
    previous_at timestamp with time zone,
    previous_change text,
    previous_floor_l integer,
    facts json NOT NULL,
    CONSTRAINT closing_run_row_row_number_check CHECK ((row_number > 0))
);

ALTER TABLE ONLY public.closing_run_row FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.closing_run_row IS 'A row of a run: the reading and the previous reading that it counts from, and all facts of which its printed row is made. Never changed. It has no foreign keys: a hundred thousand rows are written by one statement, and rows of the register that were given out must stay readable.';

COMMENT ON COLUMN public.closing_run_row.row_number IS 'Place in the order of the file, from 1.';

COMMENT ON COLUMN public.closing_run_row.customer_number IS 'The occupancy''s, as printed.';

COMMENT ON COLUMN public.closing_run_row.kind IS 'regular, or final: of an occupancy that ended.';

COMMENT ON COLUMN public.closing_run_row.closes_on IS 'JST day at whose end the row''s period ends.';

COMMENT ON COLUMN public.closing_run_row.remembered IS 'True when the supply point was registered for the closing day of the run: later closings count from the row. False: an extraction for a customer on a day that is not theirs.';

COMMENT ON COLUMN public.closing_run_row.meter_id IS 'The meter that was read; with fitted_at its fitting.';

COMMENT ON COLUMN public.closing_run_row.index_l IS 'Its register in litres; null: no reading.';

COMMENT ON COLUMN public.closing_run_row.read_at IS 'Instant of the reading.';

COMMENT ON COLUMN public.closing_run_row.previous_index_l IS 'Register in litres from which the usage counts; with its meter, fitting and instant.';

COMMENT ON COLUMN public.closing_run_row.previous_change IS 'changed: the readings said otherwise of the closing before than was issued; missing: the meter that was issued is not registered there any more.';

COMMENT ON COLUMN public.closing_run_row.previous_floor_l IS 'Register in litres from which the row counted that issued the previous reading, of the same fitting; a register that falls below it began anew.';

COMMENT ON COLUMN public.closing_run_row.facts IS 'Facts of the row as ClosingFacts (lib/closing/closing-row.ts) has them under the rules of the run.';

ALTER TABLE public.closing_run ALTER COLUMN run_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.closing_run_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.closing_run_seen (
    utility_id integer NOT NULL,
    run_id integer NOT NULL,
    seen pg_snapshot NOT NULL
);

ALTER TABLE ONLY public.closing_run_seen FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.closing_run_seen IS 'Which transactions a run could see when it was opened. A run without a row, of an earlier version or of before a restore, is one of which it is not known what came after it.';

COMMENT ON COLUMN public.closing_run_seen.seen IS 'Snapshot of the transaction that opened the run.';

CREATE TABLE public.consumer_access (
    utility_id integer NOT NULL,
    occupancy_id integer NOT NULL,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn_at timestamp with time zone,
    salt bytea NOT NULL,
    scrypt_n integer NOT NULL,
    scrypt_r integer NOT NULL,
    scrypt_p integer NOT NULL,
    verifier bytea NOT NULL,
    CONSTRAINT consumer_access_check CHECK ((((scrypt_n >= 2) AND (scrypt_n <= 1048576)) AND ((scrypt_r >= 1) AND (scrypt_r <= 32)) AND ((scrypt_p >= 1) AND (scrypt_p <= 16)))),
    CONSTRAINT consumer_access_salt_check CHECK (((length(salt) >= 16) AND (length(salt) <= 64))),
    CONSTRAINT consumer_access_verifier_check CHECK ((length(verifier) = 32))
);

ALTER TABLE ONLY public.consumer_access FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.consumer_access IS 'The registration code (登録コード) with which a consumer signs in beside the customer number.';

COMMENT ON COLUMN public.consumer_access.withdrawn_at IS 'Since then the code opens nothing; a new code clears it.';

COMMENT ON COLUMN public.consumer_access.salt IS 'Salt of scrypt. With the cost it is handed out to whoever tries the name.';

COMMENT ON COLUMN public.consumer_access.scrypt_n IS 'Cost of scrypt: N, beside r and p.';

COMMENT ON COLUMN public.consumer_access.verifier IS 'SHA-256 of the 32 bytes that scrypt derives. The web process cannot read it.';

CREATE TABLE public.day_change (
    utility_id integer NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    change_id bigint NOT NULL,
    what text NOT NULL,
    meter_ids integer[] NOT NULL,
    days date[],
    area_ids integer[],
    first_day date,
    last_day date,
    CONSTRAINT day_change_check CHECK ((((days IS NULL) = (area_ids IS NOT NULL)) AND ((days IS NULL) OR (cardinality(days) = cardinality(meter_ids))))),
    CONSTRAINT day_change_what_check CHECK ((what = ANY (ARRAY['on-time'::text, 'late'::text, 'back-fill'::text, 'requested'::text, 'completed'::text, 'corrected'::text, 'edited'::text, 'register'::text, 'limits'::text])))
);
ALTER TABLE ONLY public.day_change ALTER COLUMN meter_ids SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.day_change ALTER COLUMN days SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.day_change FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.day_change IS 'Feed of changes, in the order of transaction_id and change_id. Complete before the oldest transaction that is under way (pg_snapshot_xmin). Rows that all readers have passed are removed.';

COMMENT ON COLUMN public.day_change.what IS 'How new days arrived (on-time, late, back-fill, requested); completed, corrected: days that were there; edited: an edit of a person (reading_edit) stands or ended; register: what is fitted where, or where supply began or ended; limits: the limits of pressure of an area.';

COMMENT ON COLUMN public.day_change.meter_ids IS 'The meters. With days: element by element; without: those at the supply points concerned.';

COMMENT ON COLUMN public.day_change.days IS 'JST calendar days of the meters; null for a change of the register.';

COMMENT ON COLUMN public.day_change.area_ids IS 'Of a change of the register the areas that had or have the meters.';

COMMENT ON COLUMN public.day_change.first_day IS 'Of a change of the register the first JST day that it concerns; null: all before last_day.';

COMMENT ON COLUMN public.day_change.last_day IS 'The last such day; null: all from first_day on.';

ALTER TABLE public.day_change ALTER COLUMN change_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.day_change_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.estimation_setting (
    utility_id integer NOT NULL,
    missed_reading text NOT NULL,
    interpolate_max_hours smallint,
    changed_by text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_name text,
    CONSTRAINT estimation_setting_interpolate_max_hours_check CHECK (((interpolate_max_hours >= 2) AND (interpolate_max_hours <= 72))),
    CONSTRAINT estimation_setting_missed_reading_check CHECK ((missed_reading = ANY (ARRAY['none'::text, 'last-usage'::text, 'last-usage-by-days'::text])))
);

ALTER TABLE ONLY public.estimation_setting FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.estimation_setting IS 'How a utility estimates; without a row nothing is estimated. Former settings are in the audit (estimation.set).';

COMMENT ON COLUMN public.estimation_setting.missed_reading IS 'none: a closing without a reading has no usage; last-usage: that of the last period; last-usage-by-days: the same, in proportion to the days.';

COMMENT ON COLUMN public.estimation_setting.interpolate_max_hours IS 'A missing closing hour is interpolated between two registers at most so many hours apart; null: never.';

COMMENT ON COLUMN public.estimation_setting.changed_name IS 'Display name of the person or name of the command, as it was then; null before it was kept.';

CREATE TABLE public.former_closing_day (
    utility_id integer NOT NULL,
    supply_point_id integer NOT NULL,
    until_on date NOT NULL,
    closing_day smallint NOT NULL,
    CONSTRAINT former_closing_day_closing_day_check CHECK (((closing_day >= 1) AND (closing_day <= 31)))
);

ALTER TABLE ONLY public.former_closing_day FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.former_closing_day IS 'A closing day (検針日) that a supply point had before. The closing day of a date is that of the first row whose until_on is later; without one it is supply_point.closing_day.';

COMMENT ON COLUMN public.former_closing_day.until_on IS 'First JST day on which it did not hold any more.';

COMMENT ON COLUMN public.former_closing_day.closing_day IS '1 to 31; a month that is shorter closes on its last day.';

CREATE TABLE public.frame_quarantine (
    quarantine_id bigint NOT NULL,
    utility_id integer,
    terminal_number text NOT NULL,
    topic text NOT NULL,
    reason text NOT NULL,
    reason_offset integer,
    bytes bytea NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    is_authentic boolean DEFAULT false NOT NULL,
    meter_serial text,
    day date,
    CONSTRAINT frame_quarantine_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY public.frame_quarantine FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.frame_quarantine IS 'Frames that were not accepted, with their bytes and the reason. utility_id is null for a terminal that no utility has registered.';

COMMENT ON COLUMN public.frame_quarantine.reason_offset IS 'Byte at which decoding stopped, where that is known.';

COMMENT ON COLUMN public.frame_quarantine.is_authentic IS 'True when the frame was opened with the terminal''s key: it came from the terminal.';

COMMENT ON COLUMN public.frame_quarantine.meter_serial IS 'Serial that an authentic day report named; null where the frame names none.';

COMMENT ON COLUMN public.frame_quarantine.day IS 'JST day that an authentic day report named; null where the frame names none.';

ALTER TABLE public.frame_quarantine ALTER COLUMN quarantine_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.frame_quarantine_quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE series.meter_day (
    utility_id integer NOT NULL,
    meter_id integer NOT NULL,
    day date NOT NULL,
    index_l integer[] NOT NULL,
    pressure_pa smallint[] NOT NULL,
    closing_index_l integer,
    closing_hour smallint,
    terminal_id integer NOT NULL,
    counter bigint NOT NULL,
    frame_check integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    arrival smallint NOT NULL,
    revision smallint DEFAULT 0 NOT NULL,
    CONSTRAINT meter_day_arrival_check CHECK (((arrival >= 1) AND (arrival <= 4))),
    CONSTRAINT meter_day_check CHECK (((NOT (closing_index_l IS DISTINCT FROM index_l[closing_hour])) AND ((closing_hour IS NULL) = (closing_index_l IS NULL)))),
    CONSTRAINT meter_day_index_l_check CHECK (((cardinality(index_l) = 24) AND (array_lower(index_l, 1) = 1))),
    CONSTRAINT meter_day_pressure_pa_check CHECK (((cardinality(pressure_pa) = 24) AND (array_lower(pressure_pa, 1) = 1)))
);

COMMENT ON TABLE series.meter_day IS 'A meter''s JST day: 24 index values and 24 pressures, null where there is none.';

COMMENT ON COLUMN series.meter_day.day IS 'JST calendar day.';

COMMENT ON COLUMN series.meter_day.index_l IS 'Register at 1:00 … 24:00 JST. Litres.';

COMMENT ON COLUMN series.meter_day.pressure_pa IS 'Supply pressure at 1:00 … 24:00 JST. Pascals (gauge).';

COMMENT ON COLUMN series.meter_day.closing_index_l IS 'Latest known register of the day, litres; null when the day has none.';

COMMENT ON COLUMN series.meter_day.closing_hour IS 'The hour ending (1…24) that closing_index_l stands for.';

COMMENT ON COLUMN series.meter_day.terminal_id IS 'Terminal whose frame wrote this version.';

COMMENT ON COLUMN series.meter_day.counter IS 'Uplink counter of that frame, or of its terminal''s latest frame that said exactly the same.';

COMMENT ON COLUMN series.meter_day.frame_check IS 'First four bytes of the authentication tag of the frame with that counter, as a signed 32-bit integer.';

COMMENT ON COLUMN series.meter_day.received_at IS 'When this version was received.';

COMMENT ON COLUMN series.meter_day.arrival IS '1: on time; 2: late; 3: back-fill of history; 4: answer to a request.';

COMMENT ON COLUMN series.meter_day.revision IS '0 for the first version, counting up with each change to at most 32,767 (meter_day_revision keeps the old ones).';

CREATE VIEW public.meter_day WITH (security_barrier='true') AS
 SELECT utility_id,
    meter_id,
    day,
    index_l,
    pressure_pa,
    closing_index_l,
    closing_hour,
    terminal_id,
    counter,
    frame_check,
    received_at,
    arrival,
    revision
   FROM series.meter_day
  WHERE ((utility_id = (NULLIF(split_part(current_setting('app.sealed_utility'::text, true), ' '::text, 1), ''::text))::integer) AND
        CASE
            WHEN (utility_id = ( SELECT public.current_utility_id() AS current_utility_id)) THEN true
            ELSE false
        END);

COMMENT ON VIEW public.meter_day IS 'series.meter_day of this transaction''s utility.';

CREATE VIEW public.hourly_reading WITH (security_barrier='true') AS
 SELECT d.utility_id,
    d.meter_id,
    d.day,
    (h.hour_ending)::smallint AS hour_ending,
    ((d.day + make_interval(hours => (h.hour_ending)::integer)) AT TIME ZONE 'Asia/Tokyo'::text) AS at,
    h.index_l,
    h.pressure_pa
   FROM (public.meter_day d
     CROSS JOIN LATERAL UNNEST(d.index_l, d.pressure_pa) WITH ORDINALITY h(index_l, pressure_pa, hour_ending));

COMMENT ON VIEW public.hourly_reading IS 'Plain hourly rows for SQL users: hour_ending 1…24, at = its end. Filter on day: that prunes chunks.';

CREATE TABLE public.ingest_process (
    process_id uuid NOT NULL,
    alive_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.ingest_process IS 'Processes of the sidecar. Each says every few seconds that it is there.';

COMMENT ON COLUMN public.ingest_process.alive_at IS 'When it last did: after 20 seconds it does not count, after a minute its rows are removed.';

CREATE TABLE public.job_kind (
    kind text NOT NULL,
    of_utility boolean NOT NULL,
    max_attempts smallint NOT NULL,
    CONSTRAINT job_kind_kind_check CHECK ((kind ~ '^[a-z]+(-[a-z]+)*$'::text)),
    CONSTRAINT job_kind_max_attempts_check CHECK (((max_attempts >= 1) AND (max_attempts <= 100)))
);

COMMENT ON TABLE public.job_kind IS 'The kinds of jobs there are; the same list stands in lib/jobs/job-kinds.ts.';

COMMENT ON COLUMN public.job_kind.of_utility IS 'True: a job of one utility, which enqueue_job enters. False: a job of the whole cloud, which the worker''s own schedule enters.';

COMMENT ON COLUMN public.job_kind.max_attempts IS 'A job that failed so often stays in the queue and is run no more until it is retried by hand.';

CREATE TABLE public.known_device (
    utility_id integer NOT NULL,
    kind text NOT NULL,
    typed_hash bytea NOT NULL,
    device_hash bytea NOT NULL,
    used_at timestamp with time zone NOT NULL,
    CONSTRAINT known_device_device_hash_check CHECK ((length(device_hash) = 32)),
    CONSTRAINT known_device_kind_check CHECK ((kind = ANY (ARRAY['staff'::text, 'consumer'::text]))),
    CONSTRAINT known_device_typed_hash_check CHECK ((length(typed_hash) = 32))
);

ALTER TABLE ONLY public.known_device FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.known_device IS 'Browsers that have signed in with a login or customer number: wrong tries from elsewhere do not close it for them.';

COMMENT ON COLUMN public.known_device.device_hash IS 'SHA-256 of the token in the browser''s device cookie.';

CREATE TABLE public.mail (
    utility_id integer NOT NULL,
    mail_id bigint NOT NULL,
    account_id integer NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    input jsonb NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    drop_reason text,
    attempts integer DEFAULT 0 NOT NULL,
    attempted_at timestamp with time zone,
    last_error text,
    entered_at timestamp with time zone NOT NULL,
    entered_by text NOT NULL,
    sent_at timestamp with time zone,
    smtp_reply text,
    message_id text,
    CONSTRAINT mail_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT mail_check CHECK (((state = 'dropped'::text) = (drop_reason IS NOT NULL))),
    CONSTRAINT mail_check1 CHECK (((state = 'sent'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT mail_check2 CHECK (((state <> 'sent'::text) OR (message_id IS NOT NULL))),
    CONSTRAINT mail_drop_reason_check CHECK ((drop_reason = ANY (ARRAY['account-disabled'::text, 'no-address'::text, 'no-right'::text]))),
    CONSTRAINT mail_entered_by_check CHECK ((entered_by <> ''::text)),
    CONSTRAINT mail_input_check CHECK (((jsonb_typeof(input) = 'object'::text) AND (octet_length((input)::text) <= 8192))),
    CONSTRAINT mail_key_check CHECK ((key ~ '^[A-Za-z0-9:._-]{1,80}$'::text)),
    CONSTRAINT mail_kind_check CHECK ((kind ~ '^[a-z]+(-[a-z]+)*$'::text)),
    CONSTRAINT mail_last_error_check CHECK ((length(last_error) <= 500)),
    CONSTRAINT mail_message_id_check CHECK ((length(message_id) <= 320)),
    CONSTRAINT mail_smtp_reply_check CHECK ((length(smtp_reply) <= 500)),
    CONSTRAINT mail_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text, 'dropped'::text])))
);

ALTER TABLE ONLY public.mail FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.mail IS 'Outbox: a mail to a member of the staff, with what became of it. Its text is made of kind and input when it is sent.';

COMMENT ON COLUMN public.mail.kind IS 'What the mail is about; the kinds are in lib/mail/mail-kinds.ts.';

COMMENT ON COLUMN public.mail.key IS 'What the mail is about in particular: of one account, kind and key there is one mail.';

COMMENT ON COLUMN public.mail.input IS 'What the text is made of, in the shape of the kind. No secret, and nothing of a consumer but numbers.';

COMMENT ON COLUMN public.mail.state IS 'waiting: to be sent. sent: the mail server has accepted it. failed: the mail server refused it for good, or the attempts were used up. dropped: not sent, for drop_reason.';

COMMENT ON COLUMN public.mail.drop_reason IS 'What the account was when the mail should have been sent: disabled, without an address, or of a role that may not read what the mail is about.';

COMMENT ON COLUMN public.mail.attempts IS 'How often it was begun to be handed to the mail server.';

COMMENT ON COLUMN public.mail.attempted_at IS 'When that was begun last.';

COMMENT ON COLUMN public.mail.last_error IS 'Why the latest attempt that failed did, without addresses; stays when a later one succeeds.';

COMMENT ON COLUMN public.mail.entered_by IS 'Who, as kind:id, as in the audit.';

COMMENT ON COLUMN public.mail.sent_at IS 'When the mail server had accepted it.';

COMMENT ON COLUMN public.mail.smtp_reply IS 'The mail server''s reply to it, without addresses.';

COMMENT ON COLUMN public.mail.message_id IS 'Its Message-ID header from the first attempt on, with angle brackets: a mail that was sent twice has it twice.';

ALTER TABLE public.mail ALTER COLUMN mail_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.mail_mail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.meter (
    utility_id integer NOT NULL,
    meter_id integer NOT NULL,
    serial text NOT NULL,
    gas_kind text NOT NULL,
    size numeric(5,1) NOT NULL,
    dial_l integer NOT NULL,
    verification_expires_on date,
    CONSTRAINT meter_dial_l_check CHECK ((dial_l > 0)),
    CONSTRAINT meter_gas_kind_check CHECK ((gas_kind = ANY (ARRAY['city'::text, 'lp'::text]))),
    CONSTRAINT meter_serial_check CHECK ((serial ~ '^[0-9]{1,12}$'::text)),
    CONSTRAINT meter_size_check CHECK ((size > (0)::numeric))
);

ALTER TABLE ONLY public.meter FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.meter IS 'A gas meter (メーター).';

COMMENT ON COLUMN public.meter.size IS 'Meter size (号): maximum flow in m³/h.';

COMMENT ON COLUMN public.meter.dial_l IS 'Dial capacity: the register counts modulo this. Litres (99,999.999 m³ = 100,000,000).';

COMMENT ON COLUMN public.meter.verification_expires_on IS 'Last day of the verification term (検定満期).';

CREATE TABLE public.meter_day_revision (
    utility_id integer NOT NULL,
    revision_id bigint NOT NULL,
    meter_id integer NOT NULL,
    day date NOT NULL,
    revision smallint NOT NULL,
    change text NOT NULL,
    index_l integer[] NOT NULL,
    pressure_pa smallint[] NOT NULL,
    terminal_id integer NOT NULL,
    counter bigint NOT NULL,
    frame_check integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    arrival smallint NOT NULL,
    superseded_at timestamp with time zone NOT NULL,
    CONSTRAINT meter_day_revision_change_check CHECK ((change = ANY (ARRAY['completed'::text, 'corrected'::text])))
);

ALTER TABLE ONLY public.meter_day_revision FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.meter_day_revision IS 'The version that a later report replaced. In revision_id order it is the feed of changes.';

COMMENT ON COLUMN public.meter_day_revision.revision IS 'As in meter_day; from 32,767 on several versions have the same, revision_id tells their order.';

COMMENT ON COLUMN public.meter_day_revision.change IS 'What replaced it did: completed (only missing values were added) or corrected (a known value changed).';

COMMENT ON COLUMN public.meter_day_revision.index_l IS 'As in meter_day. Litres.';

COMMENT ON COLUMN public.meter_day_revision.pressure_pa IS 'As in meter_day. Pascals.';

COMMENT ON COLUMN public.meter_day_revision.superseded_at IS 'When the report that replaced this version was received; for a change by hand, when it was made.';

ALTER TABLE public.meter_day_revision ALTER COLUMN revision_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.meter_day_revision_revision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.meter_exchange (
    utility_id integer NOT NULL,
    exchange_id integer NOT NULL,
    supply_point_id integer NOT NULL,
    removed_meter_id integer NOT NULL,
    removed_fitted_at timestamp with time zone NOT NULL,
    fitted_meter_id integer NOT NULL,
    exchanged_at timestamp with time zone NOT NULL,
    registered_meter boolean NOT NULL,
    audit_id bigint NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT meter_exchange_check CHECK ((removed_meter_id <> fitted_meter_id)),
    CONSTRAINT meter_exchange_check1 CHECK ((removed_fitted_at < exchanged_at))
);

ALTER TABLE ONLY public.meter_exchange FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.meter_exchange IS 'An exchange of meters (取替) that stands; one that was undone has no row here, only its two acts in the audit.';

COMMENT ON COLUMN public.meter_exchange.exchanged_at IS 'Instant of the exchange: removal of the one fitting and begin of the other.';

COMMENT ON COLUMN public.meter_exchange.registered_meter IS 'True when the fitted meter came into the register with this exchange.';

COMMENT ON COLUMN public.meter_exchange.audit_id IS 'The act meter.exchanged of the audit: extractions of closings with a later number have seen the exchange.';

ALTER TABLE public.meter_exchange ALTER COLUMN exchange_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.meter_exchange_exchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.meter_fitting (
    utility_id integer NOT NULL,
    meter_id integer NOT NULL,
    supply_point_id integer NOT NULL,
    fitted_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    start_index_l integer,
    final_index_l integer,
    CONSTRAINT meter_fitting_check CHECK ((removed_at > fitted_at)),
    CONSTRAINT meter_fitting_final_index_l_check CHECK ((final_index_l >= 0)),
    CONSTRAINT meter_fitting_start_index_l_check CHECK ((start_index_l >= 0))
);

ALTER TABLE ONLY public.meter_fitting FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.meter_fitting IS 'A meter at a supply point, from fitted_at until before removed_at.';

COMMENT ON COLUMN public.meter_fitting.start_index_l IS 'Register when fitted, litres; null when it was not noted (a meter older than this system).';

COMMENT ON COLUMN public.meter_fitting.final_index_l IS 'Register when removed (取替前指針), litres.';

ALTER TABLE public.meter ALTER COLUMN meter_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.meter_meter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.occupancy ALTER COLUMN occupancy_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.occupancy_occupancy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.place_circumstance (
    utility_id integer NOT NULL,
    circumstance_id integer NOT NULL,
    supply_point_id integer NOT NULL,
    kind text NOT NULL,
    from_on date NOT NULL,
    to_on date,
    reason text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn_by text,
    withdrawn_at timestamp with time zone,
    recorded_name text,
    CONSTRAINT place_circumstance_check CHECK ((to_on > from_on)),
    CONSTRAINT place_circumstance_check1 CHECK (((withdrawn_by IS NULL) = (withdrawn_at IS NULL))),
    CONSTRAINT place_circumstance_kind_check CHECK ((kind = ANY (ARRAY['absence'::text, 'disaster'::text]))),
    CONSTRAINT place_circumstance_reason_check CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 200)))
);

ALTER TABLE ONLY public.place_circumstance FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.place_circumstance IS 'Days of a supply point on which it was known that nobody was there (不在), or on which a disaster kept it from being read (災害). Never changed, only withdrawn.';

COMMENT ON COLUMN public.place_circumstance.from_on IS 'First JST day.';

COMMENT ON COLUMN public.place_circumstance.to_on IS 'JST day after the last one; null: until further notice.';

COMMENT ON COLUMN public.place_circumstance.recorded_name IS 'As estimation_setting.changed_name.';

ALTER TABLE public.place_circumstance ALTER COLUMN circumstance_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.place_circumstance_circumstance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.poll_plan (
    utility_id integer NOT NULL,
    planned_until timestamp with time zone NOT NULL,
    looked_back_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.poll_plan FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.poll_plan IS 'How far the days that should have arrived are noted (reading_request); without a row nothing is.';

COMMENT ON COLUMN public.poll_plan.planned_until IS 'Report windows that ended until then are looked at.';

COMMENT ON COLUMN public.poll_plan.looked_back_at IS 'When all days that may still be asked for were looked at last.';

ALTER TABLE public.reading_edit ALTER COLUMN edit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reading_edit_edit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.reading_fault (
    utility_id integer NOT NULL,
    meter_id integer NOT NULL,
    day date NOT NULL,
    hour_ending smallint NOT NULL,
    index_l integer NOT NULL,
    terminal_id integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT reading_fault_hour_ending_check CHECK (((hour_ending >= 1) AND (hour_ending <= 24)))
);

ALTER TABLE ONLY public.reading_fault FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.reading_fault IS 'Register values beyond the dial of their meter, as received: of an hour the first and the last four. Where meter_day has a value for the hour, a later report healed it.';

COMMENT ON COLUMN public.reading_fault.day IS 'JST calendar day.';

COMMENT ON COLUMN public.reading_fault.hour_ending IS 'The hour ending (1…24) that the value was reported for.';

COMMENT ON COLUMN public.reading_fault.index_l IS 'The value received. Litres.';

COMMENT ON COLUMN public.reading_fault.terminal_id IS 'Terminal whose frame brought the value first.';

COMMENT ON COLUMN public.reading_fault.received_at IS 'When the value was received first.';

CREATE TABLE public.reading_mark (
    utility_id integer NOT NULL,
    meter_id integer NOT NULL,
    rule text NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    litres integer NOT NULL,
    facts jsonb NOT NULL,
    marked_at timestamp with time zone NOT NULL,
    stands boolean DEFAULT true NOT NULL,
    seen_by text,
    seen_name text,
    seen_at timestamp with time zone,
    note text,
    CONSTRAINT reading_mark_check CHECK ((to_on >= from_on)),
    CONSTRAINT reading_mark_check1 CHECK ((((seen_by IS NULL) = (seen_at IS NULL)) AND ((seen_by IS NULL) = (seen_name IS NULL)) AND ((note IS NULL) OR (seen_by IS NOT NULL)))),
    CONSTRAINT reading_mark_litres_check CHECK ((litres >= 0)),
    CONSTRAINT reading_mark_note_check CHECK ((((char_length(note) >= 1) AND (char_length(note) <= 200)) AND (note !~ '[[:cntrl:]]'::text))),
    CONSTRAINT reading_mark_rule_check CHECK ((rule = ANY (ARRAY['stuck-register'::text, 'unlike-season'::text, 'clock-doubt'::text, 'received-later'::text])))
);

ALTER TABLE ONLY public.reading_mark FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.reading_mark IS 'Marks for attention (注意) of the soft rules of validation (lib/validation/reading-marks.ts): days of a meter that are possible and odd. They count in all sums. A mark that is computed alike stays as it is, also seen; one that becomes another is to be seen again.';

COMMENT ON COLUMN public.reading_mark.from_on IS 'First JST day.';

COMMENT ON COLUMN public.reading_mark.to_on IS 'Last JST day.';

COMMENT ON COLUMN public.reading_mark.litres IS 'By how much the usage may be another, by the rule; orders the list.';

COMMENT ON COLUMN public.reading_mark.facts IS 'What the rule saw (MarkFacts); litres, days, seconds.';

COMMENT ON COLUMN public.reading_mark.stands IS 'False: the rule does not say so any more, as the readings or the register are now.';

COMMENT ON COLUMN public.reading_mark.seen_by IS 'Actor as kind:id of the person who looked at it; null: nobody yet.';

COMMENT ON COLUMN public.reading_mark.seen_name IS 'Display name of the person, as it was then.';

COMMENT ON COLUMN public.reading_mark.note IS 'What the person found, one line without personal data; null: nothing.';

CREATE TABLE public.reading_request (
    utility_id integer NOT NULL,
    meter_id integer NOT NULL,
    day date NOT NULL,
    terminal_id integer NOT NULL,
    reason text NOT NULL,
    first_hour smallint NOT NULL,
    last_hour smallint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    asked_count smallint DEFAULT 0 NOT NULL,
    last_asked_at timestamp with time zone,
    answered_at timestamp with time zone,
    given_up_at timestamp with time zone,
    CONSTRAINT reading_request_asked_count_check CHECK ((asked_count >= 0)),
    CONSTRAINT reading_request_check CHECK (((last_hour >= first_hour) AND (last_hour <= 24))),
    CONSTRAINT reading_request_check1 CHECK (((last_asked_at IS NULL) = (asked_count = 0))),
    CONSTRAINT reading_request_check2 CHECK (((answered_at IS NULL) OR (given_up_at IS NULL))),
    CONSTRAINT reading_request_first_hour_check CHECK (((first_hour >= 1) AND (first_hour <= 24))),
    CONSTRAINT reading_request_reason_check CHECK ((reason = ANY (ARRAY['absent'::text, 'incomplete'::text])))
);

ALTER TABLE ONLY public.reading_request FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.reading_request IS 'A meter''s day that is asked for again (再収集). Open while neither answered nor given up.';

COMMENT ON COLUMN public.reading_request.day IS 'JST calendar day.';

COMMENT ON COLUMN public.reading_request.terminal_id IS 'The terminal that was fitted beside the meter on that day: the one to ask.';

COMMENT ON COLUMN public.reading_request.reason IS 'absent: no report of the day; incomplete: index values are missing in it.';

COMMENT ON COLUMN public.reading_request.first_hour IS 'First hour ending of the day for which a value is expected: later than 1 when the meter was fitted that day.';

COMMENT ON COLUMN public.reading_request.last_hour IS 'Last hour ending for which a value is expected: earlier than 24 when the meter was removed that day.';

COMMENT ON COLUMN public.reading_request.due_at IS 'End of the report window in which the day should have arrived.';

COMMENT ON COLUMN public.reading_request.asked_count IS 'How often the terminal was asked.';

COMMENT ON COLUMN public.reading_request.answered_at IS 'When the day was there in full, or as much of it as the terminal had when it was asked.';

COMMENT ON COLUMN public.reading_request.given_up_at IS 'When it was asked for no more: too often in vain, or too long ago.';

CREATE TABLE public.reading_verdict (
    utility_id integer NOT NULL,
    meter_id integer NOT NULL,
    day date NOT NULL,
    hours smallint[] NOT NULL,
    index_l integer[] NOT NULL,
    rules text[] NOT NULL,
    step_hours smallint[] NOT NULL,
    step_rules text[] NOT NULL,
    judged_at timestamp with time zone NOT NULL,
    doubt_l integer[] DEFAULT '{}'::integer[] NOT NULL,
    step_l integer[] DEFAULT '{}'::integer[] NOT NULL,
    CONSTRAINT reading_verdict_check CHECK (((cardinality(index_l) = cardinality(hours)) AND (cardinality(rules) = cardinality(hours)))),
    CONSTRAINT reading_verdict_check1 CHECK (((cardinality(step_rules) = cardinality(step_hours)) AND (1 <= ALL (step_hours)) AND (24 >= ALL (step_hours)))),
    CONSTRAINT reading_verdict_hours_check CHECK (((1 <= ALL (hours)) AND (24 >= ALL (hours)))),
    CONSTRAINT reading_verdict_rules_check CHECK ((rules <@ ARRAY['error-code'::text, 'lost-digit'::text, 'fell'::text, 'jumped'::text, 'not-fitted'::text])),
    CONSTRAINT reading_verdict_step_rules_check CHECK ((step_rules <@ ARRAY['fallen'::text, 'implausible'::text]))
);

ALTER TABLE ONLY public.reading_verdict FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.reading_verdict IS 'Verdicts on a meter''s JST day: registers in doubt, and steps of the register that cannot be explained (lib/validation). A day without a row never had one; empty: it has none any more.';

COMMENT ON COLUMN public.reading_verdict.day IS 'JST calendar day.';

COMMENT ON COLUMN public.reading_verdict.hours IS 'Hours ending (1…24) of the registers in doubt, ascending.';

COMMENT ON COLUMN public.reading_verdict.index_l IS 'The registers that were judged, element by element. Litres. A verdict holds while the day has this value.';

COMMENT ON COLUMN public.reading_verdict.rules IS 'Why, element by element.';

COMMENT ON COLUMN public.reading_verdict.step_hours IS 'Hours ending of sound registers up to which the usage since the sound register before is unknown, ascending.';

COMMENT ON COLUMN public.reading_verdict.step_rules IS 'Why, element by element: the register fell, or rose by more than could have passed.';

COMMENT ON COLUMN public.reading_verdict.judged_at IS 'When the verdict on the day last became another.';

COMMENT ON COLUMN public.reading_verdict.doubt_l IS 'By how much each register in doubt lies outside what the nearest sound registers allow, element by element of hours. Litres; empty until the day is judged again.';

COMMENT ON COLUMN public.reading_verdict.step_l IS 'Size of each step that cannot be explained, element by element of step_hours. Litres; empty until the day is judged again.';

CREATE TABLE public.ready_mail (
    utility_id integer NOT NULL,
    request_id integer NOT NULL,
    account_id integer NOT NULL,
    closing_day smallint NOT NULL,
    closes_on date NOT NULL,
    each_month boolean NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    awaited_supply_point_id integer,
    look_at timestamp with time zone,
    CONSTRAINT ready_mail_closing_day_check CHECK (((closing_day >= 1) AND (closing_day <= 31)))
);

ALTER TABLE ONLY public.ready_mail FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.ready_mail IS 'Who asked for a mail when a closing is ready (締められるようになったらメールで知らせる). With the mail a request for one closing goes, and one for each month goes on to the next closing.';

COMMENT ON COLUMN public.ready_mail.account_id IS 'Whom the mail goes to: the member of staff that asked.';

COMMENT ON COLUMN public.ready_mail.closing_day IS '1 to 31; a month that is shorter closes on its last day.';

COMMENT ON COLUMN public.ready_mail.closes_on IS 'JST day of the closing that the next mail is about.';

COMMENT ON COLUMN public.ready_mail.each_month IS 'True: then the closing of the month after, and so on.';

COMMENT ON COLUMN public.ready_mail.awaited_supply_point_id IS 'A supply point whose report was awaited when the closing was looked at last: while it is, the closing is not ready.';

COMMENT ON COLUMN public.ready_mail.look_at IS 'The closing is not looked at before this instant; null: at once.';

ALTER TABLE public.ready_mail ALTER COLUMN request_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.ready_mail_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.register_change ALTER COLUMN change_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.register_change_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.run_change (
    utility_id integer NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    change_id bigint NOT NULL,
    what text NOT NULL,
    meter_ids integer[] NOT NULL,
    days date[],
    supply_point_id integer,
    first_day date,
    last_day date,
    noted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT run_change_check CHECK (((days IS NULL) OR (cardinality(days) = cardinality(meter_ids)))),
    CONSTRAINT run_change_what_check CHECK ((what = ANY (ARRAY['late'::text, 'back-fill'::text, 'requested'::text, 'completed'::text, 'corrected'::text, 'edited'::text, 'judged'::text, 'register'::text])))
);

ALTER TABLE ONLY public.run_change FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.run_change IS 'Changes that an issued closing may have been made without: those of the feed of changes but reports on time and limits of pressure, other verdicts, and changes of supply points. Kept for 400 days.';

COMMENT ON COLUMN public.run_change.transaction_id IS 'The transaction that changed: a run knows the change when its snapshot contains it.';

COMMENT ON COLUMN public.run_change.what IS 'As in day_change; judged: the verdict on a day became another.';

COMMENT ON COLUMN public.run_change.meter_ids IS 'The meters. With days: element by element.';

COMMENT ON COLUMN public.run_change.days IS 'JST calendar days of the meters; null for a change of the register.';

COMMENT ON COLUMN public.run_change.supply_point_id IS 'Of a change of a supply point by a person (register_change); otherwise null.';

COMMENT ON COLUMN public.run_change.first_day IS 'Of a change of the register the first JST day that it concerns, of days the earliest; null: all before last_day.';

COMMENT ON COLUMN public.run_change.last_day IS 'The last such day; null: all from first_day on.';

COMMENT ON COLUMN public.run_change.noted_at IS 'When that transaction began.';

ALTER TABLE public.run_change ALTER COLUMN change_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.run_change_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.schema_migration (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.schema_migration IS 'The migrations that made this schema, with the SHA-256 of their text.';

CREATE TABLE public.seal_key (
    is_only boolean DEFAULT true NOT NULL,
    outer_key bytea NOT NULL,
    inner_key bytea NOT NULL,
    CONSTRAINT seal_key_inner_key_check CHECK ((length(inner_key) = 32)),
    CONSTRAINT seal_key_is_only_check CHECK (is_only),
    CONSTRAINT seal_key_outer_key_check CHECK ((length(outer_key) = 32))
);

COMMENT ON TABLE public.seal_key IS 'The secret under which the utility of a transaction is sealed; one row. Read by the functions of kenshin_seal alone.';

CREATE TABLE public.session (
    utility_id integer NOT NULL,
    session_id uuid DEFAULT gen_random_uuid() NOT NULL,
    account_id integer,
    occupancy_id integer,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    token_hash bytea NOT NULL,
    CONSTRAINT session_check CHECK ((num_nonnulls(account_id, occupancy_id) = 1)),
    CONSTRAINT session_token_hash_check CHECK ((length(token_hash) = 32))
);

ALTER TABLE ONLY public.session FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.session IS 'A sign-in. The cookie carries a token whose SHA-256 stands here; a revoked or expired row ends it at once.';

COMMENT ON COLUMN public.session.session_id IS 'Names the session in the audit; opens nothing.';

COMMENT ON COLUMN public.session.token_hash IS 'SHA-256 of the token in the cookie, as UTF-8 text.';

CREATE TABLE public.sign_in_try (
    utility_id integer NOT NULL,
    kind text NOT NULL,
    typed_hash bytea NOT NULL,
    source_hash bytea NOT NULL,
    failed_count integer NOT NULL,
    locked_until timestamp with time zone,
    tried_at timestamp with time zone NOT NULL,
    CONSTRAINT sign_in_try_check CHECK (((length(typed_hash) + length(source_hash)) > 0)),
    CONSTRAINT sign_in_try_kind_check CHECK ((kind = ANY (ARRAY['staff'::text, 'consumer'::text]))),
    CONSTRAINT sign_in_try_source_hash_check CHECK ((length(source_hash) = ANY (ARRAY[0, 32]))),
    CONSTRAINT sign_in_try_typed_hash_check CHECK ((length(typed_hash) = ANY (ARRAY[0, 32])))
);

ALTER TABLE ONLY public.sign_in_try FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.sign_in_try IS 'Wrong tries of a login or customer number from a source, whether anybody has the name or not. Forgotten a day after the last one.';

COMMENT ON COLUMN public.sign_in_try.typed_hash IS 'Keyed hash of the name as it is looked up: people also type passwords and names of persons there. Empty: all names of the source.';

COMMENT ON COLUMN public.sign_in_try.source_hash IS 'Hash of a known device or of a client''s address. Empty: all sources of the name, known devices excepted.';

COMMENT ON COLUMN public.sign_in_try.failed_count IS 'Wrong tries, less those that time has taken off.';

CREATE VIEW public.sound_day WITH (security_barrier='true') AS
 SELECT d.utility_id,
    d.meter_id,
    d.day,
    s.index_l,
    d.pressure_pa,
        CASE
            WHEN (m.meter_id IS NULL) THEN d.closing_index_l
            ELSE s.index_l[c.closing_hour]
        END AS closing_index_l,
    c.closing_hour,
    d.terminal_id,
    d.received_at,
    d.arrival,
    d.revision,
        CASE
            WHEN (m.edited_hours IS NULL) THEN m.doubtful_hours
            ELSE public.unedited_hours(d.index_l, m.doubtful_hours, m.edited_hours, m.kinds, m.edited_l)
        END AS doubtful_hours,
    m.entered_hours
   FROM (((series.meter_day d
     LEFT JOIN ( SELECT v.utility_id,
            v.meter_id,
            v.day,
            v.hours AS doubtful_hours,
            v.index_l AS doubtful_l,
            e.hours AS edited_hours,
            e.kinds,
            e.index_l AS edited_l,
            e.entered_hours
           FROM (public.reading_verdict v
             LEFT JOIN public.edited_day e ON (((e.utility_id = v.utility_id) AND (e.meter_id = v.meter_id) AND (e.day = v.day))))
        UNION ALL
         SELECT e.utility_id,
            e.meter_id,
            e.day,
            NULL::smallint[],
            NULL::integer[],
            e.hours,
            e.kinds,
            e.index_l,
            e.entered_hours
           FROM public.edited_day e
          WHERE (NOT (EXISTS ( SELECT
                   FROM public.reading_verdict v
                  WHERE ((v.utility_id = e.utility_id) AND (v.meter_id = e.meter_id) AND (v.day = e.day)))))) m ON (((m.utility_id = d.utility_id) AND (m.meter_id = d.meter_id) AND (m.day = d.day))))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (m.edited_hours IS NOT NULL) THEN public.sound_index(d.index_l, m.doubtful_hours, m.doubtful_l, m.edited_hours, m.kinds, m.edited_l)
                    WHEN (m.meter_id IS NOT NULL) THEN public.sound_index(d.index_l, m.doubtful_hours, m.doubtful_l)
                    ELSE d.index_l
                END AS index_l) s)
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (m.meter_id IS NULL) THEN d.closing_hour
                    ELSE public.last_known_hour(s.index_l)
                END AS closing_hour) c)
  WHERE (d.utility_id = ( SELECT public.current_utility_id() AS current_utility_id))
UNION ALL
 SELECT e.utility_id,
    e.meter_id,
    e.day,
    s.index_l,
    array_fill(NULL::smallint, ARRAY[24]) AS pressure_pa,
    s.index_l[c.closing_hour] AS closing_index_l,
    c.closing_hour,
    NULL::integer AS terminal_id,
    e.changed_at AS received_at,
    NULL::smallint AS arrival,
    (0)::smallint AS revision,
    NULL::smallint[] AS doubtful_hours,
    e.entered_hours
   FROM ((public.edited_day e
     CROSS JOIN LATERAL ( SELECT public.sound_index(NULL::integer[], NULL::smallint[], NULL::integer[], e.hours, e.kinds, e.index_l) AS index_l) s)
     CROSS JOIN LATERAL ( SELECT public.last_known_hour(s.index_l) AS closing_hour) c)
  WHERE ((e.utility_id = ( SELECT public.current_utility_id() AS current_utility_id)) AND (cardinality(e.entered_hours) > 0) AND (NOT public.day_is_received(e.meter_id, e.day)));

COMMENT ON VIEW public.sound_day IS 'meter_day as it counts: without the registers that are struck or in doubt (null, and the closing is the last that counts), with those entered by hand; also days of which nothing but an entered register is known (arrival null). doubtful_hours: the hours that were judged so; entered_hours: those entered by hand.';

ALTER TABLE public.supply_point ALTER COLUMN supply_point_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.supply_point_supply_point_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.taken_frame (
    utility_id integer NOT NULL,
    terminal_id integer NOT NULL,
    counter bigint NOT NULL,
    frame_check integer NOT NULL,
    type smallint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT taken_frame_counter_check CHECK (((counter >= 1) AND (counter <= '4294967295'::bigint))),
    CONSTRAINT taken_frame_type_check CHECK (((type >= 0) AND (type <= 127)))
);

ALTER TABLE ONLY public.taken_frame FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.taken_frame IS 'Uplink frames that were run by statements of their own, in the same transaction: by these rows a frame that comes again is known. Removed after thirty days where the counter is below the terminal''s replay window (prune_taken_frames).';

COMMENT ON COLUMN public.taken_frame.counter IS 'Uplink counter of the frame.';

COMMENT ON COLUMN public.taken_frame.frame_check IS 'First four bytes of the frame''s tag as a signed integer: tells the frame again from another one of the same counter.';

COMMENT ON COLUMN public.taken_frame.type IS 'Type byte of the message.';

COMMENT ON COLUMN public.taken_frame.received_at IS 'When the frame was received.';

CREATE TABLE public.tariff (
    utility_id integer NOT NULL,
    tariff_id integer NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    gas_kind text NOT NULL,
    usage_rounding text NOT NULL,
    CONSTRAINT tariff_code_check CHECK ((code <> ''::text)),
    CONSTRAINT tariff_gas_kind_check CHECK ((gas_kind = ANY (ARRAY['city'::text, 'lp'::text]))),
    CONSTRAINT tariff_name_check CHECK ((name <> ''::text)),
    CONSTRAINT tariff_usage_rounding_check CHECK ((usage_rounding = ANY (ARRAY['floor-of-difference'::text, 'difference-of-floors'::text, 'difference-of-floors-0.1'::text])))
);

ALTER TABLE ONLY public.tariff FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.tariff IS 'A tariff (料金メニュー); so far only what closing needs of it.';

COMMENT ON COLUMN public.tariff.usage_rounding IS 'How litres become billed m³ (three published habits).';

ALTER TABLE public.tariff ALTER COLUMN tariff_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.tariff_tariff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.terminal (
    utility_id integer NOT NULL,
    terminal_id integer NOT NULL,
    number text NOT NULL,
    model text NOT NULL,
    secret_hash bytea NOT NULL,
    report_minute smallint DEFAULT 60 NOT NULL,
    report_window_minutes smallint DEFAULT 240 NOT NULL,
    registered_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT terminal_model_check CHECK ((model = ANY (ARRAY['external'::text, 'us'::text, 'jo'::text]))),
    CONSTRAINT terminal_number_check CHECK ((number ~ '^[0-9]{1,16}$'::text)),
    CONSTRAINT terminal_report_minute_check CHECK (((report_minute >= 0) AND (report_minute <= 1439))),
    CONSTRAINT terminal_report_window_minutes_check CHECK (((report_window_minutes >= 1) AND (report_window_minutes <= 1440))),
    CONSTRAINT terminal_secret_hash_check CHECK ((length(secret_hash) = 32))
);

ALTER TABLE ONLY public.terminal FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.terminal IS 'A terminal (検針端末) that reports for the meter beside it.';

COMMENT ON COLUMN public.terminal.number IS 'Terminal number (無線機ID), decimal digits; leading zeros count. Unique over all utilities.';

COMMENT ON COLUMN public.terminal.secret_hash IS 'SHA-256 of the terminal''s MQTT password (32 random bytes as base64url, so no slow hash is needed).';

COMMENT ON COLUMN public.terminal.report_minute IS 'Minute of the JST day at which the report window opens.';

COMMENT ON COLUMN public.terminal.report_window_minutes IS 'Length of the report window; a day that arrives after it is late. Minutes.';

CREATE TABLE public.terminal_clock_doubt (
    utility_id integer NOT NULL,
    terminal_id integer NOT NULL,
    day date NOT NULL,
    offset_s integer NOT NULL,
    noted_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.terminal_clock_doubt FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.terminal_clock_doubt IS 'Days on which a live report showed that a terminal''s clock was off by half an hour or more: the hours it kept then may be others.';

COMMENT ON COLUMN public.terminal_clock_doubt.day IS 'JST day of the report.';

COMMENT ON COLUMN public.terminal_clock_doubt.offset_s IS 'Terminal clock minus server clock, seconds; the last of the day that was off.';

CREATE TABLE public.terminal_fitting (
    utility_id integer NOT NULL,
    terminal_id integer NOT NULL,
    supply_point_id integer NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone,
    CONSTRAINT terminal_fitting_check CHECK ((to_at > from_at))
);

ALTER TABLE ONLY public.terminal_fitting FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.terminal_fitting IS 'A terminal at a supply point, from from_at until before to_at.';

CREATE TABLE public.terminal_key (
    utility_id integer NOT NULL,
    terminal_id integer NOT NULL,
    generation smallint NOT NULL,
    wrapped_key bytea NOT NULL,
    kek_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT terminal_key_generation_check CHECK (((generation >= 0) AND (generation <= 255))),
    CONSTRAINT terminal_key_kek_id_check CHECK ((kek_id <> ''::text)),
    CONSTRAINT terminal_key_wrapped_key_check CHECK ((length(wrapped_key) = 40))
);

ALTER TABLE ONLY public.terminal_key FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.terminal_key IS 'A terminal''s 256-bit key, wrapped (RFC 3394) under the utility''s own key-encryption key; up to two generations live.';

COMMENT ON COLUMN public.terminal_key.kek_id IS 'Key check value of the key-encryption key that wraps this key, so that a wrong one is noticed by name.';

CREATE TABLE public.terminal_owner (
    utility_id integer NOT NULL,
    terminal_id integer NOT NULL,
    process_id uuid NOT NULL,
    generation bigint NOT NULL,
    since timestamp with time zone NOT NULL
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.terminal_owner FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.terminal_owner IS 'The process that holds the connection of a terminal, by its latest CONNECT. No row: not connected.';

COMMENT ON COLUMN public.terminal_owner.process_id IS 'Of ingest_process; it counts while that process does.';

COMMENT ON COLUMN public.terminal_owner.generation IS 'Counts up with every CONNECT of any terminal: tells a connection from a later one.';

COMMENT ON COLUMN public.terminal_owner.since IS 'When the terminal connected.';

ALTER TABLE public.terminal_owner ALTER COLUMN generation ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.terminal_owner_generation_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.terminal_setting (
    utility_id integer NOT NULL,
    terminal_id integer NOT NULL,
    report_minute smallint NOT NULL,
    report_window_minutes smallint NOT NULL,
    generation smallint NOT NULL,
    proven_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.terminal_setting FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.terminal_setting IS 'The clock and report window that a terminal acknowledged last (message 82). No row: none yet.';

COMMENT ON COLUMN public.terminal_setting.report_minute IS 'Minute of the JST day at which the report window opens that the terminal holds.';

COMMENT ON COLUMN public.terminal_setting.report_window_minutes IS 'Length of that window. Minutes.';

COMMENT ON COLUMN public.terminal_setting.generation IS 'Key generation that sealed the message: once that key is retired the terminal is told anew.';

COMMENT ON COLUMN public.terminal_setting.proven_at IS 'When the terminal acknowledged it, and with it its clock.';

CREATE TABLE public.terminal_state (
    utility_id integer NOT NULL,
    terminal_id integer NOT NULL,
    up_high bigint DEFAULT 0 NOT NULL,
    up_window bigint DEFAULT 0 NOT NULL,
    down_counter bigint DEFAULT 0 NOT NULL,
    last_seen_at timestamp with time zone,
    battery_mv integer,
    signal_dbm smallint,
    link smallint,
    firmware integer,
    clock_offset_s integer,
    taken_pruned_to bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.terminal_state FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.terminal_state IS 'What changes with every report; narrow and half empty so that updates stay in their page.';

COMMENT ON COLUMN public.terminal_state.up_high IS 'Highest uplink counter committed; 0 before the first frame.';

COMMENT ON COLUMN public.terminal_state.up_window IS 'Replay window: bit k is set when counter up_high − k is committed (k = 0…63).';

COMMENT ON COLUMN public.terminal_state.down_counter IS 'Last downlink counter used.';

COMMENT ON COLUMN public.terminal_state.battery_mv IS 'Battery voltage, millivolts.';

COMMENT ON COLUMN public.terminal_state.signal_dbm IS 'Radio signal, dBm.';

COMMENT ON COLUMN public.terminal_state.link IS '0: WAN (own LTE); 1: FAN (through a neighbour).';

COMMENT ON COLUMN public.terminal_state.clock_offset_s IS 'Terminal clock minus server clock at the last live report, seconds.';

COMMENT ON COLUMN public.terminal_state.taken_pruned_to IS 'Up to this uplink counter rows of taken_frame may have been removed: a frame with such a counter is never taken, unless its row is there.';

ALTER TABLE public.terminal ALTER COLUMN terminal_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.terminal_terminal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.terminal_test (
    utility_id integer NOT NULL,
    test_id integer NOT NULL,
    terminal_id integer NOT NULL,
    nonce bigint NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    requested_by text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    acknowledged_at timestamp with time zone,
    answered_at timestamp with time zone,
    CONSTRAINT terminal_test_check CHECK ((expires_at > requested_at)),
    CONSTRAINT terminal_test_check1 CHECK (((sent_at IS NOT NULL) OR (acknowledged_at IS NULL))),
    CONSTRAINT terminal_test_nonce_check CHECK (((nonce >= 1) AND (nonce <= '4294967295'::bigint))),
    CONSTRAINT terminal_test_requested_by_check CHECK ((requested_by <> ''::text))
);

ALTER TABLE ONLY public.terminal_test FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.terminal_test IS 'A test of a terminal (試験通報): a row first, a message 83 second. Each time is what was proven then.';

COMMENT ON COLUMN public.terminal_test.nonce IS 'The number that the answering test call repeats; never 0.';

COMMENT ON COLUMN public.terminal_test.requested_by IS 'Actor as kind:id, as in the audit.';

COMMENT ON COLUMN public.terminal_test.expires_at IS 'From then on it is neither sent nor counted as answered.';

COMMENT ON COLUMN public.terminal_test.sent_at IS 'When it was last handed to a connection of the terminal.';

COMMENT ON COLUMN public.terminal_test.acknowledged_at IS 'When the terminal acknowledged it (PUBACK).';

COMMENT ON COLUMN public.terminal_test.answered_at IS 'When its test call with this nonce was received.';

ALTER TABLE public.terminal_test ALTER COLUMN test_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.terminal_test_test_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.usage_decision (
    utility_id integer NOT NULL,
    decision_id integer NOT NULL,
    occupancy_id integer NOT NULL,
    kind text NOT NULL,
    on_day date NOT NULL,
    litres integer NOT NULL,
    percent numeric(5,2),
    direction text,
    base_m3 numeric(12,1),
    base_runs integer[],
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_name text NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    supersedes integer,
    withdrawn_by text,
    withdrawn_name text,
    withdrawn_at timestamp with time zone,
    CONSTRAINT usage_decision_check CHECK (((kind = 'certified'::text) OR ((percent IS NOT NULL) AND (direction IS NOT NULL) AND (base_m3 IS NOT NULL) AND (base_runs IS NOT NULL)))),
    CONSTRAINT usage_decision_check1 CHECK (((kind = 'correction'::text) OR ((litres >= 0) AND (percent IS NULL) AND (direction IS NULL) AND (base_m3 IS NULL) AND (base_runs IS NULL)))),
    CONSTRAINT usage_decision_check2 CHECK (((withdrawn_by IS NULL) = (withdrawn_at IS NULL))),
    CONSTRAINT usage_decision_direction_check CHECK ((direction = ANY (ARRAY['fast'::text, 'slow'::text]))),
    CONSTRAINT usage_decision_kind_check CHECK ((kind = ANY (ARRAY['certified'::text, 'correction'::text]))),
    CONSTRAINT usage_decision_percent_check CHECK (((percent > (0)::numeric) AND (percent < (100)::numeric))),
    CONSTRAINT usage_decision_reason_check CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 200)))
);

ALTER TABLE ONLY public.usage_decision FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.usage_decision IS 'A volume that staff decided: the usage of one closing row (認定), or the correction of a meter that was found outside tolerance (器差補正). Never changed, only withdrawn or superseded. Without a foreign key to the occupancy, as rows of runs: what was given out stays readable.';

COMMENT ON COLUMN public.usage_decision.on_day IS 'certified: the JST day that the row closes; correction: a JST day of the period with whose row it is billed.';

COMMENT ON COLUMN public.usage_decision.litres IS 'certified: the usage; correction: what is added to what was billed, negative where the meter was fast.';

COMMENT ON COLUMN public.usage_decision.percent IS 'How much the meter was fast or slow, %.';

COMMENT ON COLUMN public.usage_decision.base_m3 IS 'Billed m³ of the closings that are corrected.';

COMMENT ON COLUMN public.usage_decision.base_runs IS 'Runs in which these were issued, latest first.';

COMMENT ON COLUMN public.usage_decision.decided_name IS 'Display name of the person or name of the command, as it was then; likewise withdrawn_name.';

COMMENT ON COLUMN public.usage_decision.supersedes IS 'The decision on the same row in whose place it was made.';

ALTER TABLE public.usage_decision ALTER COLUMN decision_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.usage_decision_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.utility (
    utility_id integer NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    closing_substitute_max_days integer DEFAULT 45 NOT NULL,
    poll_days_back integer DEFAULT 35 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    second_look_l integer DEFAULT 10000 NOT NULL,
    CONSTRAINT utility_closing_substitute_max_days_check CHECK (((closing_substitute_max_days >= 0) AND (closing_substitute_max_days <= 400))),
    CONSTRAINT utility_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9-]{1,31}$'::text)),
    CONSTRAINT utility_name_check CHECK ((name <> ''::text)),
    CONSTRAINT utility_poll_days_back_check CHECK (((poll_days_back >= 1) AND (poll_days_back <= 400))),
    CONSTRAINT utility_second_look_l_check CHECK ((second_look_l >= 0))
);

ALTER TABLE ONLY public.utility FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.utility IS 'A gas utility (ガス事業者): the tenant. Every tenant table starts its keys with utility_id.';

COMMENT ON COLUMN public.utility.code IS 'Short name used at sign-in and to find the key-encryption key.';

COMMENT ON COLUMN public.utility.closing_substitute_max_days IS 'A substitute reading older than this at the closing is not used. Days.';

COMMENT ON COLUMN public.utility.poll_days_back IS 'How far back missing days are asked for again. Days.';

COMMENT ON COLUMN public.utility.second_look_l IS 'An edit of a reading that moves more litres than this counts only when a second person agreed.';

ALTER TABLE public.utility ALTER COLUMN utility_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.utility_utility_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.validation_ahead (
    utility_id integer NOT NULL,
    transaction_id xid8 NOT NULL,
    change_id bigint NOT NULL
);

ALTER TABLE ONLY public.validation_ahead FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.validation_ahead IS 'Changes of the feed that are validated although the reader validation has not passed them: a transaction that is under way may still precede them. A verdict does not depend on the order of changes.';

CREATE TABLE public.validation_state (
    utility_id integer NOT NULL,
    rules_version integer DEFAULT 0 NOT NULL,
    next_version integer,
    next_meter_id integer,
    CONSTRAINT validation_state_check CHECK (((next_version IS NULL) = (next_meter_id IS NULL)))
);

ALTER TABLE ONLY public.validation_state FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.validation_state IS 'How far a utility''s readings are validated. What came since then is in the feed of changes after the position of the reader validation.';

COMMENT ON COLUMN public.validation_state.rules_version IS 'Version of the rules by which all stored readings were judged; 0: not yet.';

COMMENT ON COLUMN public.validation_state.next_version IS 'Version by which they are being judged now; null: none.';

COMMENT ON COLUMN public.validation_state.next_meter_id IS 'Meters from this one on are still to be judged by it.';

CREATE TABLE public.volume_factor (
    utility_id integer NOT NULL,
    supply_point_id integer NOT NULL,
    from_on date NOT NULL,
    factor numeric(8,6) NOT NULL,
    basis text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    recorded_name text,
    CONSTRAINT volume_factor_basis_check CHECK (((length(btrim(basis)) >= 1) AND (length(btrim(basis)) <= 200))),
    CONSTRAINT volume_factor_factor_check CHECK ((factor > (0)::numeric))
);

ALTER TABLE ONLY public.volume_factor FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.volume_factor IS 'Factor of a supply point that is delivered above the maximum pressure (圧力換算係数): it multiplies the billed m³ of each period that begins on or after the day, until the next one.';

COMMENT ON COLUMN public.volume_factor.from_on IS 'JST day; a period that has begun before keeps the factor it began with.';

COMMENT ON COLUMN public.volume_factor.factor IS '1: none any more.';

COMMENT ON COLUMN public.volume_factor.basis IS 'From where it is: pressure, contract.';

COMMENT ON COLUMN public.volume_factor.recorded_name IS 'As estimation_setting.changed_name.';

CREATE TABLE public.withdrawn_meter (
    utility_id integer NOT NULL,
    meter_id integer NOT NULL,
    serial text NOT NULL,
    withdrawn_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.withdrawn_meter FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.withdrawn_meter IS 'Meters that came into the register with an exchange and left it when that was undone. A sidecar that has not heard of it yet may still store days of one: they lie under its number, which the serial gets again when it is registered again.';

COMMENT ON COLUMN public.withdrawn_meter.meter_id IS 'The number that it had in the table meter.';

COMMENT ON COLUMN public.withdrawn_meter.serial IS 'Its serial, which may be registered again.';

COMMENT ON COLUMN public.withdrawn_meter.withdrawn_at IS 'When the exchange was undone.';

CREATE TABLE public.write_request (
    utility_id integer NOT NULL,
    actor text NOT NULL,
    key text NOT NULL,
    route text NOT NULL,
    body_hash bytea NOT NULL,
    status smallint,
    location text,
    answer json,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT write_request_body_hash_check CHECK ((length(body_hash) = 32)),
    CONSTRAINT write_request_check CHECK (((status IS NULL) = (answer IS NULL))),
    CONSTRAINT write_request_key_check CHECK ((key ~ '^[0-9A-Za-z_-]{16,64}$'::text)),
    CONSTRAINT write_request_route_check CHECK ((route <> ''::text)),
    CONSTRAINT write_request_status_check CHECK (((status >= 200) AND (status <= 299)))
);

ALTER TABLE ONLY public.write_request FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.write_request IS 'A request to a write route by its Idempotency-Key, with the answer that it got: sent again, it gets that answer and acts no more. Written in the transaction of the act; kept for seven days.';

COMMENT ON COLUMN public.write_request.actor IS 'Actor as kind:id, as in the audit: a key means something to its actor alone.';

COMMENT ON COLUMN public.write_request.route IS 'Method and path, as "POST /api/v1/meters/7/exchanges".';

COMMENT ON COLUMN public.write_request.body_hash IS 'SHA-256 of the body as it was understood.';

COMMENT ON COLUMN public.write_request.status IS 'Status of the answer; null only while the act is being done.';

COMMENT ON COLUMN public.write_request.location IS 'Header Location of the answer, or null.';

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (utility_id, account_id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_utility_id_login_key UNIQUE (utility_id, login);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_key_hash_key UNIQUE (key_hash);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (utility_id, api_key_id);

ALTER TABLE ONLY public.api_key_use
    ADD CONSTRAINT api_key_use_pkey PRIMARY KEY (utility_id, api_key_id);

ALTER TABLE ONLY public.area_day_due
    ADD CONSTRAINT area_day_due_pkey PRIMARY KEY (utility_id, area_id, day);

ALTER TABLE ONLY public.area_day_hours
    ADD CONSTRAINT area_day_hours_pkey PRIMARY KEY (utility_id, area_id, day);

ALTER TABLE ONLY public.area_day
    ADD CONSTRAINT area_day_pkey PRIMARY KEY (utility_id, area_id, day);

ALTER TABLE ONLY public.area
    ADD CONSTRAINT area_pkey PRIMARY KEY (utility_id, area_id);

ALTER TABLE ONLY public.area
    ADD CONSTRAINT area_utility_id_code_key UNIQUE (utility_id, code);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (utility_id, audit_id);

ALTER TABLE ONLY public.change_position
    ADD CONSTRAINT change_position_pkey PRIMARY KEY (utility_id, reader);

ALTER TABLE ONLY public.change_reader
    ADD CONSTRAINT change_reader_pkey PRIMARY KEY (reader);

ALTER TABLE ONLY public.closing_issue
    ADD CONSTRAINT closing_issue_pkey PRIMARY KEY (utility_id, issue_id);

ALTER TABLE ONLY public.closing_layout
    ADD CONSTRAINT closing_layout_pkey PRIMARY KEY (utility_id, layout_id);

ALTER TABLE ONLY public.closing_layout_version
    ADD CONSTRAINT closing_layout_version_pkey PRIMARY KEY (utility_id, layout_id, version);

ALTER TABLE ONLY public.closing_run_figure
    ADD CONSTRAINT closing_run_figure_pkey PRIMARY KEY (utility_id, run_id, row_number);

ALTER TABLE ONLY public.closing_run_file
    ADD CONSTRAINT closing_run_file_pkey PRIMARY KEY (utility_id, run_id, export);

ALTER TABLE ONLY public.closing_run
    ADD CONSTRAINT closing_run_pkey PRIMARY KEY (utility_id, run_id);

ALTER TABLE ONLY public.closing_run_row
    ADD CONSTRAINT closing_run_row_pkey PRIMARY KEY (utility_id, run_id, row_number);

ALTER TABLE ONLY public.closing_run_seen
    ADD CONSTRAINT closing_run_seen_pkey PRIMARY KEY (utility_id, run_id);

ALTER TABLE ONLY public.consumer_access
    ADD CONSTRAINT consumer_access_pkey PRIMARY KEY (utility_id, occupancy_id);

ALTER TABLE ONLY public.day_change
    ADD CONSTRAINT day_change_pkey PRIMARY KEY (utility_id, transaction_id, change_id);

ALTER TABLE ONLY public.edited_day
    ADD CONSTRAINT edited_day_pkey PRIMARY KEY (utility_id, meter_id, day);

ALTER TABLE ONLY public.estimation_setting
    ADD CONSTRAINT estimation_setting_pkey PRIMARY KEY (utility_id);

ALTER TABLE ONLY public.former_closing_day
    ADD CONSTRAINT former_closing_day_pkey PRIMARY KEY (utility_id, supply_point_id, until_on);

ALTER TABLE ONLY public.frame_quarantine
    ADD CONSTRAINT frame_quarantine_pkey PRIMARY KEY (quarantine_id);

ALTER TABLE ONLY public.ingest_process
    ADD CONSTRAINT ingest_process_pkey PRIMARY KEY (process_id);

ALTER TABLE ONLY public.job_kind
    ADD CONSTRAINT job_kind_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY public.known_device
    ADD CONSTRAINT known_device_pkey PRIMARY KEY (utility_id, kind, typed_hash, device_hash);

ALTER TABLE ONLY public.mail
    ADD CONSTRAINT mail_pkey PRIMARY KEY (utility_id, mail_id);

ALTER TABLE ONLY public.mail
    ADD CONSTRAINT mail_utility_id_account_id_kind_key_key UNIQUE (utility_id, account_id, kind, key);

ALTER TABLE ONLY public.meter_day_revision
    ADD CONSTRAINT meter_day_revision_pkey PRIMARY KEY (utility_id, meter_id, day, revision, revision_id);

ALTER TABLE ONLY public.meter_day_revision
    ADD CONSTRAINT meter_day_revision_utility_id_revision_id_key UNIQUE (utility_id, revision_id);

ALTER TABLE ONLY public.meter_exchange
    ADD CONSTRAINT meter_exchange_pkey PRIMARY KEY (utility_id, exchange_id);

ALTER TABLE ONLY public.meter_exchange
    ADD CONSTRAINT meter_exchange_utility_id_fitted_meter_id_exchanged_at_key UNIQUE (utility_id, fitted_meter_id, exchanged_at);

ALTER TABLE ONLY public.meter_fitting
    ADD CONSTRAINT meter_fitting_one_meter_at_a_time EXCLUDE USING gist (utility_id WITH =, supply_point_id WITH =, tstzrange(fitted_at, removed_at) WITH &&);

ALTER TABLE ONLY public.meter_fitting
    ADD CONSTRAINT meter_fitting_one_place_at_a_time EXCLUDE USING gist (utility_id WITH =, meter_id WITH =, tstzrange(fitted_at, removed_at) WITH &&);

ALTER TABLE ONLY public.meter_fitting
    ADD CONSTRAINT meter_fitting_pkey PRIMARY KEY (utility_id, meter_id, fitted_at);

ALTER TABLE ONLY public.meter
    ADD CONSTRAINT meter_pkey PRIMARY KEY (utility_id, meter_id);

ALTER TABLE ONLY public.meter
    ADD CONSTRAINT meter_utility_id_serial_key UNIQUE (utility_id, serial);

ALTER TABLE ONLY public.occupancy
    ADD CONSTRAINT occupancy_one_customer_at_a_time EXCLUDE USING gist (utility_id WITH =, supply_point_id WITH =, daterange(from_on, to_on) WITH &&);

ALTER TABLE ONLY public.occupancy
    ADD CONSTRAINT occupancy_one_place_at_a_time EXCLUDE USING gist (utility_id WITH =, customer_number WITH =, daterange(from_on, to_on) WITH &&);

ALTER TABLE ONLY public.occupancy
    ADD CONSTRAINT occupancy_pkey PRIMARY KEY (utility_id, occupancy_id);

ALTER TABLE ONLY public.place_circumstance
    ADD CONSTRAINT place_circumstance_pkey PRIMARY KEY (utility_id, circumstance_id);

ALTER TABLE ONLY public.poll_plan
    ADD CONSTRAINT poll_plan_pkey PRIMARY KEY (utility_id);

ALTER TABLE ONLY public.reading_edit
    ADD CONSTRAINT reading_edit_pkey PRIMARY KEY (utility_id, edit_id);

ALTER TABLE ONLY public.reading_fault
    ADD CONSTRAINT reading_fault_pkey PRIMARY KEY (utility_id, meter_id, day, hour_ending, index_l);

ALTER TABLE ONLY public.reading_mark
    ADD CONSTRAINT reading_mark_pkey PRIMARY KEY (utility_id, meter_id, rule, from_on);

ALTER TABLE ONLY public.reading_request
    ADD CONSTRAINT reading_request_pkey PRIMARY KEY (utility_id, meter_id, day);

ALTER TABLE ONLY public.reading_verdict
    ADD CONSTRAINT reading_verdict_pkey PRIMARY KEY (utility_id, meter_id, day);

ALTER TABLE ONLY public.ready_mail
    ADD CONSTRAINT ready_mail_pkey PRIMARY KEY (utility_id, request_id);

ALTER TABLE ONLY public.register_change
    ADD CONSTRAINT register_change_pkey PRIMARY KEY (utility_id, change_id);

ALTER TABLE ONLY public.run_change
    ADD CONSTRAINT run_change_pkey PRIMARY KEY (utility_id, transaction_id, change_id);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.seal_key
    ADD CONSTRAINT seal_key_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (utility_id, session_id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.sign_in_secret
    ADD CONSTRAINT sign_in_secret_pkey PRIMARY KEY (single);

ALTER TABLE ONLY public.sign_in_try
    ADD CONSTRAINT sign_in_try_pkey PRIMARY KEY (utility_id, kind, typed_hash, source_hash);

ALTER TABLE ONLY public.supply_point
    ADD CONSTRAINT supply_point_pkey PRIMARY KEY (utility_id, supply_point_id);

ALTER TABLE ONLY public.supply_point
    ADD CONSTRAINT supply_point_utility_id_number_key UNIQUE (utility_id, number);

ALTER TABLE ONLY public.taken_frame
    ADD CONSTRAINT taken_frame_pkey PRIMARY KEY (utility_id, terminal_id, counter);

ALTER TABLE ONLY public.tariff
    ADD CONSTRAINT tariff_pkey PRIMARY KEY (utility_id, tariff_id);

ALTER TABLE ONLY public.tariff
    ADD CONSTRAINT tariff_utility_id_code_key UNIQUE (utility_id, code);

ALTER TABLE ONLY public.terminal_clock_doubt
    ADD CONSTRAINT terminal_clock_doubt_pkey PRIMARY KEY (utility_id, terminal_id, day);

ALTER TABLE ONLY public.terminal_fitting
    ADD CONSTRAINT terminal_fitting_one_place_at_a_time EXCLUDE USING gist (utility_id WITH =, terminal_id WITH =, tstzrange(from_at, to_at) WITH &&);

ALTER TABLE ONLY public.terminal_fitting
    ADD CONSTRAINT terminal_fitting_one_terminal_at_a_time EXCLUDE USING gist (utility_id WITH =, supply_point_id WITH =, tstzrange(from_at, to_at) WITH &&);

ALTER TABLE ONLY public.terminal_fitting
    ADD CONSTRAINT terminal_fitting_pkey PRIMARY KEY (utility_id, terminal_id, from_at);

ALTER TABLE ONLY public.terminal_key
    ADD CONSTRAINT terminal_key_pkey PRIMARY KEY (utility_id, terminal_id, generation);

ALTER TABLE ONLY public.terminal_owner
    ADD CONSTRAINT terminal_owner_pkey PRIMARY KEY (utility_id, terminal_id);

ALTER TABLE ONLY public.terminal
    ADD CONSTRAINT terminal_pkey PRIMARY KEY (utility_id, terminal_id);

ALTER TABLE ONLY public.terminal_setting
    ADD CONSTRAINT terminal_setting_pkey PRIMARY KEY (utility_id, terminal_id);

ALTER TABLE ONLY public.terminal_state
    ADD CONSTRAINT terminal_state_pkey PRIMARY KEY (utility_id, terminal_id);

ALTER TABLE ONLY public.terminal_test
    ADD CONSTRAINT terminal_test_pkey PRIMARY KEY (utility_id, test_id);

ALTER TABLE ONLY public.terminal_test
    ADD CONSTRAINT terminal_test_utility_id_terminal_id_nonce_key UNIQUE (utility_id, terminal_id, nonce);

ALTER TABLE ONLY public.usage_decision
    ADD CONSTRAINT usage_decision_pkey PRIMARY KEY (utility_id, decision_id);

ALTER TABLE ONLY public.utility
    ADD CONSTRAINT utility_code_key UNIQUE (code);

ALTER TABLE ONLY public.utility
    ADD CONSTRAINT utility_pkey PRIMARY KEY (utility_id);

ALTER TABLE ONLY public.validation_ahead
    ADD CONSTRAINT validation_ahead_pkey PRIMARY KEY (utility_id, transaction_id, change_id);

ALTER TABLE ONLY public.validation_state
    ADD CONSTRAINT validation_state_pkey PRIMARY KEY (utility_id);

ALTER TABLE ONLY public.volume_factor
    ADD CONSTRAINT volume_factor_pkey PRIMARY KEY (utility_id, supply_point_id, from_on);

ALTER TABLE ONLY public.withdrawn_meter
    ADD CONSTRAINT withdrawn_meter_pkey PRIMARY KEY (utility_id, meter_id);

ALTER TABLE ONLY public.withdrawn_meter
    ADD CONSTRAINT withdrawn_meter_utility_id_serial_key UNIQUE (utility_id, serial);

ALTER TABLE ONLY public.write_request
    ADD CONSTRAINT write_request_pkey PRIMARY KEY (utility_id, actor, key);

ALTER TABLE ONLY series.meter_day
    ADD CONSTRAINT meter_day_pkey PRIMARY KEY (utility_id, meter_id, day);

CREATE INDEX audit_closing_file ON public.audit USING btree (utility_id, audit_id) WHERE (act = ANY (ARRAY['closing.export-begun'::text, 'closing.exported'::text, 'closing.export-broken-off'::text]));

CREATE INDEX closing_issue_closing ON public.closing_issue USING btree (utility_id, closing_day, issue_id);

CREATE INDEX closing_issue_open ON public.closing_issue USING btree (utility_id, issue_id) WHERE (state = ANY (ARRAY['waiting'::text, 'making'::text]));

CREATE UNIQUE INDEX closing_layout_name ON public.closing_layout USING btree (utility_id, name) WHERE (removed_at IS NULL);

CREATE INDEX closing_run_closing ON public.closing_run USING btree (utility_id, closes_on, closing_day);

CREATE UNIQUE INDEX closing_run_issued ON public.closing_run USING btree (utility_id, closing_day, closes_on, customer_number) NULLS NOT DISTINCT WHERE (state = 'issued'::text);

CREATE INDEX closing_run_row_occupancy ON public.closing_run_row USING btree (utility_id, occupancy_id, closes_on DESC, run_id DESC);

CREATE INDEX frame_quarantine_frame ON public.frame_quarantine USING btree (terminal_number, sha256(bytes));

CREATE INDEX frame_quarantine_latest ON public.frame_quarantine USING btree (utility_id, terminal_number, received_at);

CREATE INDEX frame_quarantine_reported ON public.frame_quarantine USING btree (utility_id, meter_serial, received_at) WHERE ((reason = 'unknown_meter'::text) AND (meter_serial IS NOT NULL));

CREATE INDEX frame_quarantine_terminal ON public.frame_quarantine USING btree (utility_id, terminal_number, quarantine_id);

CREATE INDEX frame_quarantine_unknown_meter ON public.frame_quarantine USING btree (utility_id, received_at) WHERE (reason = 'unknown_meter'::text);

CREATE INDEX frame_quarantine_utility ON public.frame_quarantine USING btree (utility_id, received_at);

CREATE INDEX mail_latest ON public.mail USING btree (utility_id, state, mail_id DESC);

CREATE INDEX mail_unsent ON public.mail USING btree (state, kind, entered_at) WHERE (state = ANY (ARRAY['waiting'::text, 'failed'::text]));

CREATE INDEX meter_exchange_removed ON public.meter_exchange USING btree (utility_id, removed_meter_id, removed_fitted_at);

CREATE INDEX meter_fitting_supply_point ON public.meter_fitting USING btree (utility_id, supply_point_id);

CREATE INDEX place_circumstance_place ON public.place_circumstance USING btree (utility_id, supply_point_id, from_on);

CREATE INDEX reading_edit_day ON public.reading_edit USING btree (utility_id, meter_id, day);

CREATE INDEX reading_edit_proposed ON public.reading_edit USING btree (utility_id, made_at) WHERE (state = 'proposed'::text);

CREATE INDEX reading_mark_open ON public.reading_mark USING btree (utility_id, litres DESC, meter_id, rule, from_on) WHERE (stands AND (seen_at IS NULL));

CREATE INDEX reading_request_open ON public.reading_request USING btree (utility_id, terminal_id, day) WHERE ((answered_at IS NULL) AND (given_up_at IS NULL));

CREATE INDEX reading_verdict_open ON public.reading_verdict USING btree (utility_id, meter_id, day) WHERE ((cardinality(hours) + cardinality(step_hours)) > 0);

CREATE UNIQUE INDEX ready_mail_closing ON public.ready_mail USING btree (utility_id, account_id, closing_day, closes_on) WHERE (NOT each_month);

CREATE UNIQUE INDEX ready_mail_each_month ON public.ready_mail USING btree (utility_id, account_id, closing_day) WHERE each_month;

CREATE INDEX ready_mail_next ON public.ready_mail USING btree (utility_id, closing_day, closes_on);

CREATE INDEX register_change_supply_point ON public.register_change USING btree (utility_id, supply_point_id, change_id);

CREATE INDEX run_change_noted ON public.run_change USING btree (utility_id, noted_at);

CREATE INDEX session_account ON public.session USING btree (utility_id, account_id) WHERE (revoked_at IS NULL);

CREATE INDEX sign_in_try_age ON public.sign_in_try USING btree (utility_id, tried_at);

CREATE INDEX supply_point_area ON public.supply_point USING btree (utility_id, area_id);

CREATE UNIQUE INDEX terminal_number ON public.terminal USING btree (number);

CREATE INDEX terminal_retired ON public.terminal USING btree (retired_at) WHERE (retired_at IS NOT NULL);

CREATE INDEX terminal_test_unsent ON public.terminal_test USING btree (expires_at) WHERE ((acknowledged_at IS NULL) AND (answered_at IS NULL));

CREATE UNIQUE INDEX usage_decision_certified ON public.usage_decision USING btree (utility_id, occupancy_id, on_day) WHERE ((kind = 'certified'::text) AND (withdrawn_at IS NULL));

CREATE INDEX usage_decision_occupancy ON public.usage_decision USING btree (utility_id, occupancy_id, on_day);

CREATE INDEX write_request_age ON public.write_request USING btree (utility_id, made_at);

CREATE INDEX meter_day_closing ON series.meter_day USING btree (day, utility_id) INCLUDE (meter_id, closing_hour, closing_index_l);

CREATE TRIGGER call_former_owner AFTER UPDATE ON public.terminal_owner FOR EACH ROW WHEN ((old.process_id IS DISTINCT FROM new.process_id)) EXECUTE FUNCTION public.call_former_owner();

CREATE TRIGGER chain BEFORE INSERT ON public.audit FOR EACH ROW EXECUTE FUNCTION public.chain_audit();

CREATE CONSTRAINT TRIGGER enter_counter AFTER INSERT ON public.taken_frame DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.enter_taken_counter();

CREATE TRIGGER forget AFTER INSERT ON public.write_request FOR EACH ROW EXECUTE FUNCTION public.forget_write_requests();

CREATE TRIGGER keep_closing_run BEFORE UPDATE ON public.closing_run FOR EACH ROW EXECUTE FUNCTION public.keep_closing_run();

CREATE TRIGGER keep_reading_edit BEFORE DELETE OR UPDATE ON public.reading_edit FOR EACH ROW EXECUTE FUNCTION public.keep_reading_edit();

CREATE TRIGGER note_change AFTER UPDATE ON public.area FOR EACH ROW WHEN (((old.pressure_min_pa IS DISTINCT FROM new.pressure_min_pa) OR (old.pressure_max_pa IS DISTINCT FROM new.pressure_max_pa))) EXECUTE FUNCTION public.note_area_limits();

CREATE TRIGGER note_change AFTER INSERT OR DELETE OR UPDATE ON public.meter_fitting FOR EACH ROW EXECUTE FUNCTION public.note_meter_fitting();

CREATE TRIGGER note_change AFTER UPDATE ON public.supply_point FOR EACH ROW WHEN ((((old.area_id IS DISTINCT FROM new.area_id) OR (old.opened_on IS DISTINCT FROM new.opened_on)) OR (old.closed_on IS DISTINCT FROM new.closed_on))) EXECUTE FUNCTION public.note_supply_point();

CREATE TRIGGER note_change AFTER INSERT OR DELETE OR UPDATE ON public.terminal_fitting FOR EACH ROW EXECUTE FUNCTION public.note_terminal_fitting();

CREATE TRIGGER note_clock_doubt AFTER UPDATE OF clock_offset_s ON public.terminal_state FOR EACH ROW WHEN ((((new.clock_offset_s < '-1799'::integer) OR (new.clock_offset_s > 1799)) AND (new.clock_offset_s IS DISTINCT FROM old.clock_offset_s) AND (new.last_seen_at IS NOT NULL))) EXECUTE FUNCTION public.note_clock_doubt();

CREATE TRIGGER note_new_area AFTER INSERT ON public.area FOR EACH ROW EXECUTE FUNCTION public.note_area_limits();

CREATE TRIGGER note_run_change AFTER INSERT ON public.day_change FOR EACH ROW WHEN ((new.what <> ALL (ARRAY['on-time'::text, 'limits'::text]))) EXECUTE FUNCTION public.note_run_change();

CREATE TRIGGER note_run_register AFTER INSERT OR UPDATE ON public.register_change FOR EACH ROW EXECUTE FUNCTION public.note_run_register();

CREATE TRIGGER note_run_seen AFTER INSERT ON public.closing_run FOR EACH ROW EXECUTE FUNCTION public.note_run_seen();

CREATE TRIGGER note_run_verdict AFTER INSERT ON public.reading_verdict FOR EACH ROW WHEN (((cardinality(new.hours) + cardinality(new.step_hours)) > 0)) EXECUTE FUNCTION public.note_run_verdict();

CREATE TRIGGER note_run_verdict_changed AFTER UPDATE ON public.reading_verdict FOR EACH ROW WHEN ((((((old.hours IS DISTINCT FROM new.hours) OR (old.index_l IS DISTINCT FROM new.index_l)) OR (old.rules IS DISTINCT FROM new.rules)) OR (old.step_hours IS DISTINCT FROM new.step_hours)) OR (old.step_rules IS DISTINCT FROM new.step_rules))) EXECUTE FUNCTION public.note_run_verdict();

CREATE CONSTRAINT TRIGGER record_issued_run AFTER UPDATE ON public.closing_run DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.state = 'checked'::text) AND (new.state = 'issued'::text))) EXECUTE FUNCTION public.record_issued_run();

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON public.closing_layout_version FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_closing_change();

CREATE TRIGGER refuse_change BEFORE DELETE ON public.closing_run FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_closing_change();

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON public.closing_run_figure FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_closing_change();

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON public.closing_run_file FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_closing_change();

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON public.closing_run_row FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_closing_change();

CREATE TRIGGER take_withdrawn_number BEFORE INSERT ON public.meter FOR EACH ROW EXECUTE FUNCTION public.take_withdrawn_number();

CREATE TRIGGER keep_revision BEFORE UPDATE ON series.meter_day FOR EACH ROW WHEN (((((((((old.utility_id IS DISTINCT FROM new.utility_id) OR (old.meter_id IS DISTINCT FROM new.meter_id)) OR (old.day IS DISTINCT FROM new.day)) OR (old.index_l IS DISTINCT FROM new.index_l)) OR (old.pressure_pa IS DISTINCT FROM new.pressure_pa)) OR (old.closing_index_l IS DISTINCT FROM new.closing_index_l)) OR (old.closing_hour IS DISTINCT FROM new.closing_hour)) OR (old.revision IS DISTINCT FROM new.revision))) EXECUTE FUNCTION public.keep_revision();

CREATE TRIGGER ts_insert_blocker BEFORE INSERT ON series.meter_day FOR EACH ROW EXECUTE FUNCTION _timescaledb_functions.insert_blocker();

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.api_key_use
    ADD CONSTRAINT api_key_use_utility_id_api_key_id_fkey FOREIGN KEY (utility_id, api_key_id) REFERENCES public.api_key(utility_id, api_key_id);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.area_day_due
    ADD CONSTRAINT area_day_due_utility_id_area_id_fkey FOREIGN KEY (utility_id, area_id) REFERENCES public.area(utility_id, area_id);

ALTER TABLE ONLY public.area_day_hours
    ADD CONSTRAINT area_day_hours_utility_id_area_id_day_fkey FOREIGN KEY (utility_id, area_id, day) REFERENCES public.area_day(utility_id, area_id, day);

ALTER TABLE ONLY public.area_day
    ADD CONSTRAINT area_day_utility_id_area_id_fkey FOREIGN KEY (utility_id, area_id) REFERENCES public.area(utility_id, area_id);

ALTER TABLE ONLY public.area
    ADD CONSTRAINT area_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.area
    ADD CONSTRAINT area_utility_id_parent_area_id_fkey FOREIGN KEY (utility_id, parent_area_id) REFERENCES public.area(utility_id, area_id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.change_position
    ADD CONSTRAINT change_position_reader_fkey FOREIGN KEY (reader) REFERENCES public.change_reader(reader);

ALTER TABLE ONLY public.change_position
    ADD CONSTRAINT change_position_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.closing_issue
    ADD CONSTRAINT closing_issue_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.closing_issue
    ADD CONSTRAINT closing_issue_utility_id_layout_id_fkey FOREIGN KEY (utility_id, layout_id) REFERENCES public.closing_layout(utility_id, layout_id);

ALTER TABLE ONLY public.closing_layout
    ADD CONSTRAINT closing_layout_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.closing_layout_version
    ADD CONSTRAINT closing_layout_version_utility_id_layout_id_fkey FOREIGN KEY (utility_id, layout_id) REFERENCES public.closing_layout(utility_id, layout_id);

ALTER TABLE ONLY public.closing_run_file
    ADD CONSTRAINT closing_run_file_utility_id_layout_id_layout_version_fkey FOREIGN KEY (utility_id, layout_id, layout_version) REFERENCES public.closing_layout_version(utility_id, layout_id, version);

ALTER TABLE ONLY public.closing_run_file
    ADD CONSTRAINT closing_run_file_utility_id_run_id_fkey FOREIGN KEY (utility_id, run_id) REFERENCES public.closing_run(utility_id, run_id);

ALTER TABLE ONLY public.closing_run_seen
    ADD CONSTRAINT closing_run_seen_utility_id_run_id_fkey FOREIGN KEY (utility_id, run_id) REFERENCES public.closing_run(utility_id, run_id);

ALTER TABLE ONLY public.closing_run
    ADD CONSTRAINT closing_run_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.closing_run
    ADD CONSTRAINT closing_run_utility_id_supersedes_fkey FOREIGN KEY (utility_id, supersedes) REFERENCES public.closing_run(utility_id, run_id);

ALTER TABLE ONLY public.consumer_access
    ADD CONSTRAINT consumer_access_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.consumer_access
    ADD CONSTRAINT consumer_access_utility_id_occupancy_id_fkey FOREIGN KEY (utility_id, occupancy_id) REFERENCES public.occupancy(utility_id, occupancy_id);

ALTER TABLE ONLY public.edited_day
    ADD CONSTRAINT edited_day_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.estimation_setting
    ADD CONSTRAINT estimation_setting_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.former_closing_day
    ADD CONSTRAINT former_closing_day_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.former_closing_day
    ADD CONSTRAINT former_closing_day_utility_id_supply_point_id_fkey FOREIGN KEY (utility_id, supply_point_id) REFERENCES public.supply_point(utility_id, supply_point_id);

ALTER TABLE ONLY public.frame_quarantine
    ADD CONSTRAINT frame_quarantine_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.known_device
    ADD CONSTRAINT known_device_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.mail
    ADD CONSTRAINT mail_account FOREIGN KEY (utility_id, account_id) REFERENCES public.account(utility_id, account_id);

ALTER TABLE ONLY public.mail
    ADD CONSTRAINT mail_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.meter_exchange
    ADD CONSTRAINT meter_exchange_utility_id_fitted_meter_id_exchanged_at_fkey FOREIGN KEY (utility_id, fitted_meter_id, exchanged_at) REFERENCES public.meter_fitting(utility_id, meter_id, fitted_at);

ALTER TABLE ONLY public.meter_exchange
    ADD CONSTRAINT meter_exchange_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.meter_exchange
    ADD CONSTRAINT meter_exchange_utility_id_removed_meter_id_removed_fitted__fkey FOREIGN KEY (utility_id, removed_meter_id, removed_fitted_at) REFERENCES public.meter_fitting(utility_id, meter_id, fitted_at);

ALTER TABLE ONLY public.meter_exchange
    ADD CONSTRAINT meter_exchange_utility_id_supply_point_id_fkey FOREIGN KEY (utility_id, supply_point_id) REFERENCES public.supply_point(utility_id, supply_point_id);

ALTER TABLE ONLY public.meter_fitting
    ADD CONSTRAINT meter_fitting_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.meter_fitting
    ADD CONSTRAINT meter_fitting_utility_id_meter_id_fkey FOREIGN KEY (utility_id, meter_id) REFERENCES public.meter(utility_id, meter_id);

ALTER TABLE ONLY public.meter_fitting
    ADD CONSTRAINT meter_fitting_utility_id_supply_point_id_fkey FOREIGN KEY (utility_id, supply_point_id) REFERENCES public.supply_point(utility_id, supply_point_id);

ALTER TABLE ONLY public.meter
    ADD CONSTRAINT meter_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.occupancy
    ADD CONSTRAINT occupancy_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.occupancy
    ADD CONSTRAINT occupancy_utility_id_supply_point_id_fkey FOREIGN KEY (utility_id, supply_point_id) REFERENCES public.supply_point(utility_id, supply_point_id);

ALTER TABLE ONLY public.place_circumstance
    ADD CONSTRAINT place_circumstance_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.place_circumstance
    ADD CONSTRAINT place_circumstance_utility_id_supply_point_id_fkey FOREIGN KEY (utility_id, supply_point_id) REFERENCES public.supply_point(utility_id, supply_point_id);

ALTER TABLE ONLY public.poll_plan
    ADD CONSTRAINT poll_plan_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.reading_edit
    ADD CONSTRAINT reading_edit_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.reading_edit
    ADD CONSTRAINT reading_edit_utility_id_superseded_by_fkey FOREIGN KEY (utility_id, superseded_by) REFERENCES public.reading_edit(utility_id, edit_id);

ALTER TABLE ONLY public.reading_fault
    ADD CONSTRAINT reading_fault_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.reading_fault
    ADD CONSTRAINT reading_fault_utility_id_meter_id_fkey FOREIGN KEY (utility_id, meter_id) REFERENCES public.meter(utility_id, meter_id);

ALTER TABLE ONLY public.reading_fault
    ADD CONSTRAINT reading_fault_utility_id_terminal_id_fkey FOREIGN KEY (utility_id, terminal_id) REFERENCES public.terminal(utility_id, terminal_id);

ALTER TABLE ONLY public.reading_mark
    ADD CONSTRAINT reading_mark_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.reading_mark
    ADD CONSTRAINT reading_mark_utility_id_meter_id_fkey FOREIGN KEY (utility_id, meter_id) REFERENCES public.meter(utility_id, meter_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.reading_request
    ADD CONSTRAINT reading_request_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.reading_request
    ADD CONSTRAINT reading_request_utility_id_meter_id_fkey FOREIGN KEY (utility_id, meter_id) REFERENCES public.meter(utility_id, meter_id);

ALTER TABLE ONLY public.reading_request
    ADD CONSTRAINT reading_request_utility_id_terminal_id_fkey FOREIGN KEY (utility_id, terminal_id) REFERENCES public.terminal(utility_id, terminal_id);

ALTER TABLE ONLY public.reading_verdict
    ADD CONSTRAINT reading_verdict_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.reading_verdict
    ADD CONSTRAINT reading_verdict_utility_id_meter_id_fkey FOREIGN KEY (utility_id, meter_id) REFERENCES public.meter(utility_id, meter_id);

ALTER TABLE ONLY public.ready_mail
    ADD CONSTRAINT ready_mail_utility_id_account_id_fkey FOREIGN KEY (utility_id, account_id) REFERENCES public.account(utility_id, account_id);

ALTER TABLE ONLY public.ready_mail
    ADD CONSTRAINT ready_mail_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.register_change
    ADD CONSTRAINT register_change_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.register_change
    ADD CONSTRAINT register_change_utility_id_supply_point_id_fkey FOREIGN KEY (utility_id, supply_point_id) REFERENCES public.supply_point(utility_id, supply_point_id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_utility_id_account_id_fkey FOREIGN KEY (utility_id, account_id) REFERENCES public.account(utility_id, account_id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_utility_id_occupancy_id_fkey FOREIGN KEY (utility_id, occupancy_id) REFERENCES public.occupancy(utility_id, occupancy_id);

ALTER TABLE ONLY public.sign_in_try
    ADD CONSTRAINT sign_in_try_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.supply_point
    ADD CONSTRAINT supply_point_utility_id_area_id_fkey FOREIGN KEY (utility_id, area_id) REFERENCES public.area(utility_id, area_id);

ALTER TABLE ONLY public.supply_point
    ADD CONSTRAINT supply_point_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.supply_point
    ADD CONSTRAINT supply_point_utility_id_tariff_id_fkey FOREIGN KEY (utility_id, tariff_id) REFERENCES public.tariff(utility_id, tariff_id);

ALTER TABLE ONLY public.taken_frame
    ADD CONSTRAINT taken_frame_utility_id_terminal_id_fkey FOREIGN KEY (utility_id, terminal_id) REFERENCES public.terminal(utility_id, terminal_id);

ALTER TABLE ONLY public.tariff
    ADD CONSTRAINT tariff_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.terminal_clock_doubt
    ADD CONSTRAINT terminal_clock_doubt_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.terminal_clock_doubt
    ADD CONSTRAINT terminal_clock_doubt_utility_id_terminal_id_fkey FOREIGN KEY (utility_id, terminal_id) REFERENCES public.terminal(utility_id, terminal_id);

ALTER TABLE ONLY public.terminal_fitting
    ADD CONSTRAINT terminal_fitting_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.terminal_fitting
    ADD CONSTRAINT terminal_fitting_utility_id_supply_point_id_fkey FOREIGN KEY (utility_id, supply_point_id) REFERENCES public.supply_point(utility_id, supply_point_id);

ALTER TABLE ONLY public.terminal_fitting
    ADD CONSTRAINT terminal_fitting_utility_id_terminal_id_fkey FOREIGN KEY (utility_id, terminal_id) REFERENCES public.terminal(utility_id, terminal_id);

ALTER TABLE ONLY public.terminal_key
    ADD CONSTRAINT terminal_key_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.terminal_key
    ADD CONSTRAINT terminal_key_utility_id_terminal_id_fkey FOREIGN KEY (utility_id, terminal_id) REFERENCES public.terminal(utility_id, terminal_id);

ALTER TABLE ONLY public.terminal_owner
    ADD CONSTRAINT terminal_owner_utility_id_terminal_id_fkey FOREIGN KEY (utility_id, terminal_id) REFERENCES public.terminal(utility_id, terminal_id);

ALTER TABLE ONLY public.terminal_setting
    ADD CONSTRAINT terminal_setting_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.terminal_setting
    ADD CONSTRAINT terminal_setting_utility_id_terminal_id_fkey FOREIGN KEY (utility_id, terminal_id) REFERENCES public.terminal(utility_id, terminal_id);

ALTER TABLE ONLY public.terminal_state
    ADD CONSTRAINT terminal_state_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.terminal_state
    ADD CONSTRAINT terminal_state_utility_id_terminal_id_fkey FOREIGN KEY (utility_id, terminal_id) REFERENCES public.terminal(utility_id, terminal_id);

ALTER TABLE ONLY public.terminal_test
    ADD CONSTRAINT terminal_test_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.terminal_test
    ADD CONSTRAINT terminal_test_utility_id_terminal_id_fkey FOREIGN KEY (utility_id, terminal_id) REFERENCES public.terminal(utility_id, terminal_id);

ALTER TABLE ONLY public.terminal
    ADD CONSTRAINT terminal_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.usage_decision
    ADD CONSTRAINT usage_decision_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.usage_decision
    ADD CONSTRAINT usage_decision_utility_id_supersedes_fkey FOREIGN KEY (utility_id, supersedes) REFERENCES public.usage_decision(utility_id, decision_id);

ALTER TABLE ONLY public.validation_ahead
    ADD CONSTRAINT validation_ahead_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.validation_state
    ADD CONSTRAINT validation_state_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.volume_factor
    ADD CONSTRAINT volume_factor_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.volume_factor
    ADD CONSTRAINT volume_factor_utility_id_supply_point_id_fkey FOREIGN KEY (utility_id, supply_point_id) REFERENCES public.supply_point(utility_id, supply_point_id);

ALTER TABLE ONLY public.withdrawn_meter
    ADD CONSTRAINT withdrawn_meter_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE ONLY public.write_request
    ADD CONSTRAINT write_request_utility_id_fkey FOREIGN KEY (utility_id) REFERENCES public.utility(utility_id);

ALTER TABLE public.account ENABLE ROW LEVEL SECURITY;

CREATE POLICY any_draft ON public.closing_run_figure AS RESTRICTIVE FOR INSERT TO kenshin_app WITH CHECK ((run_id = ANY (( SELECT array_agg(n.run_id) AS array_agg
   FROM public.closing_run n
  WHERE (n.state = 'draft'::text))::integer[])));

CREATE POLICY any_draft ON public.closing_run_row AS RESTRICTIVE FOR INSERT TO kenshin_app WITH CHECK ((run_id = ANY (( SELECT array_agg(n.run_id) AS array_agg
   FROM public.closing_run n
  WHERE (n.state = 'draft'::text))::integer[])));

ALTER TABLE public.api_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_key_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.area ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.area_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.area_day_due ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.area_day_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit ENABLE ROW LEVEL SECURITY;

CREATE POLICY being_made ON public.closing_issue AS RESTRICTIVE FOR UPDATE TO kenshin_worker USING ((state = 'making'::text)) WITH CHECK ((state = 'making'::text));

ALTER TABLE public.change_position ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.closing_issue ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.closing_layout ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.closing_layout_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.closing_run ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.closing_run_figure ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.closing_run_file ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.closing_run_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.closing_run_seen ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consumer_access ENABLE ROW LEVEL SECURITY;

CREATE POLICY counted ON public.mail FOR SELECT TO kenshin_jobs USING (true);

ALTER TABLE public.day_change ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.edited_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.estimation_setting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.former_closing_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.frame_quarantine ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.known_device ENABLE ROW LEVEL SECURITY;

CREATE POLICY lookup ON public.account FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.api_key FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.api_key_use FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.area FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.change_position FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.closing_issue FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.consumer_access FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.day_change FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.frame_quarantine TO kenshin_lookup USING (true) WITH CHECK (true);

CREATE POLICY lookup ON public.mail FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.meter FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.meter_fitting FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.occupancy FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.ready_mail FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.session FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.supply_point FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.tariff FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.terminal FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.terminal_fitting FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.terminal_key FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.terminal_state FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.terminal_test FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.utility FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.validation_ahead FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup ON public.validation_state FOR SELECT TO kenshin_lookup USING (true);

CREATE POLICY lookup_seen ON public.terminal_state FOR UPDATE TO kenshin_lookup USING (true) WITH CHECK (true);

ALTER TABLE public.mail ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.meter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.meter_day_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.meter_exchange ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.meter_fitting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.occupancy ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_answer ON public.write_request AS RESTRICTIVE FOR UPDATE TO kenshin_web USING ((actor = ( SELECT public.sealed_actor() AS sealed_actor))) WITH CHECK ((actor = ( SELECT public.sealed_actor() AS sealed_actor)));

CREATE POLICY own_draft ON public.closing_run_figure AS RESTRICTIVE FOR INSERT TO kenshin_web, kenshin_worker WITH CHECK ((run_id = ANY (( SELECT array_agg(n.run_id) AS array_agg
   FROM public.closing_run n
  WHERE ((n.state = 'draft'::text) AND (n.made_by = ( SELECT public.sealed_actor() AS sealed_actor))))::integer[])));

CREATE POLICY own_draft ON public.closing_run_row AS RESTRICTIVE FOR INSERT TO kenshin_web, kenshin_worker WITH CHECK ((run_id = ANY (( SELECT array_agg(n.run_id) AS array_agg
   FROM public.closing_run n
  WHERE ((n.state = 'draft'::text) AND (n.made_by = ( SELECT public.sealed_actor() AS sealed_actor))))::integer[])));

CREATE POLICY own_file ON public.closing_run_file AS RESTRICTIVE FOR INSERT TO kenshin_web WITH CHECK ((made_by = ( SELECT public.sealed_actor() AS sealed_actor)));

CREATE POLICY own_person ON public.audit AS RESTRICTIVE FOR INSERT TO kenshin_web WITH CHECK ((actor = ( SELECT public.sealed_actor() AS sealed_actor)));

CREATE POLICY own_person ON public.write_request AS RESTRICTIVE FOR INSERT TO kenshin_web WITH CHECK ((actor = ( SELECT public.sealed_actor() AS sealed_actor)));

ALTER TABLE public.place_circumstance ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.poll_plan ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reading_edit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reading_fault ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reading_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reading_request ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reading_verdict ENABLE ROW LEVEL SECURITY;

CREATE POLICY ready_mail ON public.mail AS RESTRICTIVE FOR INSERT TO kenshin_worker WITH CHECK (((kind = 'closing-ready'::text) AND (entered_by = 'system:readiness'::text)));

ALTER TABLE public.ready_mail ENABLE ROW LEVEL SECURITY;

CREATE POLICY register ON public.account TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.api_key FOR SELECT TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.area FOR SELECT TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.audit TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.closing_issue TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.closing_layout TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.closing_layout_version TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.closing_run TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.closing_run_figure TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.closing_run_file TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.closing_run_row TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.closing_run_seen FOR SELECT TO kenshin_register USING (true);

CREATE POLICY register ON public.consumer_access FOR SELECT TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.day_change FOR INSERT TO kenshin_register WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.edited_day TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.estimation_setting TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.former_closing_day TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.mail FOR SELECT TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.meter TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.meter_exchange TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.meter_fitting TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.occupancy TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.place_circumstance TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.reading_edit TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.reading_fault TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.reading_mark TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.reading_request TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.ready_mail TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.register_change TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.run_change FOR SELECT TO kenshin_register USING (true);

CREATE POLICY register ON public.supply_point TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.tariff FOR SELECT TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.terminal FOR SELECT TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.terminal_fitting TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.usage_decision TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.utility TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.volume_factor TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.withdrawn_meter TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY register ON public.write_request TO kenshin_register USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

ALTER TABLE public.register_change ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run_change ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.session ENABLE ROW LEVEL SECURITY;

CREATE POLICY sign_in ON public.audit FOR INSERT TO kenshin_lookup WITH CHECK ((act = ANY (ARRAY['session.started'::text, 'session.refused'::text, 'session.ended'::text, 'session.all-ended'::text])));

CREATE POLICY sign_in ON public.known_device TO kenshin_lookup USING (true) WITH CHECK (true);

CREATE POLICY sign_in ON public.session FOR INSERT TO kenshin_lookup WITH CHECK (true);

CREATE POLICY sign_in ON public.sign_in_try TO kenshin_lookup USING (true) WITH CHECK (true);

CREATE POLICY sign_in_head ON public.audit FOR SELECT TO kenshin_lookup USING (true);

ALTER TABLE public.sign_in_try ENABLE ROW LEVEL SECURITY;

CREATE POLICY sign_out ON public.session FOR UPDATE TO kenshin_lookup USING (true);

CREATE POLICY store ON public.audit TO kenshin_store USING (true) WITH CHECK (true);

CREATE POLICY store ON public.closing_run_seen TO kenshin_store USING (true) WITH CHECK (true);

CREATE POLICY store ON public.day_change TO kenshin_store USING (true) WITH CHECK (true);

CREATE POLICY store ON public.edited_day FOR SELECT TO kenshin_store USING (true);

CREATE POLICY store ON public.meter_day_revision TO kenshin_store USING (true) WITH CHECK (true);

CREATE POLICY store ON public.meter_fitting FOR SELECT TO kenshin_store USING (true);

CREATE POLICY store ON public.reading_fault TO kenshin_store USING (true) WITH CHECK (true);

CREATE POLICY store ON public.reading_verdict FOR SELECT TO kenshin_store USING (true);

CREATE POLICY store ON public.run_change TO kenshin_store USING (true) WITH CHECK (true);

CREATE POLICY store ON public.supply_point FOR SELECT TO kenshin_store USING (true);

CREATE POLICY store ON public.taken_frame TO kenshin_store USING (true) WITH CHECK (true);

CREATE POLICY store ON public.terminal_clock_doubt TO kenshin_store USING (true) WITH CHECK (true);

CREATE POLICY store ON public.terminal_owner TO kenshin_store USING (true) WITH CHECK (true);

CREATE POLICY store ON public.terminal_state TO kenshin_store USING (true) WITH CHECK (true);

ALTER TABLE public.supply_point ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.taken_frame ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tariff ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON public.account TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.api_key TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.api_key_use TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.area TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.area_day TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.area_day_due TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.area_day_hours TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.audit TO kenshin_app, kenshin_web USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.change_position TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.closing_issue TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.closing_layout TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.closing_layout_version TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.closing_run TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.closing_run_figure TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.closing_run_file TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.closing_run_row TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.closing_run_seen TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.consumer_access TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.day_change TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.edited_day TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.estimation_setting TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.former_closing_day TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.frame_quarantine FOR SELECT TO kenshin_app, kenshin_web USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.known_device TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.mail TO kenshin_app, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.meter TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.meter_day_revision TO kenshin_app, kenshin_web, kenshin_ingest, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.meter_exchange TO kenshin_app, kenshin_web USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.meter_fitting TO kenshin_app, kenshin_web, kenshin_ingest, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.occupancy TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.place_circumstance TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.poll_plan TO kenshin_app, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.reading_edit TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.reading_fault TO kenshin_app, kenshin_web, kenshin_ingest, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.reading_mark TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.reading_request TO kenshin_app, kenshin_web, kenshin_ingest, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.reading_verdict TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.ready_mail TO kenshin_app, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.register_change TO kenshin_app, kenshin_web USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.run_change TO kenshin_app, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.session TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.sign_in_try TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.supply_point TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.taken_frame TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.tariff TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.terminal TO kenshin_app, kenshin_web, kenshin_ingest, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.terminal_clock_doubt TO kenshin_app, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.terminal_fitting TO kenshin_app, kenshin_web, kenshin_ingest, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.terminal_key TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.terminal_owner TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.terminal_setting TO kenshin_app, kenshin_ingest USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.terminal_state TO kenshin_app, kenshin_web, kenshin_ingest, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.terminal_test TO kenshin_app, kenshin_ingest USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.usage_decision TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.utility TO kenshin_app, kenshin_web, kenshin_ingest, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.validation_ahead TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.validation_state TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.volume_factor TO kenshin_app, kenshin_web, kenshin_worker USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.withdrawn_meter TO kenshin_app USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

CREATE POLICY tenant ON public.write_request TO kenshin_app, kenshin_web USING ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id))) WITH CHECK ((utility_id = ( SELECT public.current_utility_id() AS current_utility_id)));

ALTER TABLE public.terminal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminal_clock_doubt ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminal_fitting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminal_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminal_owner ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminal_setting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminal_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminal_test ENABLE ROW LEVEL SECURITY;

CREATE POLICY unsent ON public.mail AS RESTRICTIVE FOR UPDATE TO kenshin_worker USING ((state = 'waiting'::text)) WITH CHECK (true);

ALTER TABLE public.usage_decision ENABLE ROW LEVEL SECURITY;

CREATE POLICY used ON public.api_key_use FOR UPDATE TO kenshin_lookup USING (true);

ALTER TABLE public.utility ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.validation_ahead ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.validation_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.volume_factor ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.withdrawn_meter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.write_request ENABLE ROW LEVEL SECURITY;

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO kenshin_web;
GRANT USAGE ON SCHEMA public TO kenshin_ingest;
GRANT USAGE ON SCHEMA public TO kenshin_worker;
GRANT USAGE ON SCHEMA public TO kenshin_app;
GRANT USAGE ON SCHEMA public TO kenshin_lookup;
GRANT USAGE ON SCHEMA public TO kenshin_seal;
GRANT USAGE ON SCHEMA public TO kenshin_store;
GRANT USAGE ON SCHEMA public TO kenshin_jobs;
GRANT USAGE ON SCHEMA public TO kenshin_register;

GRANT USAGE ON SCHEMA series TO kenshin_store;

REVOKE ALL ON TYPE public.day_report_row FROM PUBLIC;
GRANT ALL ON TYPE public.day_report_row TO kenshin_ingest;
GRANT ALL ON TYPE public.day_report_row TO kenshin_store;

REVOKE ALL ON TYPE public.terminal_mark FROM PUBLIC;
GRANT ALL ON TYPE public.terminal_mark TO kenshin_ingest;
GRANT ALL ON TYPE public.terminal_mark TO kenshin_store;

REVOKE ALL ON FUNCTION pg_catalog.lo_creat(integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_create(oid) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_open(oid, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_put(oid, bigint, bytea) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_truncate(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_truncate64(integer, bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_unlink(oid) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lowrite(integer, bytea) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(bigint) TO kenshin_jobs;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(integer, integer) TO kenshin_jobs;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock(bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock(bigint) TO kenshin_lookup;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock(bigint) TO kenshin_store;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock(bigint) TO kenshin_register;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock(integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock(integer, integer) TO kenshin_lookup;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock(integer, integer) TO kenshin_store;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock(integer, integer) TO kenshin_register;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock_shared(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock_shared(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(bigint) TO kenshin_jobs;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(integer, integer) TO kenshin_jobs;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock(bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock(bigint) TO kenshin_store;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock(integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock(integer, integer) TO kenshin_store;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock_shared(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock_shared(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.actor_name_of(doer text) FROM PUBLIC;

GRANT SELECT ON TABLE public.reading_edit TO kenshin_web;
GRANT SELECT ON TABLE public.reading_edit TO kenshin_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reading_edit TO kenshin_register;

GRANT SELECT(utility_id) ON TABLE public.reading_edit TO kenshin_worker;

GRANT SELECT(edit_id) ON TABLE public.reading_edit TO kenshin_worker;

GRANT SELECT(meter_id) ON TABLE public.reading_edit TO kenshin_worker;

GRANT SELECT(day) ON TABLE public.reading_edit TO kenshin_worker;

GRANT SELECT(kind) ON TABLE public.reading_edit TO kenshin_worker;

GRANT SELECT(hours) ON TABLE public.reading_edit TO kenshin_worker;

GRANT SELECT(index_l) ON TABLE public.reading_edit TO kenshin_worker;

GRANT SELECT(received_l) ON TABLE public.reading_edit TO kenshin_worker;

GRANT SELECT(state) ON TABLE public.reading_edit TO kenshin_worker;

REVOKE ALL ON FUNCTION public.announce_edit(edit public.reading_edit, actor text, act text, acknowledged date[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.announce_edit(edit public.reading_edit, actor text, act text, acknowledged date[]) TO kenshin_register;

REVOKE ALL ON FUNCTION public.announce_meter(of_meter integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.ask_closing_issue(closing_day integer, closes_on date[], customer_number text, rounding text, format text, identifiers text, layout_id integer, asked_at timestamp with time zone, actor text, OUT issue_id integer, OUT is_new boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ask_closing_issue(closing_day integer, closes_on date[], customer_number text, rounding text, format text, identifiers text, layout_id integer, asked_at timestamp with time zone, actor text, OUT issue_id integer, OUT is_new boolean) TO kenshin_web;
GRANT ALL ON FUNCTION public.ask_closing_issue(closing_day integer, closes_on date[], customer_number text, rounding text, format text, identifiers text, layout_id integer, asked_at timestamp with time zone, actor text, OUT issue_id integer, OUT is_new boolean) TO kenshin_app;

REVOKE ALL ON FUNCTION public.ask_ready_mail(closing_day integer, closes_on date, each_month boolean, asked_at timestamp with time zone, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ask_ready_mail(closing_day integer, closes_on date, each_month boolean, asked_at timestamp with time zone, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.ask_ready_mail(closing_day integer, closes_on date, each_month boolean, asked_at timestamp with time zone, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.begin_closing_issue(issue_id integer, begun_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.begin_closing_issue(issue_id integer, begun_at timestamp with time zone) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.begin_sign_in(kind text, utility_code text, name text, address text, device text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.begin_sign_in(kind text, utility_code text, name text, address text, device text) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.begin_sign_in(kind text, utility_code text, name text, address text, device text) TO kenshin_web;

REVOKE ALL ON FUNCTION public.call_former_owner() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.call_terminal(for_terminal integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.call_terminal(for_terminal integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.cancel_closing_issue(issue_id integer, cancelled_at timestamp with time zone, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.cancel_closing_issue(issue_id integer, cancelled_at timestamp with time zone, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.cancel_closing_issue(issue_id integer, cancelled_at timestamp with time zone, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.certify_usage(occupancy_id integer, closes_on date, litres integer, reason text, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.certify_usage(occupancy_id integer, closes_on date, litres integer, reason text, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.certify_usage(occupancy_id integer, closes_on date, litres integer, reason text, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.chain_audit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.change_stay(supply_point_id integer, occupancy_id integer, customer_number text, from_on date, to_on date, acknowledged_closings date[], actor text, OUT change_id integer, OUT stay_id integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.change_stay(supply_point_id integer, occupancy_id integer, customer_number text, from_on date, to_on date, acknowledged_closings date[], actor text, OUT change_id integer, OUT stay_id integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.change_stay(supply_point_id integer, occupancy_id integer, customer_number text, from_on date, to_on date, acknowledged_closings date[], actor text, OUT change_id integer, OUT stay_id integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.change_supply_point(supply_point_id integer, kind text, holds_from date, new_closing_day integer, new_tariff_id integer, new_area_id integer, acknowledged_closings date[], actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.change_supply_point(supply_point_id integer, kind text, holds_from date, new_closing_day integer, new_tariff_id integer, new_area_id integer, acknowledged_closings date[], actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.change_supply_point(supply_point_id integer, kind text, holds_from date, new_closing_day integer, new_tariff_id integer, new_area_id integer, acknowledged_closings date[], actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.changes_known(was anyarray, is_now anyarray) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.check_closing_run(run_id integer, counts json, checksum bytea, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.check_closing_run(run_id integer, counts json, checksum bytea, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.check_closing_run(run_id integer, counts json, checksum bytea, actor text) TO kenshin_worker;
GRANT ALL ON FUNCTION public.check_closing_run(run_id integer, counts json, checksum bytea, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.claim_api_key(key text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.claim_api_key(key text) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.claim_api_key(key text) TO kenshin_web;

REVOKE ALL ON FUNCTION public.claim_closing_issue(utility_id integer, issue_id integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.claim_closing_issue(utility_id integer, issue_id integer) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.claim_closing_issue(utility_id integer, issue_id integer) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.claim_session(token text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.claim_session(token text) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.claim_session(token text) TO kenshin_web;

REVOKE ALL ON FUNCTION public.claim_terminals(process uuid, utilities integer[], terminals integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.claim_terminals(process uuid, utilities integer[], terminals integer[]) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.clear_sign_in_tries(utility_id integer, most_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.clear_sign_in_tries(utility_id integer, most_rows integer) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.closing_actor(given text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.closing_actor_name(actor text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.closing_day_on(supply_point_id integer, on_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.closing_day_on(supply_point_id integer, on_day date) TO kenshin_web;
GRANT ALL ON FUNCTION public.closing_day_on(supply_point_id integer, on_day date) TO kenshin_worker;
GRANT ALL ON FUNCTION public.closing_day_on(supply_point_id integer, on_day date) TO kenshin_app;

REVOKE ALL ON FUNCTION public.closing_files(after_act bigint, closed_since date) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.closing_files_of(supply_point_id integer, closed_since timestamp with time zone, after_act bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.closing_files_of(supply_point_id integer, closed_since timestamp with time zone, after_act bigint) TO kenshin_web;
GRANT ALL ON FUNCTION public.closing_files_of(supply_point_id integer, closed_since timestamp with time zone, after_act bigint) TO kenshin_app;

REVOKE ALL ON FUNCTION public.closing_files_over(supply_point_id integer, closed_since date, after_act bigint, other_day integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.closing_files_over(supply_point_id integer, closed_since date, after_act bigint, other_day integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.closing_files_over(supply_point_id integer, closed_since date, after_act bigint, other_day integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.closings_concerned(since timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.correct_meter(supply_point_id integer, meter_id integer, new_size numeric, new_dial_l integer, acknowledged_closings date[], actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.correct_meter(supply_point_id integer, meter_id integer, new_size numeric, new_dial_l integer, acknowledged_closings date[], actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.correct_meter(supply_point_id integer, meter_id integer, new_size numeric, new_dial_l integer, acknowledged_closings date[], actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.correct_usage(occupancy_id integer, bills_on date, closings integer, percent numeric, direction text, reason text, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.correct_usage(occupancy_id integer, bills_on date, closings integer, percent numeric, direction text, reason text, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.correct_usage(occupancy_id integer, bills_on date, closings integer, percent numeric, direction text, reason text, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.count_mail_workers() FROM PUBLIC;
GRANT ALL ON FUNCTION public.count_mail_workers() TO kenshin_app;

REVOKE ALL ON FUNCTION public.count_refusal(utility_id integer, kind text, typed_hash bytea, device_hash bytea, address_hash bytea, OUT failed_count integer, OUT locked_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.count_refusal(utility_id integer, kind text, typed_hash bytea, device_hash bytea, address_hash bytea, OUT failed_count integer, OUT locked_until timestamp with time zone) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.count_unsent_mails() FROM PUBLIC;
GRANT ALL ON FUNCTION public.count_unsent_mails() TO kenshin_worker;

REVOKE ALL ON FUNCTION public.count_workers() FROM PUBLIC;
GRANT ALL ON FUNCTION public.count_workers() TO kenshin_web;
GRANT ALL ON FUNCTION public.count_workers() TO kenshin_app;

REVOKE ALL ON FUNCTION public.count_wrong_try(utility_id integer, kind text, typed_hash bytea, source_hash bytea, free_tries integer, first_s integer, longest_s integer, forget_s integer, OUT failed_count integer, OUT locked_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.count_wrong_try(utility_id integer, kind text, typed_hash bytea, source_hash bytea, free_tries integer, first_s integer, longest_s integer, forget_s integer, OUT failed_count integer, OUT locked_until timestamp with time zone) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.counted_register(meter_id integer, day date, hour_ending integer, edit_day date, edit_hours smallint[], edit_l integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.counted_register(meter_id integer, day date, hour_ending integer, edit_day date, edit_hours smallint[], edit_l integer[]) TO kenshin_web;
GRANT ALL ON FUNCTION public.counted_register(meter_id integer, day date, hour_ending integer, edit_day date, edit_hours smallint[], edit_l integer[]) TO kenshin_app;
GRANT ALL ON FUNCTION public.counted_register(meter_id integer, day date, hour_ending integer, edit_day date, edit_hours smallint[], edit_l integer[]) TO kenshin_register;

REVOKE ALL ON FUNCTION public.current_utility_id() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_utility_id() TO kenshin_web;
GRANT ALL ON FUNCTION public.current_utility_id() TO kenshin_ingest;
GRANT ALL ON FUNCTION public.current_utility_id() TO kenshin_worker;
GRANT ALL ON FUNCTION public.current_utility_id() TO kenshin_app;
GRANT ALL ON FUNCTION public.current_utility_id() TO kenshin_lookup;
GRANT ALL ON FUNCTION public.current_utility_id() TO kenshin_store;
GRANT ALL ON FUNCTION public.current_utility_id() TO kenshin_jobs;
GRANT ALL ON FUNCTION public.current_utility_id() TO kenshin_register;

REVOKE ALL ON FUNCTION public.day_is_received(meter_id integer, day date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.day_is_received(meter_id integer, day date) TO kenshin_web;
GRANT ALL ON FUNCTION public.day_is_received(meter_id integer, day date) TO kenshin_worker;
GRANT ALL ON FUNCTION public.day_is_received(meter_id integer, day date) TO kenshin_app;
GRANT ALL ON FUNCTION public.day_is_received(meter_id integer, day date) TO kenshin_register;

REVOKE ALL ON FUNCTION public.day_registers(meter_id integer, first_day date, last_day date, edit_day date, edit_hours smallint[], edit_l integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.day_registers(meter_id integer, first_day date, last_day date, edit_day date, edit_hours smallint[], edit_l integer[]) TO kenshin_web;
GRANT ALL ON FUNCTION public.day_registers(meter_id integer, first_day date, last_day date, edit_day date, edit_hours smallint[], edit_l integer[]) TO kenshin_app;
GRANT ALL ON FUNCTION public.day_registers(meter_id integer, first_day date, last_day date, edit_day date, edit_hours smallint[], edit_l integer[]) TO kenshin_register;

REVOKE ALL ON FUNCTION public.deciding_actor(given text, roles text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.edit_actor(given text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.edit_actor_name(actor text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.edit_moves(meter_id integer, day date, kind text, hours smallint[], index_l integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.edit_moves(meter_id integer, day date, kind text, hours smallint[], index_l integer[]) TO kenshin_web;
GRANT ALL ON FUNCTION public.edit_moves(meter_id integer, day date, kind text, hours smallint[], index_l integer[]) TO kenshin_app;
GRANT ALL ON FUNCTION public.edit_moves(meter_id integer, day date, kind text, hours smallint[], index_l integer[]) TO kenshin_register;

REVOKE ALL ON FUNCTION public.edit_reading(meter_id integer, day date, kind text, hours smallint[], index_l integer[], reason text, note text, acknowledged_closings date[], actor text, OUT edit_id integer, OUT state text, OUT moved_l bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.edit_reading(meter_id integer, day date, kind text, hours smallint[], index_l integer[], reason text, note text, acknowledged_closings date[], actor text, OUT edit_id integer, OUT state text, OUT moved_l bigint) TO kenshin_web;
GRANT ALL ON FUNCTION public.edit_reading(meter_id integer, day date, kind text, hours smallint[], index_l integer[], reason text, note text, acknowledged_closings date[], actor text, OUT edit_id integer, OUT state text, OUT moved_l bigint) TO kenshin_app;

REVOKE ALL ON FUNCTION public.end_oldest_sessions(utility_id integer, kind text, subject_id integer, kept integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.end_oldest_sessions(utility_id integer, kind text, subject_id integer, kept integer) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.end_replaced_session(token text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.end_replaced_session(token text) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.end_session(session_id uuid, everywhere boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.end_session(session_id uuid, everywhere boolean) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.end_session(session_id uuid, everywhere boolean) TO kenshin_web;

REVOKE ALL ON FUNCTION public.enqueue_job(kind text, for_utility integer, input jsonb, key text, run_at timestamp with time zone, keep boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.enqueue_job(kind text, for_utility integer, input jsonb, key text, run_at timestamp with time zone, keep boolean) TO kenshin_worker;
GRANT ALL ON FUNCTION public.enqueue_job(kind text, for_utility integer, input jsonb, key text, run_at timestamp with time zone, keep boolean) TO kenshin_app;
GRANT ALL ON FUNCTION public.enqueue_job(kind text, for_utility integer, input jsonb, key text, run_at timestamp with time zone, keep boolean) TO kenshin_register;

REVOKE ALL ON FUNCTION public.enter_edited_hours(edit public.reading_edit) FROM PUBLIC;
GRANT ALL ON FUNCTION public.enter_edited_hours(edit public.reading_edit) TO kenshin_register;

REVOKE ALL ON FUNCTION public.enter_taken_counter() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.exchange_meter(removed_meter_id integer, exchanged_at timestamp with time zone, final_index_l integer, new_serial text, start_index_l integer, new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text, OUT exchange_id integer, OUT fitted_meter_id integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.exchange_meter(removed_meter_id integer, exchanged_at timestamp with time zone, final_index_l integer, new_serial text, start_index_l integer, new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text, OUT exchange_id integer, OUT fitted_meter_id integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.exchange_meter(removed_meter_id integer, exchanged_at timestamp with time zone, final_index_l integer, new_serial text, start_index_l integer, new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text, OUT exchange_id integer, OUT fitted_meter_id integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.exchange_terminal(supply_point_id integer, number text, exchanged_at timestamp with time zone, acknowledged_closings date[], actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.exchange_terminal(supply_point_id integer, number text, exchanged_at timestamp with time zone, acknowledged_closings date[], actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.exchange_terminal(supply_point_id integer, number text, exchanged_at timestamp with time zone, acknowledged_closings date[], actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.expected_hours(day date, from_at timestamp with time zone, to_at timestamp with time zone, OUT first_hour integer, OUT last_hour integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.expected_hours(day date, from_at timestamp with time zone, to_at timestamp with time zone, OUT first_hour integer, OUT last_hour integer) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.fail_closing_issue(issue_id integer, attempt integer, failure text, failure_detail text, faults json, failed_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.fail_closing_issue(issue_id integer, attempt integer, failure text, failure_detail text, faults json, failed_at timestamp with time zone) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.finish_closing_issue(issue_id integer, attempt integer, run_ids integer[], new_run_ids integer[], ended_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.finish_closing_issue(issue_id integer, attempt integer, run_ids integer[], new_run_ids integer[], ended_at timestamp with time zone) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.finish_sign_in(kind text, utility_code text, name text, derived bytea, token_hash bytea, address text, device text, replaced_token text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.finish_sign_in(kind text, utility_code text, name text, derived bytea, token_hash bytea, address text, device text, replaced_token text) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.finish_sign_in(kind text, utility_code text, name text, derived bytea, token_hash bytea, address text, device text, replaced_token text) TO kenshin_web;

REVOKE ALL ON FUNCTION public.fit_meter(supply_point_id integer, serial text, fitted_at timestamp with time zone, start_index_l integer, new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.fit_meter(supply_point_id integer, serial text, fitted_at timestamp with time zone, start_index_l integer, new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.fit_meter(supply_point_id integer, serial text, fitted_at timestamp with time zone, start_index_l integer, new_size numeric, new_dial_l integer, new_expires_on date, acknowledged_closings date[], actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.forget_sign_in_tries(kind text, name text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.forget_sign_in_tries(kind text, name text) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.forget_sign_in_tries(kind text, name text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.forget_write_requests() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.highest_register(of_meter integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.hold_as_any_worker() FROM PUBLIC;
GRANT ALL ON FUNCTION public.hold_as_any_worker() TO kenshin_worker;

REVOKE ALL ON FUNCTION public.hold_as_mail_worker() FROM PUBLIC;
GRANT ALL ON FUNCTION public.hold_as_mail_worker() TO kenshin_worker;

REVOKE ALL ON FUNCTION public.hold_closing_runs() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.hold_edits(meter_id integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.hold_edits(meter_id integer) TO kenshin_register;

REVOKE ALL ON FUNCTION public.hold_sign_in_name(utility_id integer, kind text, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.hold_sign_in_name(utility_id integer, kind text, name text) TO kenshin_app;

GRANT SELECT ON TABLE public.supply_point TO kenshin_web;
GRANT SELECT ON TABLE public.supply_point TO kenshin_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.supply_point TO kenshin_app;
GRANT SELECT ON TABLE public.supply_point TO kenshin_store;
GRANT SELECT ON TABLE public.supply_point TO kenshin_register;

GRANT UPDATE(area_id) ON TABLE public.supply_point TO kenshin_register;

GRANT UPDATE(closing_day) ON TABLE public.supply_point TO kenshin_register;

GRANT UPDATE(tariff_id) ON TABLE public.supply_point TO kenshin_register;

GRANT UPDATE(closed_on) ON TABLE public.supply_point TO kenshin_register;

REVOKE ALL ON FUNCTION public.hold_supply_point(place integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.hold_terminals(process uuid, utilities integer[], terminals integer[], held bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.hold_terminals(process uuid, utilities integer[], terminals integer[], held bigint[]) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.hold_worker(worker_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.hold_worker(worker_name text) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.hour_instant(day date, hour_ending integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.hour_instant(day date, hour_ending integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.hour_instant(day date, hour_ending integer) TO kenshin_app;
GRANT ALL ON FUNCTION public.hour_instant(day date, hour_ending integer) TO kenshin_register;

REVOKE ALL ON FUNCTION public.is_known_device(utility_id integer, kind text, typed_hash bytea, device_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.is_known_device(utility_id integer, kind text, typed_hash bytea, device_hash bytea) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.issue_closing_run(run_id integer, issued_at timestamp with time zone, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.issue_closing_run(run_id integer, issued_at timestamp with time zone, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.issue_closing_run(run_id integer, issued_at timestamp with time zone, actor text) TO kenshin_worker;
GRANT ALL ON FUNCTION public.issue_closing_run(run_id integer, issued_at timestamp with time zone, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.issued_closings_at(meter_id integer, instants timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.issued_closings_at(meter_id integer, instants timestamp with time zone[]) TO kenshin_web;
GRANT ALL ON FUNCTION public.issued_closings_at(meter_id integer, instants timestamp with time zone[]) TO kenshin_app;
GRANT ALL ON FUNCTION public.issued_closings_at(meter_id integer, instants timestamp with time zone[]) TO kenshin_register;

REVOKE ALL ON FUNCTION public.issued_rows_of(occupancy_id integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.jst_day(instant timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.jst_day(instant timestamp with time zone) TO kenshin_store;
GRANT ALL ON FUNCTION public.jst_day(instant timestamp with time zone) TO kenshin_register;

REVOKE ALL ON FUNCTION public.judge_counter(high bigint, seen bigint, counter bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_closing_run() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_process(process uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.keep_process(process uuid) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.keep_reading_edit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_revision() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.lacks_hours(of_meter integer, of_day date, index_l integer[], first_hour integer, last_hour integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lacks_hours(of_meter integer, of_day date, index_l integer[], first_hour integer, last_hour integer) TO kenshin_ingest;
GRANT ALL ON FUNCTION public.lacks_hours(of_meter integer, of_day date, index_l integer[], first_hour integer, last_hour integer) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.report_due_after(report_minute integer, report_window_minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.report_due_after(report_minute integer, report_window_minutes integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.report_due_after(report_minute integer, report_window_minutes integer) TO kenshin_worker;
GRANT ALL ON FUNCTION public.report_due_after(report_minute integer, report_window_minutes integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.last_due_day(at timestamp with time zone, report_minute integer, report_window_minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.last_due_day(at timestamp with time zone, report_minute integer, report_window_minutes integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.last_due_day(at timestamp with time zone, report_minute integer, report_window_minutes integer) TO kenshin_worker;
GRANT ALL ON FUNCTION public.last_due_day(at timestamp with time zone, report_minute integer, report_window_minutes integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.last_known_hour(index_l integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.last_known_hour(index_l integer[]) TO kenshin_web;
GRANT ALL ON FUNCTION public.last_known_hour(index_l integer[]) TO kenshin_worker;
GRANT ALL ON FUNCTION public.last_known_hour(index_l integer[]) TO kenshin_app;
GRANT ALL ON FUNCTION public.last_known_hour(index_l integer[]) TO kenshin_store;
GRANT ALL ON FUNCTION public.last_known_hour(index_l integer[]) TO kenshin_register;

REVOKE ALL ON FUNCTION public.layout_actor(given text, OUT doer text, OUT doer_name text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.list_jobs() FROM PUBLIC;
GRANT ALL ON FUNCTION public.list_jobs() TO kenshin_app;

REVOKE ALL ON FUNCTION public.mail_recipient(mail_id bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.mail_recipient(mail_id bigint) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.mail_recipient(mail_id bigint) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.merge_day_reports(for_utility integer, reports public.day_report_row[], received timestamp with time zone, OUT completed integer, OUT corrected integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.merge_window(high_a bigint, window_a bigint, high_b bigint, window_b bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.merge_window(high_a bigint, window_a bigint, high_b bigint, window_b bigint) TO kenshin_store;

REVOKE ALL ON FUNCTION public.name_of_actor(actor text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_area_limits() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_clock_doubt() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_meter_fitting() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_place_change(for_utility integer, place integer, areas integer[], first_changed date, last_changed date) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_reading_faults(for_utility integer, meters integer[], days date[], hours smallint[], indexes_l integer[], terminals integer[], received timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.note_reading_faults(for_utility integer, meters integer[], days date[], hours smallint[], indexes_l integer[], terminals integer[], received timestamp with time zone) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.note_run_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_run_register() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_run_seen() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_run_verdict() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_supply_point() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_terminal_fitting() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.open_closing_run(closing_day integer, closes_on date, previous_on date, customer_number text, rounding text, rules integer, made_at timestamp with time zone, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.open_closing_run(closing_day integer, closes_on date, previous_on date, customer_number text, rounding text, rules integer, made_at timestamp with time zone, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.open_closing_run(closing_day integer, closes_on date, previous_on date, customer_number text, rounding text, rules integer, made_at timestamp with time zone, actor text) TO kenshin_worker;
GRANT ALL ON FUNCTION public.open_closing_run(closing_day integer, closes_on date, previous_on date, customer_number text, rounding text, rules integer, made_at timestamp with time zone, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.open_session(utility_id integer, kind text, subject_id integer, token_hash bytea, OUT session_id uuid, OUT expires_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.open_session(utility_id integer, kind text, subject_id integer, token_hash bytea, OUT session_id uuid, OUT expires_at timestamp with time zone) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.plan_reading_requests(window_ended_after timestamp with time zone, window_ended_until timestamp with time zone, after_terminal integer, max_terminals integer, OUT planned integer, OUT last_terminal integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.plan_reading_requests(window_ended_after timestamp with time zone, window_ended_until timestamp with time zone, after_terminal integer, max_terminals integer, OUT planned integer, OUT last_terminal integer) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.prune_taken_frames(received_before timestamp with time zone, after_terminal integer, max_terminals integer, OUT pruned integer, OUT last_terminal integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.prune_taken_frames(received_before timestamp with time zone, after_terminal integer, max_terminals integer, OUT pruned integer, OUT last_terminal integer) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.quarantine_frame(terminal_number text, topic text, reason text, reason_offset integer, bytes bytea, received_at timestamp with time zone, is_authentic boolean, meter_serial text, day date, is_fresh boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.quarantine_frame(terminal_number text, topic text, reason text, reason_offset integer, bytes bytea, received_at timestamp with time zone, is_authentic boolean, meter_serial text, day date, is_fresh boolean) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.quarantine_frame(terminal_number text, topic text, reason text, reason_offset integer, bytes bytea, received_at timestamp with time zone, is_authentic boolean, meter_serial text, day date, is_fresh boolean) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.ready_mail_account(given text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.ready_mail_address(actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ready_mail_address(actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.ready_mail_address(actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.ready_mail_recipients(closing_day integer, closes_on date) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.ready_mail_recipients(closing_day integer, closes_on date) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.ready_mail_recipients(closing_day integer, closes_on date) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.ready_mails(actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ready_mails(actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.ready_mails(actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.record_circumstance(supply_point_id integer, kind text, from_on date, to_on date, reason text, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.record_circumstance(supply_point_id integer, kind text, from_on date, to_on date, reason text, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.record_circumstance(supply_point_id integer, kind text, from_on date, to_on date, reason text, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.record_fitting_change(what text, place integer, places integer[], holds date, since date, former jsonb, latter jsonb, acknowledged_closings date[], doer text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.record_issued_run() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_closing_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_unlike_closings(filed date[], acknowledged date[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.register_actor(given text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.register_distance(one integer, other integer, dial_l integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.register_distance(one integer, other integer, dial_l integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.register_distance(one integer, other integer, dial_l integer) TO kenshin_app;
GRANT ALL ON FUNCTION public.register_distance(one integer, other integer, dial_l integer) TO kenshin_register;

REVOKE ALL ON FUNCTION public.release_dead_workers() FROM PUBLIC;
GRANT ALL ON FUNCTION public.release_dead_workers() TO kenshin_worker;

REVOKE ALL ON FUNCTION public.release_terminals(process uuid, utilities integer[], terminals integer[], generations bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.release_terminals(process uuid, utilities integer[], terminals integer[], generations bigint[]) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.remember_device(utility_id integer, kind text, typed_hash bytea, device_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.remember_device(utility_id integer, kind text, typed_hash bytea, device_hash bytea) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.remove_closing_layout(layout_id integer, removed_at timestamp with time zone, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.remove_closing_layout(layout_id integer, removed_at timestamp with time zone, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.remove_closing_layout(layout_id integer, removed_at timestamp with time zone, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.remove_meter(supply_point_id integer, removed_at timestamp with time zone, final_index_l integer, acknowledged_closings date[], actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.remove_meter(supply_point_id integer, removed_at timestamp with time zone, final_index_l integer, acknowledged_closings date[], actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.remove_meter(supply_point_id integer, removed_at timestamp with time zone, final_index_l integer, acknowledged_closings date[], actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.report_due_at(day date, report_minute integer, report_window_minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.report_due_at(day date, report_minute integer, report_window_minutes integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.report_due_at(day date, report_minute integer, report_window_minutes integer) TO kenshin_worker;
GRANT ALL ON FUNCTION public.report_due_at(day date, report_minute integer, report_window_minutes integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.require_issued_closings(meter_id integer, day date, hours smallint[], acknowledged date[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.require_issued_closings(meter_id integer, day date, hours smallint[], acknowledged date[]) TO kenshin_register;

REVOKE ALL ON FUNCTION public.require_stored_registers(edit public.reading_edit) FROM PUBLIC;
GRANT ALL ON FUNCTION public.require_stored_registers(edit public.reading_edit) TO kenshin_register;

REVOKE ALL ON FUNCTION public.resting_on_change(change_id integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.resting_on_change(change_id integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.resting_on_change(change_id integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.resting_on_exchange(exchange_id integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.resting_on_exchange(exchange_id integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.resting_on_exchange(exchange_id integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.resting_on_fitting(change_id integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.retry_job(job_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.retry_job(job_id bigint) TO kenshin_app;

REVOKE ALL ON FUNCTION public.run_changes_since(run_id integer, most integer, OUT known boolean, OUT days integer, OUT places integer, OUT is_part boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.run_changes_since(run_id integer, most integer, OUT known boolean, OUT days integer, OUT places integer, OUT is_part boolean) TO kenshin_web;
GRANT ALL ON FUNCTION public.run_changes_since(run_id integer, most integer, OUT known boolean, OUT days integer, OUT places integer, OUT is_part boolean) TO kenshin_app;

REVOKE ALL ON FUNCTION public.save_closing_layout(layout_id integer, version integer, name text, body json, made_at timestamp with time zone, actor text, OUT saved_id integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.save_closing_layout(layout_id integer, version integer, name text, body json, made_at timestamp with time zone, actor text, OUT saved_id integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.save_closing_layout(layout_id integer, version integer, name text, body json, made_at timestamp with time zone, actor text, OUT saved_id integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.seal_utility(utility_id integer, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.seal_utility(utility_id integer, actor text) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.sealed_actor() FROM PUBLIC;
GRANT ALL ON FUNCTION public.sealed_actor() TO kenshin_web;
GRANT ALL ON FUNCTION public.sealed_actor() TO kenshin_worker;
GRANT ALL ON FUNCTION public.sealed_actor() TO kenshin_store;
GRANT ALL ON FUNCTION public.sealed_actor() TO kenshin_register;

REVOKE ALL ON FUNCTION public.second_edit(edit_id integer, agreed boolean, acknowledged_closings date[], actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.second_edit(edit_id integer, agreed boolean, acknowledged_closings date[], actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.second_edit(edit_id integer, agreed boolean, acknowledged_closings date[], actor text) TO kenshin_app;

GRANT SELECT ON TABLE public.edited_day TO kenshin_web;
GRANT SELECT ON TABLE public.edited_day TO kenshin_worker;
GRANT SELECT ON TABLE public.edited_day TO kenshin_app;
GRANT SELECT ON TABLE public.edited_day TO kenshin_store;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.edited_day TO kenshin_register;

REVOKE ALL ON FUNCTION public.seconded_index(edited public.edited_day, sound_l integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.seconded_index(edited public.edited_day, sound_l integer[]) TO kenshin_web;
GRANT ALL ON FUNCTION public.seconded_index(edited public.edited_day, sound_l integer[]) TO kenshin_app;
GRANT ALL ON FUNCTION public.seconded_index(edited public.edited_day, sound_l integer[]) TO kenshin_register;

REVOKE ALL ON FUNCTION public.see_reading_mark(meter_id integer, rule text, from_on date, seen boolean, note text, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.see_reading_mark(meter_id integer, rule text, from_on date, seen boolean, note text, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.see_reading_mark(meter_id integer, rule text, from_on date, seen boolean, note text, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.sent_ready_mails(actor text, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sent_ready_mails(actor text, most integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.sent_ready_mails(actor text, most integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.serve_utility(utility_id integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.serve_utility(utility_id integer) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.serve_utility(utility_id integer) TO kenshin_ingest;
GRANT ALL ON FUNCTION public.serve_utility(utility_id integer) TO kenshin_worker;
GRANT ALL ON FUNCTION public.serve_utility(utility_id integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.set_estimation(missed_reading text, interpolate_max_hours integer, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.set_estimation(missed_reading text, interpolate_max_hours integer, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.set_estimation(missed_reading text, interpolate_max_hours integer, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.set_second_look(second_look_l integer, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.set_second_look(second_look_l integer, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.set_volume_factor(supply_point_id integer, from_on date, factor numeric, basis text, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.set_volume_factor(supply_point_id integer, from_on date, factor numeric, basis text, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.set_volume_factor(supply_point_id integer, from_on date, factor numeric, basis text, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.settle_reading_requests(as_of timestamp with time zone, seen_after timestamp with time zone, after_terminal integer, max_terminals integer, OUT settled integer, OUT last_terminal integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.settle_reading_requests(as_of timestamp with time zone, seen_after timestamp with time zone, after_terminal integer, max_terminals integer, OUT settled integer, OUT last_terminal integer) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.settle_reading_requests_of(terminals integer[], as_of timestamp with time zone, seen_after timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.settle_reading_requests_of(terminals integer[], as_of timestamp with time zone, seen_after timestamp with time zone) TO kenshin_ingest;
GRANT ALL ON FUNCTION public.settle_reading_requests_of(terminals integer[], as_of timestamp with time zone, seen_after timestamp with time zone) TO kenshin_worker;

REVOKE ALL ON FUNCTION public.sign_in_closed_until(utility_id integer, kind text, typed_hash bytea, device_hash bytea, address_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sign_in_closed_until(utility_id integer, kind text, typed_hash bytea, device_hash bytea, address_hash bytea) TO kenshin_lookup;

GRANT SELECT ON TABLE public.sign_in_secret TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.sign_in_keyed_hash(text text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sign_in_keyed_hash(text text) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.sign_in_subject(kind text, utility_code text, name text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sign_in_subject(kind text, utility_code text, name text) TO kenshin_lookup;

REVOKE ALL ON FUNCTION public.sign_in_utility(utility_code text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.sign_in_utility(utility_code text) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.sign_in_utility(utility_code text) TO kenshin_web;

REVOKE ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[]) TO kenshin_web;
GRANT ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[]) TO kenshin_worker;
GRANT ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[]) TO kenshin_app;
GRANT ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[]) TO kenshin_store;
GRANT ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[]) TO kenshin_register;

REVOKE ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) TO kenshin_web;
GRANT ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) TO kenshin_worker;
GRANT ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) TO kenshin_app;
GRANT ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) TO kenshin_store;
GRANT ALL ON FUNCTION public.sound_index(index_l integer[], doubtful_hours smallint[], doubtful_l integer[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) TO kenshin_register;

GRANT SELECT ON TABLE public.occupancy TO kenshin_web;
GRANT SELECT ON TABLE public.occupancy TO kenshin_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.occupancy TO kenshin_app;
GRANT SELECT ON TABLE public.occupancy TO kenshin_lookup;
GRANT SELECT,INSERT,DELETE ON TABLE public.occupancy TO kenshin_register;

GRANT UPDATE(from_on) ON TABLE public.occupancy TO kenshin_register;

GRANT UPDATE(to_on) ON TABLE public.occupancy TO kenshin_register;

REVOKE ALL ON FUNCTION public.stay_facts(o public.occupancy) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.store_day_reports(for_utility integer, reports public.day_report_row[], marks public.terminal_mark[], received timestamp with time zone, OUT stored integer, OUT completed integer, OUT corrected integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.store_day_reports(for_utility integer, reports public.day_report_row[], marks public.terminal_mark[], received timestamp with time zone, OUT stored integer, OUT completed integer, OUT corrected integer) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.take_back_edit(edit_id integer, acknowledged_closings date[], actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.take_back_edit(edit_id integer, acknowledged_closings date[], actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.take_back_edit(edit_id integer, acknowledged_closings date[], actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.take_down_counters(for_terminal integer, how_many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.take_down_counters(for_terminal integer, how_many integer) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.take_uplink_frames(terminals integer[], counters bigint[], checks integer[], types smallint[], arrived_fresh boolean[], received timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.take_uplink_frames(terminals integer[], counters bigint[], checks integer[], types smallint[], arrived_fresh boolean[], received timestamp with time zone[]) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.take_withdrawn_number() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.terminal_for_connect(terminal_number text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.terminal_for_connect(terminal_number text) FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.terminal_for_connect(terminal_number text) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.terminals_called(as_of timestamp with time zone, retired_after timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.terminals_called(as_of timestamp with time zone, retired_after timestamp with time zone) TO kenshin_ingest;

REVOKE ALL ON FUNCTION public.undo_exchange(exchange_id integer, actor text, OUT kept_meter boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.undo_exchange(exchange_id integer, actor text, OUT kept_meter boolean) TO kenshin_web;
GRANT ALL ON FUNCTION public.undo_exchange(exchange_id integer, actor text, OUT kept_meter boolean) TO kenshin_app;

GRANT SELECT ON TABLE public.register_change TO kenshin_web;
GRANT SELECT ON TABLE public.register_change TO kenshin_app;
GRANT SELECT,INSERT ON TABLE public.register_change TO kenshin_register;

GRANT UPDATE(undone_by) ON TABLE public.register_change TO kenshin_register;

GRANT UPDATE(undone_name) ON TABLE public.register_change TO kenshin_register;

GRANT UPDATE(undone_at) ON TABLE public.register_change TO kenshin_register;

REVOKE ALL ON FUNCTION public.undo_fitting_change(r public.register_change) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.undo_register_change(change_id integer, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.undo_register_change(change_id integer, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.undo_register_change(change_id integer, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.unedited_hours(index_l integer[], doubtful_hours smallint[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.unedited_hours(index_l integer[], doubtful_hours smallint[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) TO kenshin_web;
GRANT ALL ON FUNCTION public.unedited_hours(index_l integer[], doubtful_hours smallint[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) TO kenshin_worker;
GRANT ALL ON FUNCTION public.unedited_hours(index_l integer[], doubtful_hours smallint[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) TO kenshin_app;
GRANT ALL ON FUNCTION public.unedited_hours(index_l integer[], doubtful_hours smallint[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) TO kenshin_store;
GRANT ALL ON FUNCTION public.unedited_hours(index_l integer[], doubtful_hours smallint[], edited_hours smallint[], edited_kinds text[], edited_l integer[]) TO kenshin_register;

REVOKE ALL ON FUNCTION public.unvalidated_changes(for_utility integer, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.unvalidated_changes(for_utility integer, most integer) TO kenshin_web;
GRANT ALL ON FUNCTION public.unvalidated_changes(for_utility integer, most integer) TO kenshin_worker;
GRANT ALL ON FUNCTION public.unvalidated_changes(for_utility integer, most integer) TO kenshin_app;

REVOKE ALL ON FUNCTION public.utc_text(instant timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.utilities_to_poll() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.utilities_to_poll() FROM kenshin_lookup;
GRANT ALL ON FUNCTION public.utilities_to_poll() TO kenshin_worker;

REVOKE ALL ON FUNCTION public.utilities_to_validate() FROM PUBLIC;
GRANT ALL ON FUNCTION public.utilities_to_validate() TO kenshin_worker;

REVOKE ALL ON FUNCTION public.withdraw_circumstance(circumstance_id integer, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.withdraw_circumstance(circumstance_id integer, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.withdraw_circumstance(circumstance_id integer, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.withdraw_ready_mail(request_id integer, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.withdraw_ready_mail(request_id integer, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.withdraw_ready_mail(request_id integer, actor text) TO kenshin_app;

REVOKE ALL ON FUNCTION public.withdraw_usage_decision(decision_id integer, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.withdraw_usage_decision(decision_id integer, actor text) TO kenshin_web;
GRANT ALL ON FUNCTION public.withdraw_usage_decision(decision_id integer, actor text) TO kenshin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.account TO kenshin_app;
GRANT SELECT ON TABLE public.account TO kenshin_lookup;

GRANT SELECT(utility_id) ON TABLE public.account TO kenshin_register;

GRANT SELECT(account_id) ON TABLE public.account TO kenshin_register;

GRANT SELECT(display_name) ON TABLE public.account TO kenshin_register;

GRANT SELECT(role) ON TABLE public.account TO kenshin_register;

GRANT SELECT(disabled_at) ON TABLE public.account TO kenshin_register;

GRANT SELECT(mail_address) ON TABLE public.account TO kenshin_register;

GRANT SELECT,INSERT ON TABLE public.api_key TO kenshin_app;
GRANT SELECT ON TABLE public.api_key TO kenshin_lookup;

GRANT SELECT(utility_id) ON TABLE public.api_key TO kenshin_register;

GRANT SELECT(api_key_id) ON TABLE public.api_key TO kenshin_register;

GRANT SELECT(name) ON TABLE public.api_key TO kenshin_register;

GRANT SELECT(scopes) ON TABLE public.api_key TO kenshin_register;

GRANT UPDATE(revoked_at) ON TABLE public.api_key TO kenshin_app;
GRANT SELECT(revoked_at) ON TABLE public.api_key TO kenshin_register;

GRANT SELECT,INSERT ON TABLE public.api_key_use TO kenshin_app;
GRANT SELECT ON TABLE public.api_key_use TO kenshin_lookup;

GRANT UPDATE(last_used_on) ON TABLE public.api_key_use TO kenshin_lookup;

GRANT SELECT ON TABLE public.area TO kenshin_web;
GRANT SELECT ON TABLE public.area TO kenshin_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.area TO kenshin_app;
GRANT SELECT ON TABLE public.area TO kenshin_register;

GRANT SELECT ON TABLE public.area_day TO kenshin_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.area_day TO kenshin_worker;
GRANT SELECT ON TABLE public.area_day TO kenshin_app;

GRANT SELECT ON TABLE public.area_day_due TO kenshin_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.area_day_due TO kenshin_worker;
GRANT SELECT ON TABLE public.area_day_due TO kenshin_app;

GRANT SELECT ON TABLE public.area_day_hours TO kenshin_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.area_day_hours TO kenshin_worker;
GRANT SELECT ON TABLE public.area_day_hours TO kenshin_app;

GRANT SELECT ON TABLE public.audit TO kenshin_app;
GRANT SELECT ON TABLE public.audit TO kenshin_store;
GRANT SELECT ON TABLE public.audit TO kenshin_register;

GRANT INSERT(utility_id) ON TABLE public.audit TO kenshin_web;
GRANT INSERT(utility_id) ON TABLE public.audit TO kenshin_app;
GRANT INSERT(utility_id) ON TABLE public.audit TO kenshin_lookup;
GRANT INSERT(utility_id) ON TABLE public.audit TO kenshin_register;

GRANT INSERT(actor) ON TABLE public.audit TO kenshin_web;
GRANT INSERT(actor) ON TABLE public.audit TO kenshin_app;
GRANT INSERT(actor) ON TABLE public.audit TO kenshin_lookup;
GRANT INSERT(actor) ON TABLE public.audit TO kenshin_register;

GRANT INSERT(act) ON TABLE public.audit TO kenshin_web;
GRANT INSERT(act) ON TABLE public.audit TO kenshin_app;
GRANT INSERT(act) ON TABLE public.audit TO kenshin_lookup;
GRANT INSERT(act) ON TABLE public.audit TO kenshin_register;

GRANT INSERT(subject) ON TABLE public.audit TO kenshin_web;
GRANT INSERT(subject) ON TABLE public.audit TO kenshin_app;
GRANT INSERT(subject) ON TABLE public.audit TO kenshin_lookup;
GRANT INSERT(subject) ON TABLE public.audit TO kenshin_register;

GRANT INSERT(detail) ON TABLE public.audit TO kenshin_web;
GRANT INSERT(detail) ON TABLE public.audit TO kenshin_app;
GRANT INSERT(detail) ON TABLE public.audit TO kenshin_lookup;
GRANT INSERT(detail) ON TABLE public.audit TO kenshin_register;

GRANT SELECT ON TABLE public.change_position TO kenshin_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.change_position TO kenshin_worker;
GRANT SELECT ON TABLE public.change_position TO kenshin_app;
GRANT SELECT ON TABLE public.change_position TO kenshin_lookup;

GRANT SELECT ON TABLE public.change_reader TO kenshin_worker;

GRANT SELECT ON TABLE public.closing_issue TO kenshin_web;
GRANT SELECT ON TABLE public.closing_issue TO kenshin_worker;
GRANT SELECT ON TABLE public.closing_issue TO kenshin_app;
GRANT SELECT ON TABLE public.closing_issue TO kenshin_lookup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.closing_issue TO kenshin_register;

GRANT UPDATE(phase) ON TABLE public.closing_issue TO kenshin_worker;

GRANT UPDATE(making_on) ON TABLE public.closing_issue TO kenshin_worker;

GRANT UPDATE(rows_done) ON TABLE public.closing_issue TO kenshin_worker;

GRANT UPDATE(rows_total) ON TABLE public.closing_issue TO kenshin_worker;

GRANT UPDATE(heartbeat_at) ON TABLE public.closing_issue TO kenshin_worker;

GRANT SELECT ON TABLE public.closing_layout TO kenshin_web;
GRANT SELECT ON TABLE public.closing_layout TO kenshin_worker;
GRANT SELECT ON TABLE public.closing_layout TO kenshin_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.closing_layout TO kenshin_register;

GRANT SELECT ON TABLE public.closing_layout_version TO kenshin_web;
GRANT SELECT ON TABLE public.closing_layout_version TO kenshin_worker;
GRANT SELECT ON TABLE public.closing_layout_version TO kenshin_app;
GRANT SELECT,INSERT ON TABLE public.closing_layout_version TO kenshin_register;

GRANT SELECT ON TABLE public.closing_run TO kenshin_web;
GRANT SELECT ON TABLE public.closing_run TO kenshin_worker;
GRANT SELECT ON TABLE public.closing_run TO kenshin_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.closing_run TO kenshin_register;

GRANT SELECT ON TABLE public.closing_run_figure TO kenshin_web;
GRANT SELECT ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT SELECT ON TABLE public.closing_run_figure TO kenshin_app;

GRANT INSERT(utility_id) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(utility_id) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(utility_id) ON TABLE public.closing_run_figure TO kenshin_app;
GRANT SELECT(utility_id) ON TABLE public.closing_run_figure TO kenshin_register;

GRANT INSERT(run_id) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(run_id) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(run_id) ON TABLE public.closing_run_figure TO kenshin_app;
GRANT SELECT(run_id) ON TABLE public.closing_run_figure TO kenshin_register;

GRANT INSERT(row_number) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(row_number) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(row_number) ON TABLE public.closing_run_figure TO kenshin_app;
GRANT SELECT(row_number) ON TABLE public.closing_run_figure TO kenshin_register;

GRANT INSERT(usage_l) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(usage_l) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(usage_l) ON TABLE public.closing_run_figure TO kenshin_app;

GRANT INSERT(usage_m3) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(usage_m3) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(usage_m3) ON TABLE public.closing_run_figure TO kenshin_app;
GRANT SELECT(usage_m3) ON TABLE public.closing_run_figure TO kenshin_register;

GRANT INSERT(quality) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(quality) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(quality) ON TABLE public.closing_run_figure TO kenshin_app;
GRANT SELECT(quality) ON TABLE public.closing_run_figure TO kenshin_register;

GRANT INSERT(remarks) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(remarks) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(remarks) ON TABLE public.closing_run_figure TO kenshin_app;

GRANT INSERT(estimated_index_l) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(estimated_index_l) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(estimated_index_l) ON TABLE public.closing_run_figure TO kenshin_app;

GRANT INSERT(estimate_basis) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(estimate_basis) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(estimate_basis) ON TABLE public.closing_run_figure TO kenshin_app;

GRANT INSERT(register_m3) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(register_m3) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(register_m3) ON TABLE public.closing_run_figure TO kenshin_app;

GRANT INSERT(volume_factor) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(volume_factor) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(volume_factor) ON TABLE public.closing_run_figure TO kenshin_app;

GRANT INSERT(correction_l) ON TABLE public.closing_run_figure TO kenshin_web;
GRANT INSERT(correction_l) ON TABLE public.closing_run_figure TO kenshin_worker;
GRANT INSERT(correction_l) ON TABLE public.closing_run_figure TO kenshin_app;

GRANT SELECT ON TABLE public.closing_run_file TO kenshin_web;
GRANT SELECT ON TABLE public.closing_run_file TO kenshin_worker;
GRANT SELECT ON TABLE public.closing_run_file TO kenshin_app;

GRANT INSERT(utility_id) ON TABLE public.closing_run_file TO kenshin_web;
GRANT INSERT(utility_id) ON TABLE public.closing_run_file TO kenshin_app;
GRANT SELECT(utility_id) ON TABLE public.closing_run_file TO kenshin_register;

GRANT INSERT(run_id) ON TABLE public.closing_run_file TO kenshin_web;
GRANT INSERT(run_id) ON TABLE public.closing_run_file TO kenshin_app;
GRANT SELECT(run_id) ON TABLE public.closing_run_file TO kenshin_register;

GRANT INSERT(export) ON TABLE public.closing_run_file TO kenshin_web;
GRANT INSERT(export) ON TABLE public.closing_run_file TO kenshin_app;
GRANT SELECT(export) ON TABLE public.closing_run_file TO kenshin_register;

GRANT INSERT(format) ON TABLE public.closing_run_file TO kenshin_web;
GRANT INSERT(format) ON TABLE public.closing_run_file TO kenshin_app;

GRANT INSERT(identifiers) ON TABLE public.closing_run_file TO kenshin_web;
GRANT INSERT(identifiers) ON TABLE public.closing_run_file TO kenshin_app;

GRANT INSERT(made_by) ON TABLE public.closing_run_file TO kenshin_web;
GRANT INSERT(made_by) ON TABLE public.closing_run_file TO kenshin_app;

GRANT INSERT(made_at) ON TABLE public.closing_run_file TO kenshin_web;
GRANT INSERT(made_at) ON TABLE public.closing_run_file TO kenshin_app;
GRANT SELECT(made_at) ON TABLE public.closing_run_file TO kenshin_register;

GRANT INSERT(layout_id) ON TABLE public.closing_run_file TO kenshin_web;
GRANT INSERT(layout_id) ON TABLE public.closing_run_file TO kenshin_app;

GRANT INSERT(layout_version) ON TABLE public.closing_run_file TO kenshin_web;
GRANT INSERT(layout_version) ON TABLE public.closing_run_file TO kenshin_app;

GRANT SELECT ON TABLE public.closing_run_row TO kenshin_web;
GRANT SELECT ON TABLE public.closing_run_row TO kenshin_worker;
GRANT SELECT ON TABLE public.closing_run_row TO kenshin_app;

GRANT INSERT(utility_id) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(utility_id) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(utility_id) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(utility_id) ON TABLE public.closing_run_row TO kenshin_register;

GRANT INSERT(run_id) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(run_id) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(run_id) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(run_id) ON TABLE public.closing_run_row TO kenshin_register;

GRANT INSERT(row_number) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(row_number) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(row_number) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(row_number) ON TABLE public.closing_run_row TO kenshin_register;

GRANT INSERT(supply_point_id) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(supply_point_id) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(supply_point_id) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(supply_point_id) ON TABLE public.closing_run_row TO kenshin_register;

GRANT INSERT(occupancy_id) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(occupancy_id) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(occupancy_id) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(occupancy_id) ON TABLE public.closing_run_row TO kenshin_register;

GRANT INSERT(customer_number) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(customer_number) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(customer_number) ON TABLE public.closing_run_row TO kenshin_app;

GRANT INSERT(kind) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(kind) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(kind) ON TABLE public.closing_run_row TO kenshin_app;

GRANT INSERT(closes_on) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(closes_on) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(closes_on) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(closes_on) ON TABLE public.closing_run_row TO kenshin_register;

GRANT INSERT(remembered) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(remembered) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(remembered) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(remembered) ON TABLE public.closing_run_row TO kenshin_register;

GRANT INSERT(meter_id) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(meter_id) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(meter_id) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(meter_id) ON TABLE public.closing_run_row TO kenshin_register;

GRANT INSERT(fitted_at) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(fitted_at) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(fitted_at) ON TABLE public.closing_run_row TO kenshin_app;

GRANT INSERT(index_l) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(index_l) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(index_l) ON TABLE public.closing_run_row TO kenshin_app;

GRANT INSERT(read_at) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(read_at) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(read_at) ON TABLE public.closing_run_row TO kenshin_app;

GRANT INSERT(previous_meter_id) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(previous_meter_id) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(previous_meter_id) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(previous_meter_id) ON TABLE public.closing_run_row TO kenshin_register;

GRANT INSERT(previous_fitted_at) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(previous_fitted_at) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(previous_fitted_at) ON TABLE public.closing_run_row TO kenshin_app;

GRANT INSERT(previous_index_l) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(previous_index_l) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(previous_index_l) ON TABLE public.closing_run_row TO kenshin_app;

GRANT INSERT(previous_at) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(previous_at) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(previous_at) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(previous_at) ON TABLE public.closing_run_row TO kenshin_register;

GRANT INSERT(previous_change) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(previous_change) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(previous_change) ON TABLE public.closing_run_row TO kenshin_app;

GRANT INSERT(previous_floor_l) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(previous_floor_l) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(previous_floor_l) ON TABLE public.closing_run_row TO kenshin_app;

GRANT INSERT(facts) ON TABLE public.closing_run_row TO kenshin_web;
GRANT INSERT(facts) ON TABLE public.closing_run_row TO kenshin_worker;
GRANT INSERT(facts) ON TABLE public.closing_run_row TO kenshin_app;
GRANT SELECT(facts) ON TABLE public.closing_run_row TO kenshin_register;

GRANT SELECT ON TABLE public.closing_run_seen TO kenshin_app;
GRANT SELECT ON TABLE public.closing_run_seen TO kenshin_register;

GRANT INSERT(utility_id) ON TABLE public.closing_run_seen TO kenshin_store;

GRANT INSERT(run_id) ON TABLE public.closing_run_seen TO kenshin_store;

GRANT INSERT(seen) ON TABLE public.closing_run_seen TO kenshin_store;

GRANT SELECT,INSERT,UPDATE ON TABLE public.consumer_access TO kenshin_app;
GRANT SELECT ON TABLE public.consumer_access TO kenshin_lookup;

GRANT SELECT(utility_id) ON TABLE public.consumer_access TO kenshin_register;

GRANT SELECT(occupancy_id) ON TABLE public.consumer_access TO kenshin_register;

GRANT SELECT ON TABLE public.day_change TO kenshin_web;
GRANT SELECT,DELETE ON TABLE public.day_change TO kenshin_worker;
GRANT SELECT ON TABLE public.day_change TO kenshin_app;
GRANT SELECT ON TABLE public.day_change TO kenshin_lookup;
GRANT SELECT,INSERT ON TABLE public.day_change TO kenshin_store;

GRANT INSERT(utility_id) ON TABLE public.day_change TO kenshin_register;

GRANT INSERT(what) ON TABLE public.day_change TO kenshin_register;

GRANT INSERT(meter_ids) ON TABLE public.day_change TO kenshin_register;

GRANT INSERT(days) ON TABLE public.day_change TO kenshin_register;

GRANT SELECT ON TABLE public.estimation_setting TO kenshin_web;
GRANT SELECT ON TABLE public.estimation_setting TO kenshin_worker;
GRANT SELECT ON TABLE public.estimation_setting TO kenshin_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.estimation_setting TO kenshin_register;

GRANT SELECT ON TABLE public.former_closing_day TO kenshin_web;
GRANT SELECT ON TABLE public.former_closing_day TO kenshin_worker;
GRANT SELECT ON TABLE public.former_closing_day TO kenshin_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.former_closing_day TO kenshin_register;

GRANT SELECT ON TABLE public.frame_quarantine TO kenshin_app;
GRANT SELECT,INSERT ON TABLE public.frame_quarantine TO kenshin_lookup;

GRANT SELECT(quarantine_id) ON TABLE public.frame_quarantine TO kenshin_web;

GRANT SELECT(utility_id) ON TABLE public.frame_quarantine TO kenshin_web;

GRANT SELECT(terminal_number) ON TABLE public.frame_quarantine TO kenshin_web;

GRANT SELECT(reason) ON TABLE public.frame_quarantine TO kenshin_web;

GRANT SELECT(received_at) ON TABLE public.frame_quarantine TO kenshin_web;

GRANT SELECT(is_authentic) ON TABLE public.frame_quarantine TO kenshin_web;

GRANT SELECT(meter_serial) ON TABLE public.frame_quarantine TO kenshin_web;

GRANT SELECT(day) ON TABLE public.frame_quarantine TO kenshin_web;

GRANT SELECT,INSERT,UPDATE ON TABLE series.meter_day TO kenshin_store;

GRANT SELECT ON TABLE public.meter_day TO kenshin_web;
GRANT SELECT ON TABLE public.meter_day TO kenshin_ingest;
GRANT SELECT ON TABLE public.meter_day TO kenshin_worker;
GRANT SELECT ON TABLE public.meter_day TO kenshin_app;
GRANT SELECT ON TABLE public.meter_day TO kenshin_register;

GRANT SELECT ON TABLE public.hourly_reading TO kenshin_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ingest_process TO kenshin_store;

GRANT SELECT ON TABLE public.job_kind TO kenshin_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.known_device TO kenshin_lookup;

GRANT SELECT ON TABLE public.mail TO kenshin_worker;
GRANT SELECT ON TABLE public.mail TO kenshin_app;

GRANT INSERT(utility_id) ON TABLE public.mail TO kenshin_worker;
GRANT INSERT(utility_id) ON TABLE public.mail TO kenshin_app;
GRANT SELECT(utility_id) ON TABLE public.mail TO kenshin_lookup;
GRANT SELECT(utility_id) ON TABLE public.mail TO kenshin_register;

GRANT SELECT(mail_id) ON TABLE public.mail TO kenshin_lookup;

GRANT INSERT(account_id) ON TABLE public.mail TO kenshin_worker;
GRANT INSERT(account_id) ON TABLE public.mail TO kenshin_app;
GRANT SELECT(account_id) ON TABLE public.mail TO kenshin_lookup;
GRANT SELECT(account_id) ON TABLE public.mail TO kenshin_register;

GRANT INSERT(kind) ON TABLE public.mail TO kenshin_worker;
GRANT INSERT(kind) ON TABLE public.mail TO kenshin_app;
GRANT SELECT(kind) ON TABLE public.mail TO kenshin_lookup;
GRANT SELECT(kind) ON TABLE public.mail TO kenshin_jobs;
GRANT SELECT(kind) ON TABLE public.mail TO kenshin_register;

GRANT INSERT(key) ON TABLE public.mail TO kenshin_worker;
GRANT INSERT(key) ON TABLE public.mail TO kenshin_app;
GRANT SELECT(key) ON TABLE public.mail TO kenshin_register;

GRANT INSERT(input) ON TABLE public.mail TO kenshin_worker;
GRANT INSERT(input) ON TABLE public.mail TO kenshin_app;

GRANT UPDATE(state) ON TABLE public.mail TO kenshin_worker;
GRANT UPDATE(state) ON TABLE public.mail TO kenshin_app;
GRANT SELECT(state) ON TABLE public.mail TO kenshin_lookup;
GRANT SELECT(state) ON TABLE public.mail TO kenshin_jobs;
GRANT SELECT(state) ON TABLE public.mail TO kenshin_register;

GRANT UPDATE(drop_reason) ON TABLE public.mail TO kenshin_worker;
GRANT UPDATE(drop_reason) ON TABLE public.mail TO kenshin_app;

GRANT UPDATE(attempts) ON TABLE public.mail TO kenshin_worker;

GRANT UPDATE(attempted_at) ON TABLE public.mail TO kenshin_worker;

GRANT UPDATE(last_error) ON TABLE public.mail TO kenshin_worker;

GRANT INSERT(entered_at) ON TABLE public.mail TO kenshin_worker;
GRANT INSERT(entered_at) ON TABLE public.mail TO kenshin_app;
GRANT SELECT(entered_at) ON TABLE public.mail TO kenshin_jobs;
GRANT SELECT(entered_at) ON TABLE public.mail TO kenshin_register;

GRANT INSERT(entered_by) ON TABLE public.mail TO kenshin_worker;
GRANT INSERT(entered_by) ON TABLE public.mail TO kenshin_app;

GRANT UPDATE(sent_at) ON TABLE public.mail TO kenshin_worker;
GRANT SELECT(sent_at) ON TABLE public.mail TO kenshin_register;

GRANT UPDATE(smtp_reply) ON TABLE public.mail TO kenshin_worker;

GRANT UPDATE(message_id) ON TABLE public.mail TO kenshin_worker;

GRANT SELECT ON TABLE public.meter TO kenshin_web;
GRANT SELECT ON TABLE public.meter TO kenshin_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.meter TO kenshin_app;
GRANT SELECT ON TABLE public.meter TO kenshin_lookup;
GRANT SELECT,INSERT,DELETE ON TABLE public.meter TO kenshin_register;

GRANT UPDATE(size) ON TABLE public.meter TO kenshin_register;

GRANT UPDATE(dial_l) ON TABLE public.meter TO kenshin_register;

GRANT SELECT ON TABLE public.meter_day_revision TO kenshin_web;
GRANT SELECT ON TABLE public.meter_day_revision TO kenshin_ingest;
GRANT SELECT ON TABLE public.meter_day_revision TO kenshin_worker;
GRANT SELECT ON TABLE public.meter_day_revision TO kenshin_app;
GRANT SELECT,INSERT ON TABLE public.meter_day_revision TO kenshin_store;

GRANT SELECT ON TABLE public.meter_exchange TO kenshin_web;
GRANT SELECT ON TABLE public.meter_exchange TO kenshin_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.meter_exchange TO kenshin_register;

GRANT SELECT ON TABLE public.meter_fitting TO kenshin_web;
GRANT SELECT ON TABLE public.meter_fitting TO kenshin_ingest;
GRANT SELECT ON TABLE public.meter_fitting TO kenshin_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.meter_fitting TO kenshin_app;
GRANT SELECT ON TABLE public.meter_fitting TO kenshin_lookup;
GRANT SELECT ON TABLE public.meter_fitting TO kenshin_store;
GRANT SELECT,INSERT,DELETE ON TABLE public.meter_fitting TO kenshin_register;

GRANT UPDATE(removed_at) ON TABLE public.meter_fitting TO kenshin_register;

GRANT UPDATE(final_index_l) ON TABLE public.meter_fitting TO kenshin_register;

GRANT SELECT ON TABLE public.place_circumstance TO kenshin_web;
GRANT SELECT ON TABLE public.place_circumstance TO kenshin_worker;
GRANT SELECT ON TABLE public.place_circumstance TO kenshin_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.place_circumstance TO kenshin_register;

GRANT SELECT,INSERT,UPDATE ON TABLE public.poll_plan TO kenshin_worker;
GRANT SELECT ON TABLE public.poll_plan TO kenshin_app;

GRANT SELECT ON TABLE public.reading_fault TO kenshin_web;
GRANT SELECT ON TABLE public.reading_fault TO kenshin_ingest;
GRANT SELECT ON TABLE public.reading_fault TO kenshin_worker;
GRANT SELECT ON TABLE public.reading_fault TO kenshin_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.reading_fault TO kenshin_store;
GRANT SELECT ON TABLE public.reading_fault TO kenshin_register;

GRANT SELECT ON TABLE public.reading_mark TO kenshin_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reading_mark TO kenshin_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reading_mark TO kenshin_app;
GRANT SELECT ON TABLE public.reading_mark TO kenshin_register;

GRANT UPDATE(seen_by) ON TABLE public.reading_mark TO kenshin_register;

GRANT UPDATE(seen_name) ON TABLE public.reading_mark TO kenshin_register;

GRANT UPDATE(seen_at) ON TABLE public.reading_mark TO kenshin_register;

GRANT UPDATE(note) ON TABLE public.reading_mark TO kenshin_register;

GRANT SELECT ON TABLE public.reading_request TO kenshin_web;
GRANT SELECT,UPDATE ON TABLE public.reading_request TO kenshin_ingest;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reading_request TO kenshin_worker;
GRANT SELECT ON TABLE public.reading_request TO kenshin_app;
GRANT SELECT ON TABLE public.reading_request TO kenshin_register;

GRANT SELECT ON TABLE public.reading_verdict TO kenshin_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reading_verdict TO kenshin_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reading_verdict TO kenshin_app;
GRANT SELECT ON TABLE public.reading_verdict TO kenshin_store;

GRANT SELECT,DELETE ON TABLE public.ready_mail TO kenshin_worker;
GRANT SELECT ON TABLE public.ready_mail TO kenshin_app;
GRANT SELECT ON TABLE public.ready_mail TO kenshin_lookup;
GRANT SELECT,INSERT,DELETE ON TABLE public.ready_mail TO kenshin_register;

GRANT UPDATE(closes_on) ON TABLE public.ready_mail TO kenshin_worker;

GRANT UPDATE(awaited_supply_point_id) ON TABLE public.ready_mail TO kenshin_worker;

GRANT UPDATE(look_at) ON TABLE public.ready_mail TO kenshin_worker;

GRANT SELECT,DELETE ON TABLE public.run_change TO kenshin_worker;
GRANT SELECT ON TABLE public.run_change TO kenshin_app;
GRANT SELECT ON TABLE public.run_change TO kenshin_register;

GRANT INSERT(utility_id) ON TABLE public.run_change TO kenshin_store;

GRANT INSERT(what) ON TABLE public.run_change TO kenshin_store;

GRANT INSERT(meter_ids) ON TABLE public.run_change TO kenshin_store;

GRANT INSERT(days) ON TABLE public.run_change TO kenshin_store;

GRANT INSERT(supply_point_id) ON TABLE public.run_change TO kenshin_store;

GRANT INSERT(first_day) ON TABLE public.run_change TO kenshin_store;

GRANT INSERT(last_day) ON TABLE public.run_change TO kenshin_store;

REVOKE ALL ON TABLE public.seal_key FROM kenshin_seal;
GRANT SELECT ON TABLE public.seal_key TO kenshin_seal;

GRANT SELECT ON TABLE public.session TO kenshin_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.session TO kenshin_lookup;

GRANT UPDATE(revoked_at) ON TABLE public.session TO kenshin_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_try TO kenshin_lookup;

REVOKE ALL ON TABLE public.sound_day FROM kenshin_store;
GRANT SELECT ON TABLE public.sound_day TO kenshin_store;
GRANT SELECT ON TABLE public.sound_day TO kenshin_web;
GRANT SELECT ON TABLE public.sound_day TO kenshin_worker;
GRANT SELECT ON TABLE public.sound_day TO kenshin_app;
GRANT SELECT ON TABLE public.sound_day TO kenshin_register;

GRANT SELECT,INSERT,DELETE ON TABLE public.taken_frame TO kenshin_store;

GRANT SELECT ON TABLE public.tariff TO kenshin_web;
GRANT SELECT ON TABLE public.tariff TO kenshin_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.tariff TO kenshin_app;
GRANT SELECT ON TABLE public.tariff TO kenshin_register;

GRANT SELECT,INSERT,UPDATE ON TABLE public.terminal TO kenshin_app;
GRANT SELECT ON TABLE public.terminal TO kenshin_lookup;
GRANT SELECT ON TABLE public.terminal TO kenshin_register;

GRANT SELECT(utility_id) ON TABLE public.terminal TO kenshin_web;
GRANT SELECT(utility_id) ON TABLE public.terminal TO kenshin_ingest;
GRANT SELECT(utility_id) ON TABLE public.terminal TO kenshin_worker;

GRANT SELECT(terminal_id) ON TABLE public.terminal TO kenshin_web;
GRANT SELECT(terminal_id) ON TABLE public.terminal TO kenshin_ingest;
GRANT SELECT(terminal_id) ON TABLE public.terminal TO kenshin_worker;

GRANT SELECT(number) ON TABLE public.terminal TO kenshin_web;
GRANT SELECT(number) ON TABLE public.terminal TO kenshin_ingest;
GRANT SELECT(number) ON TABLE public.terminal TO kenshin_worker;

GRANT SELECT(model) ON TABLE public.terminal TO kenshin_web;
GRANT SELECT(model) ON TABLE public.terminal TO kenshin_ingest;
GRANT SELECT(model) ON TABLE public.terminal TO kenshin_worker;

GRANT SELECT(report_minute) ON TABLE public.terminal TO kenshin_web;
GRANT SELECT(report_minute) ON TABLE public.terminal TO kenshin_ingest;
GRANT SELECT(report_minute) ON TABLE public.terminal TO kenshin_worker;

GRANT SELECT(report_window_minutes) ON TABLE public.terminal TO kenshin_web;
GRANT SELECT(report_window_minutes) ON TABLE public.terminal TO kenshin_ingest;
GRANT SELECT(report_window_minutes) ON TABLE public.terminal TO kenshin_worker;

GRANT SELECT(registered_at) ON TABLE public.terminal TO kenshin_web;
GRANT SELECT(registered_at) ON TABLE public.terminal TO kenshin_ingest;
GRANT SELECT(registered_at) ON TABLE public.terminal TO kenshin_worker;

GRANT SELECT(retired_at) ON TABLE public.terminal TO kenshin_web;
GRANT SELECT(retired_at) ON TABLE public.terminal TO kenshin_ingest;
GRANT SELECT(retired_at) ON TABLE public.terminal TO kenshin_worker;

GRANT SELECT ON TABLE public.terminal_clock_doubt TO kenshin_worker;
GRANT SELECT ON TABLE public.terminal_clock_doubt TO kenshin_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.terminal_clock_doubt TO kenshin_store;

GRANT SELECT ON TABLE public.terminal_fitting TO kenshin_web;
GRANT SELECT ON TABLE public.terminal_fitting TO kenshin_ingest;
GRANT SELECT ON TABLE public.terminal_fitting TO kenshin_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.terminal_fitting TO kenshin_app;
GRANT SELECT ON TABLE public.terminal_fitting TO kenshin_lookup;
GRANT SELECT,INSERT,DELETE ON TABLE public.terminal_fitting TO kenshin_register;

GRANT UPDATE(to_at) ON TABLE public.terminal_fitting TO kenshin_register;

GRANT SELECT,INSERT,UPDATE ON TABLE public.terminal_key TO kenshin_app;
GRANT SELECT ON TABLE public.terminal_key TO kenshin_lookup;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.terminal_owner TO kenshin_store;

GRANT SELECT,INSERT,UPDATE ON TABLE public.terminal_setting TO kenshin_ingest;
GRANT SELECT ON TABLE public.terminal_setting TO kenshin_app;

GRANT SELECT,INSERT ON TABLE public.terminal_state TO kenshin_app;
GRANT SELECT ON TABLE public.terminal_state TO kenshin_lookup;
GRANT SELECT,UPDATE ON TABLE public.terminal_state TO kenshin_store;

GRANT SELECT(utility_id) ON TABLE public.terminal_state TO kenshin_web;
GRANT SELECT(utility_id) ON TABLE public.terminal_state TO kenshin_ingest;
GRANT SELECT(utility_id) ON TABLE public.terminal_state TO kenshin_worker;

GRANT SELECT(terminal_id) ON TABLE public.terminal_state TO kenshin_web;
GRANT SELECT(terminal_id) ON TABLE public.terminal_state TO kenshin_ingest;
GRANT SELECT(terminal_id) ON TABLE public.terminal_state TO kenshin_worker;

GRANT SELECT(last_seen_at) ON TABLE public.terminal_state TO kenshin_web;
GRANT SELECT(last_seen_at) ON TABLE public.terminal_state TO kenshin_ingest;
GRANT SELECT(last_seen_at) ON TABLE public.terminal_state TO kenshin_worker;
GRANT UPDATE(last_seen_at) ON TABLE public.terminal_state TO kenshin_lookup;

GRANT SELECT(battery_mv) ON TABLE public.terminal_state TO kenshin_web;
GRANT SELECT(battery_mv) ON TABLE public.terminal_state TO kenshin_ingest;
GRANT SELECT(battery_mv) ON TABLE public.terminal_state TO kenshin_worker;

GRANT SELECT(signal_dbm) ON TABLE public.terminal_state TO kenshin_web;
GRANT SELECT(signal_dbm) ON TABLE public.terminal_state TO kenshin_ingest;
GRANT SELECT(signal_dbm) ON TABLE public.terminal_state TO kenshin_worker;

GRANT SELECT(link) ON TABLE public.terminal_state TO kenshin_web;
GRANT SELECT(link) ON TABLE public.terminal_state TO kenshin_ingest;
GRANT SELECT(link) ON TABLE public.terminal_state TO kenshin_worker;

GRANT SELECT(firmware) ON TABLE public.terminal_state TO kenshin_web;
GRANT SELECT(firmware) ON TABLE public.terminal_state TO kenshin_ingest;
GRANT SELECT(firmware) ON TABLE public.terminal_state TO kenshin_worker;

GRANT SELECT(clock_offset_s) ON TABLE public.terminal_state TO kenshin_web;
GRANT SELECT(clock_offset_s) ON TABLE public.terminal_state TO kenshin_ingest;
GRANT SELECT(clock_offset_s) ON TABLE public.terminal_state TO kenshin_worker;

GRANT SELECT ON TABLE public.terminal_test TO kenshin_ingest;
GRANT SELECT,INSERT ON TABLE public.terminal_test TO kenshin_app;
GRANT SELECT ON TABLE public.terminal_test TO kenshin_lookup;

GRANT UPDATE(sent_at) ON TABLE public.terminal_test TO kenshin_ingest;

GRANT UPDATE(acknowledged_at) ON TABLE public.terminal_test TO kenshin_ingest;

GRANT UPDATE(answered_at) ON TABLE public.terminal_test TO kenshin_ingest;

GRANT SELECT ON TABLE public.usage_decision TO kenshin_web;
GRANT SELECT ON TABLE public.usage_decision TO kenshin_worker;
GRANT SELECT ON TABLE public.usage_decision TO kenshin_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.usage_decision TO kenshin_register;

GRANT SELECT ON TABLE public.utility TO kenshin_web;
GRANT SELECT ON TABLE public.utility TO kenshin_ingest;
GRANT SELECT ON TABLE public.utility TO kenshin_worker;
GRANT SELECT ON TABLE public.utility TO kenshin_app;
GRANT SELECT ON TABLE public.utility TO kenshin_lookup;

GRANT SELECT(utility_id) ON TABLE public.utility TO kenshin_register;

GRANT SELECT(second_look_l),UPDATE(second_look_l) ON TABLE public.utility TO kenshin_register;

GRANT SELECT ON TABLE public.validation_ahead TO kenshin_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.validation_ahead TO kenshin_worker;
GRANT SELECT,INSERT ON TABLE public.validation_ahead TO kenshin_app;
GRANT SELECT ON TABLE public.validation_ahead TO kenshin_lookup;

GRANT SELECT ON TABLE public.validation_state TO kenshin_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.validation_state TO kenshin_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.validation_state TO kenshin_app;
GRANT SELECT ON TABLE public.validation_state TO kenshin_lookup;

GRANT SELECT ON TABLE public.volume_factor TO kenshin_web;
GRANT SELECT ON TABLE public.volume_factor TO kenshin_worker;
GRANT SELECT ON TABLE public.volume_factor TO kenshin_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.volume_factor TO kenshin_register;

GRANT SELECT ON TABLE public.withdrawn_meter TO kenshin_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.withdrawn_meter TO kenshin_register;

GRANT SELECT ON TABLE public.write_request TO kenshin_web;
GRANT SELECT ON TABLE public.write_request TO kenshin_app;
GRANT SELECT,DELETE ON TABLE public.write_request TO kenshin_register;

GRANT INSERT(utility_id) ON TABLE public.write_request TO kenshin_web;

GRANT INSERT(actor) ON TABLE public.write_request TO kenshin_web;

GRANT INSERT(key) ON TABLE public.write_request TO kenshin_web;

GRANT INSERT(route) ON TABLE public.write_request TO kenshin_web;

GRANT INSERT(body_hash) ON TABLE public.write_request TO kenshin_web;

GRANT UPDATE(status) ON TABLE public.write_request TO kenshin_web;
GRANT UPDATE(status) ON TABLE public.write_request TO kenshin_register;

GRANT UPDATE(location) ON TABLE public.write_request TO kenshin_web;

GRANT UPDATE(answer) ON TABLE public.write_request TO kenshin_web;

ALTER DEFAULT PRIVILEGES FOR ROLE OWNER REVOKE ALL ON FUNCTIONS FROM PUBLIC;

-- hypertable series.meter_day: by day, chunks of 30 days
-- runs as kenshin_jobs: count_mail_workers()
-- runs as kenshin_jobs: count_unsent_mails()
-- runs as kenshin_jobs: count_workers()
-- runs as kenshin_jobs: enqueue_job(text,integer,jsonb,text,timestamp with time zone,boolean)
-- runs as kenshin_jobs: hold_as_any_worker()
-- runs as kenshin_jobs: hold_as_mail_worker()
-- runs as kenshin_jobs: hold_worker(text)
-- runs as kenshin_jobs: list_jobs()
-- runs as kenshin_jobs: release_dead_workers()
-- runs as kenshin_jobs: retry_job(bigint)
-- runs as kenshin_lookup: begin_sign_in(text,text,text,text,text)
-- runs as kenshin_lookup: claim_api_key(text)
-- runs as kenshin_lookup: claim_closing_issue(integer,integer)
-- runs as kenshin_lookup: claim_session(text)
-- runs as kenshin_lookup: end_session(uuid,boolean)
-- runs as kenshin_lookup: finish_sign_in(text,text,text,bytea,bytea,text,text,text)
-- runs as kenshin_lookup: forget_sign_in_tries(text,text)
-- runs as kenshin_lookup: hold_sign_in_name(integer,text,text)
-- runs as kenshin_lookup: mail_recipient(bigint)
-- runs as kenshin_lookup: quarantine_frame(text,text,text,integer,bytea,timestamp with time zone,boolean,text,date,boolean)
-- runs as kenshin_lookup: ready_mail_recipients(integer,date)
-- runs as kenshin_lookup: serve_utility(integer)
-- runs as kenshin_lookup: sign_in_utility(text)
-- runs as kenshin_lookup: terminal_for_connect(text)
-- runs as kenshin_lookup: terminals_called(timestamp with time zone,timestamp with time zone)
-- runs as kenshin_lookup: unvalidated_changes(integer,integer)
-- runs as kenshin_lookup: utilities_to_poll()
-- runs as kenshin_lookup: utilities_to_validate()
-- runs as kenshin_register: actor_name_of(text)
-- runs as kenshin_register: ask_closing_issue(integer,date[],text,text,text,text,integer,timestamp with time zone,text)
-- runs as kenshin_register: ask_ready_mail(integer,date,boolean,timestamp with time zone,text)
-- runs as kenshin_register: begin_closing_issue(integer,timestamp with time zone)
-- runs as kenshin_register: cancel_closing_issue(integer,timestamp with time zone,text)
-- runs as kenshin_register: certify_usage(integer,date,integer,text,text)
-- runs as kenshin_register: change_stay(integer,integer,text,date,date,date[],text)
-- runs as kenshin_register: change_supply_point(integer,text,date,integer,integer,integer,date[],text)
-- runs as kenshin_register: check_closing_run(integer,json,bytea,text)
-- runs as kenshin_register: closing_actor(text)
-- runs as kenshin_register: closing_actor_name(text)
-- runs as kenshin_register: closing_day_on(integer,date)
-- runs as kenshin_register: closing_files(bigint,date)
-- runs as kenshin_register: closing_files_of(integer,timestamp with time zone,bigint)
-- runs as kenshin_register: closing_files_over(integer,date,bigint,integer)
-- runs as kenshin_register: correct_meter(integer,integer,numeric,integer,date[],text)
-- runs as kenshin_register: correct_usage(integer,date,integer,numeric,text,text,text)
-- runs as kenshin_register: deciding_actor(text,text[])
-- runs as kenshin_register: edit_actor(text)
-- runs as kenshin_register: edit_actor_name(text)
-- runs as kenshin_register: edit_reading(integer,date,text,smallint[],integer[],text,text,date[],text)
-- runs as kenshin_register: exchange_meter(integer,timestamp with time zone,integer,text,integer,numeric,integer,date,date[],text)
-- runs as kenshin_register: exchange_terminal(integer,text,timestamp with time zone,date[],text)
-- runs as kenshin_register: fail_closing_issue(integer,integer,text,text,json,timestamp with time zone)
-- runs as kenshin_register: finish_closing_issue(integer,integer,integer[],integer[],timestamp with time zone)
-- runs as kenshin_register: fit_meter(integer,text,timestamp with time zone,integer,numeric,integer,date,date[],text)
-- runs as kenshin_register: forget_write_requests()
-- runs as kenshin_register: hold_closing_runs()
-- runs as kenshin_register: issue_closing_run(integer,timestamp with time zone,text)
-- runs as kenshin_register: issued_rows_of(integer)
-- runs as kenshin_register: layout_actor(text)
-- runs as kenshin_register: name_of_actor(text)
-- runs as kenshin_register: open_closing_run(integer,date,date,text,text,integer,timestamp with time zone,text)
-- runs as kenshin_register: ready_mail_account(text)
-- runs as kenshin_register: ready_mail_address(text)
-- runs as kenshin_register: ready_mails(text)
-- runs as kenshin_register: record_circumstance(integer,text,date,date,text,text)
-- runs as kenshin_register: record_issued_run()
-- runs as kenshin_register: refuse_unlike_closings(date[],date[])
-- runs as kenshin_register: register_actor(text)
-- runs as kenshin_register: remove_closing_layout(integer,timestamp with time zone,text)
-- runs as kenshin_register: remove_meter(integer,timestamp with time zone,integer,date[],text)
-- runs as kenshin_register: resting_on_change(integer)
-- runs as kenshin_register: resting_on_exchange(integer)
-- runs as kenshin_register: resting_on_fitting(integer)
-- runs as kenshin_register: run_changes_since(integer,integer)
-- runs as kenshin_register: save_closing_layout(integer,integer,text,json,timestamp with time zone,text)
-- runs as kenshin_register: second_edit(integer,boolean,date[],text)
-- runs as kenshin_register: see_reading_mark(integer,text,date,boolean,text,text)
-- runs as kenshin_register: sent_ready_mails(text,integer)
-- runs as kenshin_register: set_estimation(text,integer,text)
-- runs as kenshin_register: set_second_look(integer,text)
-- runs as kenshin_register: set_volume_factor(integer,date,numeric,text,text)
-- runs as kenshin_register: take_back_edit(integer,date[],text)
-- runs as kenshin_register: take_withdrawn_number()
-- runs as kenshin_register: undo_exchange(integer,text)
-- runs as kenshin_register: undo_register_change(integer,text)
-- runs as kenshin_register: withdraw_circumstance(integer,text)
-- runs as kenshin_register: withdraw_ready_mail(integer,text)
-- runs as kenshin_register: withdraw_usage_decision(integer,text)
-- runs as kenshin_seal: current_utility_id()
-- runs as kenshin_seal: seal_utility(integer,text)
-- runs as kenshin_seal: sealed_actor()
-- runs as kenshin_store: call_former_owner()
-- runs as kenshin_store: call_terminal(integer)
-- runs as kenshin_store: chain_audit()
-- runs as kenshin_store: claim_terminals(uuid,integer[],integer[])
-- runs as kenshin_store: day_is_received(integer,date)
-- runs as kenshin_store: enter_taken_counter()
-- runs as kenshin_store: hold_terminals(uuid,integer[],integer[],bigint[])
-- runs as kenshin_store: keep_process(uuid)
-- runs as kenshin_store: keep_revision()
-- runs as kenshin_store: merge_day_reports(integer,day_report_row[],timestamp with time zone)
-- runs as kenshin_store: note_area_limits()
-- runs as kenshin_store: note_clock_doubt()
-- runs as kenshin_store: note_meter_fitting()
-- runs as kenshin_store: note_place_change(integer,integer,integer[],date,date)
-- runs as kenshin_store: note_reading_faults(integer,integer[],date[],smallint[],integer[],integer[],timestamp with time zone)
-- runs as kenshin_store: note_run_change()
-- runs as kenshin_store: note_run_register()
-- runs as kenshin_store: note_run_seen()
-- runs as kenshin_store: note_run_verdict()
-- runs as kenshin_store: note_supply_point()
-- runs as kenshin_store: note_terminal_fitting()
-- runs as kenshin_store: prune_taken_frames(timestamp with time zone,integer,integer)
-- runs as kenshin_store: release_terminals(uuid,integer[],integer[],bigint[])
-- runs as kenshin_store: store_day_reports(integer,day_report_row[],terminal_mark[],timestamp with time zone)
-- runs as kenshin_store: take_down_counters(integer,integer)
-- runs as kenshin_store: take_uplink_frames(integer[],bigint[],integer[],smallint[],boolean[],timestamp with time zone[])
