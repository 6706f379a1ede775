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

/** All that the broker needs of a terminal that signs in. */
export interface ConnectTerminal {
  utilityId: number;
  utilityCode: string;
  terminalId: number;
  secretHash: Buffer;
  /** Minute of the JST day at which the report window opens. */
  reportMinute: number;
  reportWindowMinutes: number;
  /** Highest uplink counter committed, and the replay window below it as a signed 64-bit mask. */
  upHigh: number;
  upWindow: bigint;
  /** Live generations, oldest first. */
  keys: ConnectKey[];
  meters: ConnectMeter[];
}

interface Row {
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
  name: 'terminal_for_connect',
  text: `select utility_id, utility_code, terminal_id, secret_hash, report_minute, report_window_minutes,
                up_high, up_window::text as up_window, keys, meters
         from terminal_for_connect($1)`,
};

/** The registered terminal of that number, of whichever utility, or undefined: before this, no tenant is known. */
export async function findTerminalForConnect(
  db: Pick<pg.Pool, 'query'>,
  terminalNumber: string,
): Promise<ConnectTerminal | undefined> {
  const { rows } = await db.query<Row>({ ...LOOKUP, values: [terminalNumber] });
  const row = rows[0];
  if (!row) return undefined;
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
