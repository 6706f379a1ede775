/** Credentials file: what is installed in terminals and, as a fleet file, what the simulator plays. */
import { randomUUID } from 'node:crypto';
import type { GasKind } from '../../db/schema.ts';
import type { FleetTerminal } from '../../ingest/simulator/fleet-file.ts';
import { newStateText } from '../../ingest/simulator/fleet-state.ts';
import { seedOf } from '../../ingest/simulator/seeded-random.ts';
import type { TerminalCredentials } from '../../lib/terminals/terminal-commands.ts';
import { dayOf } from '../../lib/time.ts';
import { path, required } from './option.ts';
import type { Secret } from './verb.ts';

const CREDENTIALS_HELP = 'the new file for secret and key, mode 0600; never an existing one';

/** Option that names the file; secrets and keys are never shown on a screen. */
export const CREDENTIALS = required('FILE', CREDENTIALS_HELP, path);

export interface IssuedTerminal {
  number: string;
  credentials: TerminalCredentials;
  reportMinute: number;
  reportWindowMinutes: number;
  gasKind: GasKind;
  areaCode: string;
  supplyPoint: string | null;
  meter: { serial: string; dialL: number; fittedAt: Date; startIndexL: number | null } | undefined;
}

/** A fleet file's terminal with what a person needs to set up a real one [TERM-1.2]. */
interface WrittenTerminal extends FleetTerminal {
  supplyPoint: string | null;
  topics: { up: string; down: string };
  /** The first uplink counter to use. */
  firstCounter: number;
}

/** Secret output of a verb that issued credentials. `now` is the begin of a terminal without a meter. */
export function credentialsSecret(
  issued: readonly IssuedTerminal[],
  { file, now }: { file: string; now: Date },
): Secret {
  const days = issued.map(({ meter }) => dayOf(meter?.fittedAt ?? now)).sort();
  const fleet = {
    version: 1,
    id: randomUUID(),
    firstDay: days[0] ?? dayOf(now),
    terminals: issued.map(writtenTerminal),
  };
  return {
    label:
      issued.length === 1 ? `secret and key of terminal ${issued[0]?.number}` : 'secrets and keys',
    value: `${JSON.stringify(fleet, undefined, 1)}\n`,
    file,
    fileOption: '--credentials',
    // The simulator's state file is written beside the credentials: without one it refuses to count from 1 [TERM-8.1].
    beside: {
      suffix: '.state.json',
      text: newStateText(fleet.id, usedCounters(issued)),
      what: 'the counters from which simulate goes on; keep it beside the first',
    },
  };
}

/** Highest counter that each terminal may have used: a new key does not reset it [TERM-5.5]. */
function usedCounters(issued: readonly IssuedTerminal[]): Map<string, number> {
  return new Map(
    issued.map(({ number, credentials }) => [number, credentials.firstCounter - 1] as const),
  );
}

function writtenTerminal(issued: IssuedTerminal): WrittenTerminal {
  const { number, credentials, meter, reportMinute, reportWindowMinutes } = issued;
  return {
    number,
    supplyPoint: issued.supplyPoint,
    secret: credentials.secret,
    key: credentials.key.toString('hex'),
    generation: credentials.generation,
    firstCounter: credentials.firstCounter,
    topics: { up: `t/${number}/up`, down: `t/${number}/down` },
    reportMinute,
    windowMinutes: reportWindowMinutes,
    gasKind: issued.gasKind,
    seed: seedOf(number),
    areaSeed: seedOf(issued.areaCode),
    meters: meter
      ? [
          {
            serial: meter.serial,
            dialL: meter.dialL,
            fittedAt: meter.fittedAt.toISOString(),
            startIndexL: meter.startIndexL ?? 0,
          },
        ]
      : [],
    faults: [],
  };
}
