-- A registration code can be taken back, also of a household that has moved out: what it once opened, its own past, is
-- then closed. The row stays, so that the audit's consumer has a beginning and an end.

alter table consumer_access add column withdrawn_at timestamptz;
comment on column consumer_access.withdrawn_at is 'Since then the code opens nothing; a new code clears it.';
