-- A job during which a worker ended, and not for the first time, may be what ended it: it waits like one that failed, instead of
-- running at once in the next worker and ending that one too.

create or replace function release_dead_workers() returns integer
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
  update graphile_worker._private_jobs j
  set last_error = 'its worker ended while it ran',
      run_at = case when j.attempts < 2 then j.run_at
                    else greatest(j.run_at, clock_timestamp() + exp(least(j.attempts, 10)) * interval '1 second') end
  where j.locked_by = any (dead);
  perform graphile_worker.force_unlock_workers(dead);
  return cardinality(dead);
end $$;
comment on function release_dead_workers is 'Gives back the jobs of workers that live no more, with that as their error: at its first attempt a job runs at once, later as long after it as one that failed (e to the number of attempts, seconds). Yields how many such workers there were.';
