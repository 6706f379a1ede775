import type pg from 'pg';

/** A meter beside the terminal, for the time in which both were fitted at the same supply point. */
export interface ConnectMeter {
  meterId: number;
  serial: string;
  /** The register counts modulo this. Litres. */
  dialL: number;
  fittedAt: Date;
  /** Exclusive; null while fitted. */
  removedAt: Date | null;
}

export interface ConnectKey {
  generation: number;
  wrappedKey: Buffer;
  /** Key check value of the key-encryption key that wraps it. */
  kekId: string;
}

/** A terminal's data for its sign-in at the broker. */
export interface ConnectTerminal {
  utilityId: number;
  utilityCode: string;
  terminalId: number;
  secretHash: Buffer;
  /** Minute of the JST day at which the report window opens. */
  reportMinute: number;
  reportWindowMinutes: number;
  /** Highest committed uplink counter, and the replay window below it as a signed 64-bit mask. */
  upHigh: number;
  upWindow: bigint;
  /** Live generations, oldest first. */
  keys: ConnectKey[];
  meters: ConnectMeter[];
}

interface Row {
  number: string;
  utility_id: number;
  utility_code: string;
  terminal_id: number;
  secret_hash: Buffer;
  report_minute: number;
  report_window_minutes: number;
  up_high: number;
  up_window: string;
  keys: { generation: number; wrappedKey: string; kekId: string }[];
  meters: {
    meterId: number;
    serial: string;
    dialL: number;
    fittedAt: string;
    removedAt: string | null;
  }[];
}

const LOOKUP = {
  name: 'terminals_for_connect',
  text: `select n.number, t.utility_id, t.utility_code, t.terminal_id, t.secret_hash, t.report_minute,
                t.report_window_minutes, t.up_high, t.up_window::text as up_window, t.keys, t.meters
         from unnest($1::text[]) n (number) cross join lateral terminal_for_connect(n.number) t`,
};

/** The registered terminals with these numbers, of any utility: no utility is known before. */
export async function findTerminalsForConnect(
  db: Pick<pg.Pool, 'query'>,
  numbers: readonly string[],
): Promise<Map<string, ConnectTerminal>> {
  const { rows } = await db.query<Row>({ ...LOOKUP, values: [numbers] });
  return new Map(rows.map((row) => [row.number, terminalOf(row)]));
}

function terminalOf(row: Row): ConnectTerminal {
  return {
    utilityId: row.utility_id,
    utilityCode: row.utility_code,
    terminalId: row.terminal_id,
    secretHash: row.secret_hash,
    reportMinute: row.report_minute,
    reportWindowMinutes: row.report_window_minutes,
    upHigh: row.up_high,
    upWindow: BigInt(row.up_window),
    keys: row.keys.map((key) => ({ ...key, wrappedKey: Buffer.from(key.wrappedKey, 'hex') })),
    meters: row.meters.map((meter) => ({
      ...meter,
      fittedAt: new Date(meter.fittedAt),
      removedAt: meter.removedAt === null ? null : new Date(meter.removedAt),
    })),
  };
}
