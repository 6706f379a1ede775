-- A day corrected more often than its revision number can count goes on being corrected: the number stays at 32,767, and every
-- version is kept all the same, in the order of revision_id. (Widening the column would rewrite every chunk under a lock.)

alter table meter_day_revision drop constraint meter_day_revision_pkey;
alter table meter_day_revision add primary key (utility_id, meter_id, day, revision, revision_id);
comment on column meter_day_revision.revision is 'As in meter_day; from 32,767 on several versions have the same, revision_id tells their order.';
comment on column series.meter_day.revision is '0 for the first version, counting up with each change to at most 32,767 (meter_day_revision keeps the old ones).';
