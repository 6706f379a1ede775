-- Jobs: work that is done after the transaction that asks for it, by the worker (npm run worker). The queue itself is
-- graphile-worker's, in a schema of its own (db/job-queue.ts). No process writes into it: a job of a utility is entered by
-- enqueue_job, and what is a kind of job stands in job_kind.

do $$
declare r text;
begin
  foreach r in array array['kenshin_worker', 'kenshin_jobs'] loop
    if not exists (select from pg_roles where rolname = r) then
      execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole', r);
    end if;
  end loop;
end $$;
grant kenshin_jobs to current_user;

create table job_kind (
  kind text primary key check (kind ~ '^[a-z]+(-[a-z]+)*$'),
  of_utility boolean not null,
  max_attempts smallint not null check (max_attempts between 1 and 100)
);
comment on table job_kind is 'The kinds of jobs there are; the same list stands in lib/jobs/job-kinds.ts.';
comment on column job_kind.of_utility is 'True: a job of one utility, which enqueue_job enters. False: a job of the whole cloud, which the worker''s own schedule enters.';
comment on column job_kind.max_attempts is 'A job that failed so often stays in the queue and is run no more until it is retried by hand.';
insert into job_kind (kind, of_utility, max_attempts) values
  ('schedule-polling', false, 5),
  ('plan-polling', true, 25),
  ('tidy-queue', false, 5);

-- The name under which a job is entered once, and never run twice at one time: of its kind, its utility and its key.
create function enqueue_job(kind text, for_utility integer, input jsonb, key text, run_at timestamptz, keep boolean default false) returns bigint
  language plpgsql security definer set search_path = public, pg_temp
as $$
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
end $$;
comment on function enqueue_job is 'Enters a job of this transaction''s utility, which exists when the transaction commits; yields its number. With a key: one that waits under it takes the new input and time, or stays as it is where keep is true, and no two of a key run at one time.';

create function list_jobs()
  returns table (job_id bigint, kind text, of_utility boolean, key text, input json, created_at timestamptz, run_at timestamptz,
                 attempts integer, max_attempts integer, last_error text, running_since timestamptz)
  language plpgsql stable security definer set search_path = public, pg_temp
as $$
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
comment on function list_jobs is 'The jobs of this transaction''s utility and of the whole cloud that wait, run or have failed; one that is done is gone. last_error is the message of the latest attempt.';

create function retry_job(job_id bigint) returns boolean
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  update graphile_worker._private_jobs j
  set attempts = 0, run_at = now(), updated_at = now()
  where j.id = retry_job.job_id and j.locked_at is null
    and ((j.payload ->> 'utilityId') is null or (j.payload ->> 'utilityId')::integer = current_utility_id());
  if not found then return false; end if;
  perform pg_notify('jobs:insert', '{"r":"retry","count":1}');
  return true;
end $$;
comment on function retry_job is 'Has a job that waits or has failed run at once, with all its attempts before it; false where there is none or it runs.';

-- A worker that lives holds a lock in a session that it keeps for this; the lock ends with the session, however that ends.
create function hold_worker(worker_name text) returns boolean
  language sql security definer set search_path = public, pg_temp
as $$
  select pg_try_advisory_lock(hashtextextended('kenshin worker ' || worker_name, 0))
$$;
comment on function hold_worker is 'Says that the worker of this name lives for as long as this session.';

create function count_workers() returns integer
  language sql stable security definer set search_path = public, pg_temp
as $$
  select count(*)::integer from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('kenshin any worker', 0)
$$;
comment on function count_workers is 'How many workers live.';

create function hold_as_any_worker() returns void
  language sql security definer set search_path = public, pg_temp
as $$
  select pg_advisory_lock_shared(hashtextextended('kenshin any worker', 0))
$$;
comment on function hold_as_any_worker is 'Counts this session among the workers that live.';

create function release_dead_workers() returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
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
  perform graphile_worker.force_unlock_workers(dead);
  return cardinality(dead);
end $$;
comment on function release_dead_workers is 'Gives back the jobs of workers that live no more, so that others run them; yields how many such workers there were.';

grant create on schema public to kenshin_jobs;
alter function enqueue_job owner to kenshin_jobs;
alter function list_jobs owner to kenshin_jobs;
alter function retry_job owner to kenshin_jobs;
alter function hold_worker owner to kenshin_jobs;
alter function hold_as_any_worker owner to kenshin_jobs;
alter function count_workers owner to kenshin_jobs;
alter function release_dead_workers owner to kenshin_jobs;
revoke create on schema public from kenshin_jobs;
revoke execute on function enqueue_job, list_jobs, retry_job, hold_worker, hold_as_any_worker, count_workers, release_dead_workers from public;

-- How far the polling is planned: by the worker, no more by each sidecar for itself.
create table poll_plan (
  utility_id integer primary key references utility,
  planned_until timestamptz not null,
  looked_back_at timestamptz not null
);
comment on table poll_plan is 'How far the days that should have arrived are noted (reading_request); without a row nothing is.';
comment on column poll_plan.planned_until is 'Report windows that ended until then are looked at.';
comment on column poll_plan.looked_back_at is 'When all days that may still be asked for were looked at last.';
alter table poll_plan enable row level security;
alter table poll_plan force row level security;
create policy tenant on poll_plan to kenshin_app, kenshin_worker
  using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
