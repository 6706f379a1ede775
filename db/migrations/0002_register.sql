-- The register: where gas is supplied, which meter and terminal are fitted there, and who the customer number is.
-- No name, address, phone number or e-mail address of a consumer exists here or anywhere in the schema.

create table area (
  utility_id integer not null references utility,
  area_id integer not null generated always as identity,
  parent_area_id integer,
  code text not null check (code <> ''),
  name text not null check (name <> ''),
  gas_kind text not null check (gas_kind in ('city', 'lp')),
  pressure_min_pa smallint not null,
  pressure_max_pa smallint not null,
  primary key (utility_id, area_id),
  unique (utility_id, code),
  foreign key (utility_id, parent_area_id) references area (utility_id, area_id),
  check (pressure_min_pa < pressure_max_pa)
);
comment on table area is 'A supply area (供給エリア), a tree by parent_area_id.';
comment on column area.gas_kind is 'city: 都市ガス; lp: LPガス.';
comment on column area.pressure_min_pa is 'Lower limit of supply pressure. Pascals (gauge).';
comment on column area.pressure_max_pa is 'Upper limit of supply pressure. Pascals (gauge).';

create table tariff (
  utility_id integer not null references utility,
  tariff_id integer not null generated always as identity,
  code text not null check (code <> ''),
  name text not null check (name <> ''),
  gas_kind text not null check (gas_kind in ('city', 'lp')),
  usage_rounding text not null
    check (usage_rounding in ('floor-of-difference', 'difference-of-floors', 'difference-of-floors-0.1')),
  primary key (utility_id, tariff_id),
  unique (utility_id, code)
);
comment on table tariff is 'A tariff (料金メニュー); so far only what closing needs of it.';
comment on column tariff.usage_rounding is 'How litres become billed m³ (three published habits).';

create table supply_point (
  utility_id integer not null references utility,
  supply_point_id integer not null generated always as identity,
  number text not null check (number ~ '^[0-9A-Za-z-]{1,32}$'),
  area_id integer not null,
  gas_kind text not null check (gas_kind in ('city', 'lp')),
  closing_day smallint not null check (closing_day between 1 and 31),
  tariff_id integer,
  opened_on date not null,
  closed_on date check (closed_on >= opened_on),
  primary key (utility_id, supply_point_id),
  unique (utility_id, number),
  foreign key (utility_id, area_id) references area (utility_id, area_id),
  foreign key (utility_id, tariff_id) references tariff (utility_id, tariff_id)
);
comment on table supply_point is 'A place where gas is supplied (設置場所).';
comment on column supply_point.closing_day is 'Closing day (締め日) 1–31; a month that is shorter closes on its last day, so 31 means month end.';
comment on column supply_point.closed_on is 'First JST date on which gas is no longer supplied (閉栓), or null.';
create index supply_point_area on supply_point (utility_id, area_id);

create table occupancy (
  utility_id integer not null references utility,
  occupancy_id integer not null generated always as identity,
  supply_point_id integer not null,
  customer_number text not null check (customer_number ~ '^[0-9A-Za-z-]{1,32}$'),
  from_on date not null,
  to_on date check (to_on > from_on),
  primary key (utility_id, occupancy_id),
  foreign key (utility_id, supply_point_id) references supply_point (utility_id, supply_point_id),
  constraint occupancy_one_customer_at_a_time exclude using gist
    (utility_id with =, supply_point_id with =, daterange(from_on, to_on) with &&),
  constraint occupancy_one_place_at_a_time exclude using gist
    (utility_id with =, customer_number with =, daterange(from_on, to_on) with &&)
);
comment on table occupancy is 'A customer number (お客様番号) at a supply point, for a half-open range of JST dates.';
comment on column occupancy.to_on is 'First JST date that is no longer this customer''s, or null.';

create table meter (
  utility_id integer not null references utility,
  meter_id integer not null generated always as identity,
  serial text not null check (serial ~ '^[0-9]{1,12}$'),
  gas_kind text not null check (gas_kind in ('city', 'lp')),
  size numeric(5, 1) not null check (size > 0),
  dial_l integer not null check (dial_l > 0),
  verification_expires_on date,
  primary key (utility_id, meter_id),
  unique (utility_id, serial)
);
comment on table meter is 'A gas meter (メーター).';
comment on column meter.size is 'Meter size (号): maximum flow in m³/h.';
comment on column meter.dial_l is 'Dial capacity: the register counts modulo this. Litres (99,999.999 m³ = 100,000,000).';
comment on column meter.verification_expires_on is 'Last day of the verification term (検定満期).';

create table meter_fitting (
  utility_id integer not null references utility,
  meter_id integer not null,
  supply_point_id integer not null,
  fitted_at timestamptz not null,
  removed_at timestamptz check (removed_at > fitted_at),
  start_index_l integer check (start_index_l >= 0),
  final_index_l integer check (final_index_l >= 0),
  primary key (utility_id, meter_id, fitted_at),
  foreign key (utility_id, meter_id) references meter (utility_id, meter_id),
  foreign key (utility_id, supply_point_id) references supply_point (utility_id, supply_point_id),
  constraint meter_fitting_one_meter_at_a_time exclude using gist
    (utility_id with =, supply_point_id with =, tstzrange(fitted_at, removed_at) with &&),
  constraint meter_fitting_one_place_at_a_time exclude using gist
    (utility_id with =, meter_id with =, tstzrange(fitted_at, removed_at) with &&)
);
comment on table meter_fitting is 'A meter at a supply point, from fitted_at until before removed_at.';
comment on column meter_fitting.start_index_l is 'Register when fitted, litres; null when it was not noted (a meter older than this system).';
comment on column meter_fitting.final_index_l is 'Register when removed (取替前指針), litres.';
create index meter_fitting_supply_point on meter_fitting (utility_id, supply_point_id);

create table terminal (
  utility_id integer not null references utility,
  terminal_id integer not null generated always as identity,
  number text not null check (number ~ '^[0-9]{1,16}$'),
  model text not null check (model in ('external', 'us', 'jo')),
  secret_hash bytea not null check (length(secret_hash) = 32),
  report_minute smallint not null default 60 check (report_minute between 0 and 1439),
  report_window_minutes smallint not null default 240 check (report_window_minutes between 1 and 1440),
  registered_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (utility_id, terminal_id)
);
-- The one key that does not start with utility_id: the number is the MQTT user name, known before the utility is.
create unique index terminal_number on terminal (number);
comment on table terminal is 'A terminal (検針端末) that reports for the meter beside it.';
comment on column terminal.number is 'Terminal number (無線機ID), decimal digits; leading zeros count. Unique over all utilities.';
comment on column terminal.secret_hash is 'SHA-256 of the terminal''s MQTT password (32 random bytes as base64url, so no slow hash is needed).';
comment on column terminal.report_minute is 'Minute of the JST day at which the report window opens.';
comment on column terminal.report_window_minutes is 'Length of the report window; a day that arrives after it is late. Minutes.';

create table terminal_fitting (
  utility_id integer not null references utility,
  terminal_id integer not null,
  supply_point_id integer not null,
  from_at timestamptz not null,
  to_at timestamptz check (to_at > from_at),
  primary key (utility_id, terminal_id, from_at),
  foreign key (utility_id, terminal_id) references terminal (utility_id, terminal_id),
  foreign key (utility_id, supply_point_id) references supply_point (utility_id, supply_point_id),
  constraint terminal_fitting_one_terminal_at_a_time exclude using gist
    (utility_id with =, supply_point_id with =, tstzrange(from_at, to_at) with &&),
  constraint terminal_fitting_one_place_at_a_time exclude using gist
    (utility_id with =, terminal_id with =, tstzrange(from_at, to_at) with &&)
);
comment on table terminal_fitting is 'A terminal at a supply point, from from_at until before to_at.';

create table terminal_key (
  utility_id integer not null references utility,
  terminal_id integer not null,
  generation smallint not null check (generation between 0 and 255),
  wrapped_key bytea not null check (length(wrapped_key) = 40),
  kek_id text not null check (kek_id <> ''),
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (utility_id, terminal_id, generation),
  foreign key (utility_id, terminal_id) references terminal (utility_id, terminal_id)
);
comment on table terminal_key is 'A terminal''s 256-bit key, wrapped (RFC 3394) under the utility''s own key-encryption key; up to two generations live.';
comment on column terminal_key.kek_id is 'Key check value of the key-encryption key that wraps this key, so that a wrong one is noticed by name.';

create table terminal_state (
  utility_id integer not null references utility,
  terminal_id integer not null,
  up_high bigint not null default 0,
  up_window bigint not null default 0,
  down_counter bigint not null default 0,
  last_seen_at timestamptz,
  battery_mv integer,
  signal_dbm smallint,
  link smallint,
  firmware integer,
  clock_offset_s integer,
  primary key (utility_id, terminal_id),
  foreign key (utility_id, terminal_id) references terminal (utility_id, terminal_id)
) with (fillfactor = 50);
comment on table terminal_state is 'What changes with every report; narrow and half empty so that updates stay in their page.';
comment on column terminal_state.up_high is 'Highest uplink counter committed; 0 before the first frame.';
comment on column terminal_state.up_window is 'Replay window: bit k is set when counter up_high − k is committed (k = 0…63).';
comment on column terminal_state.down_counter is 'Last downlink counter used.';
comment on column terminal_state.battery_mv is 'Battery voltage, millivolts.';
comment on column terminal_state.signal_dbm is 'Radio signal, dBm.';
comment on column terminal_state.link is '0: WAN (own LTE); 1: FAN (through a neighbour).';
comment on column terminal_state.clock_offset_s is 'Terminal clock minus server clock at the last live report, seconds.';

do $$
declare t text;
begin
  foreach t in array array['area', 'tariff', 'supply_point', 'occupancy', 'meter', 'meter_fitting',
                           'terminal', 'terminal_fitting', 'terminal_key', 'terminal_state'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app using (utility_id = current_utility_id()) with check (utility_id = current_utility_id())', t);
    execute format('grant select, insert, update on %I to kenshin_app', t);
    execute format('create policy lookup on %I for select to kenshin_lookup using (true)', t);
    execute format('grant select on %I to kenshin_lookup', t);
  end loop;
end $$;
