-- What a terminal left in quarantine is looked up by its number; without these every look-up read the utility's whole
-- quarantine, or all of a terminal that fails all the time.

create index frame_quarantine_terminal on frame_quarantine (utility_id, terminal_number, quarantine_id);
create index frame_quarantine_latest on frame_quarantine (utility_id, terminal_number, received_at);
