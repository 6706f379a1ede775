-- The work-list (要確認): by how much the verdicts matter, so that the list is ordered by harm without reading any day.

alter table reading_verdict
  add column doubt_l integer[] not null default '{}',
  add column step_l integer[] not null default '{}';
comment on column reading_verdict.doubt_l is 'By how much each register in doubt lies outside what the nearest sound registers allow, element by element of hours. Litres; empty until the day is judged again.';
comment on column reading_verdict.step_l is 'Size of each step that cannot be explained, element by element of step_hours. Litres; empty until the day is judged again.';
create index reading_verdict_open on reading_verdict (utility_id, meter_id, day)
  where cardinality(hours) + cardinality(step_hours) > 0;
