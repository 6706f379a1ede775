-- A registration code can be taken back, also of a household that has moved out: what it once opened, its own past, is
-- then closed. The row stays, so that the audit's consumer has a beginning and an end.

alter table consumer_access add column withdrawn_at timestamptz;
comment on column consumer_access.withdrawn_at is 'Since then the code opens nothing; a new code clears it.';

create or replace function consumer_sign_in(utility_code text, customer_number text)
  returns table (utility_id integer, occupancy_id integer, code_hash text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select u.utility_id, c.occupancy_id, c.code_hash
  from utility u
  left join lateral (
    select a.occupancy_id, a.code_hash
    from consumer_access a
    join occupancy o on o.utility_id = a.utility_id and o.occupancy_id = a.occupancy_id
    where a.utility_id = u.utility_id and o.customer_number = $2 and a.withdrawn_at is null
    order by o.from_on desc limit 1
  ) c on true
  where u.code = $1
$$;
