// Small fleets for tests: unregistered terminals, and what is needed to read their frames.
import { createHash } from 'node:crypto';
import { addDays, instantOf } from '../../lib/time.ts';
import type { FaultSetting } from './fault-setting.ts';
import type { Fleet, FleetTerminal } from './fleet-file.ts';
import { hashOf } from './seeded-random.ts';

export interface TestFleetShape {
  firstDay: string;
  size: number;
  /** Faults of the terminal at an index. */
  faults?: (index: number) => Partial<FaultSetting>[];
}

/** A fleet of city-gas terminals with their own secrets and keys, each with one meter since `firstDay`. */
export function testFleet({ firstDay, size, faults = () => [] }: TestFleetShape): Fleet {
  return {
    version: 1,
    id: `test-${firstDay}-${size}`,
    firstDay,
    terminals: Array.from({ length: size }, (_, index) => ({
      ...testTerminal(index, firstDay),
      faults: faults(index).map((fault) => ({
        kind: 'duplicates',
        rate: 1,
        amount: 1,
        ...fault,
      })) as FaultSetting[],
    })),
  };
}

function testTerminal(index: number, firstDay: string): FleetTerminal {
  const number = `0099${String(index).padStart(6, '0')}`;
  return {
    number,
    secret: `secret of ${number}`,
    key: createHash('sha256').update(number).digest('hex'),
    generation: 1,
    seed: hashOf(8, index),
    areaSeed: 2,
    gasKind: 'city',
    reportMinute: 60,
    windowMinutes: 30,
    meters: [
      {
        serial: `77${String(index).padStart(5, '0')}`,
        dialL: 100_000_000,
        fittedAt: instantOf(addDays(firstDay, 0), 0).toISOString(),
        startIndexL: 5_000 * index,
      },
    ],
    faults: [],
  };
}
