-- What is known of a refused frame, so that it can be shown where a terminal or a meter is looked at: whether it was
-- authentic, and what an authentic day report named. An authentic frame is a contact with the terminal, accepted or not.

alter table frame_quarantine
  add column is_authentic boolean not null default false,
  add column meter_serial text,
  add column day date;
comment on column frame_quarantine.is_authentic is 'True when the frame was opened with the terminal''s key: it came from the terminal.';
comment on column frame_quarantine.meter_serial is 'Serial that an authentic day report named; null where the frame names none.';
comment on column frame_quarantine.day is 'JST day that an authentic day report named; null where the frame names none.';

-- Frames from before this migration were not opened again. All later reasons are found only in what was authentic.
update frame_quarantine
set is_authentic = reason not in (
  'unknown_terminal', 'frame_too_short', 'frame_too_long', 'unsupported_version', 'unsupported_suite', 'wrong_direction',
  'bad_counter', 'unknown_generation', 'authentication_failed'
);

create index frame_quarantine_unknown_meter on frame_quarantine (utility_id, received_at)
  where reason = 'unknown_meter';

create policy lookup_seen on terminal_state for update to kenshin_lookup using (true) with check (true);

drop function quarantine_frame(text, text, text, integer, bytea);
create function quarantine_frame(terminal_number text, topic text, reason text, reason_offset integer, bytes bytea,
                                 received_at timestamptz default now(), is_authentic boolean default false,
                                 meter_serial text default null, day date default null)
  returns bigint language sql security definer set search_path = public, pg_temp
as $$
  -- Until the end of the transaction: the frame is acknowledged after it, and must be on disk by then.
  select set_config('synchronous_commit', 'on', true);
  update terminal_state s set last_seen_at = greatest(s.last_seen_at, $6)
  from terminal t
  where $7 and t.number = $1 and s.utility_id = t.utility_id and s.terminal_id = t.terminal_id;
  insert into frame_quarantine (utility_id, terminal_number, topic, reason, reason_offset, bytes, received_at, is_authentic,
                                meter_serial, day)
  values ((select t.utility_id from terminal t where t.number = $1), $1, $2, $3, $4, $5, $6, $7, $8, $9)
  returning quarantine_id
$$;
comment on function quarantine_frame is 'Keeps a refused frame under the utility that registered the terminal number, or under none. An authentic frame is a contact with the terminal.';

create function note_terminal_contact(of_utility integer, of_terminal integer, at timestamptz)
  returns void language sql security definer set search_path = public, pg_temp
as $$
  update terminal_state set last_seen_at = greatest(last_seen_at, at)
  where utility_id = of_utility and terminal_id = of_terminal
$$;
comment on function note_terminal_contact is 'Notes that a terminal was heard, for an authentic frame that changes nothing else.';

grant create on schema public to kenshin_lookup, kenshin_store;
alter function quarantine_frame owner to kenshin_lookup;
alter function note_terminal_contact owner to kenshin_store;
revoke create on schema public from kenshin_lookup, kenshin_store;
revoke execute on function quarantine_frame, note_terminal_contact from public;
