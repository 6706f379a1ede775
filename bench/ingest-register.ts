/** Register of bench/ingest.ts: terminals whose secrets and keys the load knows. */
import type pg from 'pg';
import { certain } from '../lib/certain.ts';
import { parseKek } from '../lib/keys/kek.ts';
import { wrapKey } from '../lib/keys/key-wrap.ts';
import { createTerminalKey } from '../lib/keys/terminal-key.ts';
import { createTerminalSecret, hashTerminalSecret } from '../lib/keys/terminal-secret.ts';
import type { LoadPlan } from './ingest-load.ts';

/** Codes of the utilities; all use the same key-encryption key, in the benchmark's folder. */
export const UTILITIES = ['bench', 'beside'] as const;
export const KEK = 'a5'.repeat(32);

type BenchUtility = (typeof UTILITIES)[number];

/** Registers terminals of a utility, each with a meter fitted since the beginning. */
export async function registerTerminals(
  admin: pg.Pool,
  count: number,
  utility: BenchUtility = 'bench',
): Promise<LoadPlan['terminals']> {
  const kek = parseKek(KEK, 'the benchmark');
  const { rows } = await admin.query<{ done: number }>(
    'select count(*)::integer as done from terminal',
  );
  const first = certain(rows[0], 'the count').done;
  const terminals = Array.from({ length: count }, (_, at) => ({
    number: String(first + at + 1).padStart(11, '0'),
    secret: createTerminalSecret(),
    key: createTerminalKey(),
    serial: String(first + at + 1).padStart(10, '0'),
  }));
  await admin.query(
    `with owner as (
       insert into utility (code, name) values ('${utility}', 'ベンチガス')
       on conflict (code) do update set name = excluded.name returning utility_id
     ), place as (
       insert into area (utility_id, code, name, gas_kind, pressure_min_pa, pressure_max_pa)
       select utility_id, $1, 'bench', 'city', 1000, 2500 from owner returning utility_id, area_id
     ), given as (
       select * from unnest($2::text[], $3::bytea[], $4::bytea[], $5::text[]) with ordinality g (number, secret_hash, wrapped_key, serial, at)
     ), point as (
       insert into supply_point (utility_id, number, area_id, gas_kind, closing_day, opened_on)
       select p.utility_id, g.number, p.area_id, 'city', 31, '2000-01-01' from place p, given g returning utility_id, supply_point_id, number
     ), gauge as (
       insert into meter (utility_id, serial, gas_kind, size, dial_l)
       select p.utility_id, g.serial, 'city', 2.5, 100000000 from place p, given g returning utility_id, meter_id, serial
     ), radio as (
       insert into terminal (utility_id, number, model, secret_hash)
       select p.utility_id, g.number, 'external', g.secret_hash from place p, given g returning utility_id, terminal_id, number
     ), fitted as (
       insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at)
       select p.utility_id, m.meter_id, p.supply_point_id, '2000-01-01' from given g join point p using (number) join gauge m using (serial)
     ), placed as (
       insert into terminal_fitting (utility_id, terminal_id, supply_point_id, from_at)
       select r.utility_id, r.terminal_id, p.supply_point_id, '2000-01-01' from radio r join point p using (number)
     ), state as (
       insert into terminal_state (utility_id, terminal_id) select utility_id, terminal_id from radio
     )
     insert into terminal_key (utility_id, terminal_id, generation, wrapped_key, kek_id)
     select r.utility_id, r.terminal_id, 1, g.wrapped_key, $6 from radio r join given g using (number)`,
    [
      `A${first}`,
      terminals.map(({ number }) => number),
      terminals.map(({ secret }) => hashTerminalSecret(secret)),
      terminals.map(({ key }) => wrapKey(kek.key, key)),
      terminals.map(({ serial }) => serial),
      kek.id,
    ],
  );
  await admin.query('vacuum analyze terminal, terminal_state, meter');
  return terminals.map((terminal) => ({ ...terminal, key: terminal.key.toString('hex') }));
}
