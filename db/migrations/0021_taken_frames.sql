-- Frames that are stored outside the batch of day reports, each by statements of its own: the database itself decides whether
-- a frame is new, so that two sidecars that hold the same frame never run it twice, and a frame whose counter says nothing any
-- more is neither run nor lost.

create table taken_frame (
  utility_id integer not null,
  terminal_id integer not null,
  counter bigint not null check (counter between 1 and 4294967295),
  frame_check integer not null,
  type smallint not null check (type between 0 and 127),
  received_at timestamptz not null,
  primary key (utility_id, terminal_id, counter),
  foreign key (utility_id, terminal_id) references terminal (utility_id, terminal_id)
);
comment on table taken_frame is 'Uplink frames that were run by statements of their own, in the same transaction. Kept for good: by these rows a frame that comes again is known.';
comment on column taken_frame.counter is 'Uplink counter of the frame.';
comment on column taken_frame.frame_check is 'First four bytes of the frame''s tag as a signed integer: tells the frame again from another one of the same counter.';
comment on column taken_frame.type is 'Type byte of the message.';
comment on column taken_frame.received_at is 'When the frame was received.';

alter table taken_frame enable row level security;
alter table taken_frame force row level security;
create policy tenant on taken_frame to kenshin_app using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()));
create policy store on taken_frame to kenshin_store using (true) with check (true);

create function judge_counter(high bigint, seen bigint, counter bigint) returns text
  language sql immutable parallel safe
  return case
    when counter > high then 'fresh'
    when high - counter > 63 then 'too_old'
    when seen & (1::bigint << (high - counter)::integer) = 0 then 'fresh'
    else 'seen'
  end;
comment on function judge_counter is 'What a replay window says of a counter: fresh, seen, or too_old, which is below the window and says nothing.';

create function take_uplink_frames(terminals integer[], counters bigint[], checks integer[], types smallint[],
                                   arrived_fresh boolean[], received timestamptz[])
  returns text[]
  language plpgsql security definer
  set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off
  set enable_mergejoin = off
  set enable_seqscan = off
  set jit = off
as $$
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
    -- A frame that was fresh when it came and was overtaken since is still new where there is no row of it.
    where judge_counter(s.up_high, s.up_window, f.counter) = any (array['fresh', case when f.arrived_fresh then 'too_old' end])
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
comment on function take_uplink_frames is 'Takes frames of this transaction''s utility, which the caller runs in the same transaction. Of each, in the order given: taken; repeated, which was taken before; or replayed, whose counter was used or is too old and which was never taken.';

-- When the transaction ends, so that a batch of day reports of the same terminal waits for no statement of it. Who takes a
-- frame cannot leave this out.
create function enter_taken_counter() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  update terminal_state s
  set up_high = greatest(s.up_high, new.counter),
      up_window = merge_window(s.up_high, s.up_window, new.counter, 1),
      last_seen_at = greatest(s.last_seen_at, new.received_at)
  where s.utility_id = new.utility_id and s.terminal_id = new.terminal_id;
  return null;
end $$;
comment on function enter_taken_counter is 'Enters the counter of a taken frame into its terminal''s replay window, and the contact.';
create constraint trigger enter_counter after insert on taken_frame deferrable initially deferred
  for each row execute function enter_taken_counter();

grant create on schema public to kenshin_store;
alter function judge_counter owner to kenshin_store;
alter function take_uplink_frames owner to kenshin_store;
alter function enter_taken_counter owner to kenshin_store;
revoke create on schema public from kenshin_store;
revoke execute on function judge_counter, take_uplink_frames, enter_taken_counter from public;
