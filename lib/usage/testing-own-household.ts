import {
  type Admin,
  createUtility,
  fitHousehold,
  type Household,
  rising,
  storeDay,
} from '../../db/testing/fixtures.ts';
import type { ConsumerActor } from '../actor.ts';
import { addDays } from '../time.ts';

/** The household as an actor. */
export function consumer(
  utilityId: number,
  home: Pick<Household, 'occupancyId' | 'customerNumber'>,
): ConsumerActor {
  const { occupancyId, customerNumber } = home;
  const sessionId = '00000000-0000-4000-8000-000000000000';
  return { kind: 'consumer', utilityId, occupancyId, customerNumber, sessionId };
}

/** A utility with one household. */
export async function ownHousehold(
  admin: Admin,
  closingDay = 31,
): Promise<{ utilityId: number; home: Household; actor: ConsumerActor }> {
  const utilityId = await createUtility(admin);
  const home = await fitHousehold(admin, utilityId, { closingDay });
  return { utilityId, home, actor: consumer(utilityId, home) };
}

/** `count` days from `from` on, each hour using `hourlyL`, with the register `startL` at the first day's beginning. */
export interface DayRun {
  from: string;
  count: number;
  startL?: number;
  hourlyL: number;
}

export async function storeRisingDays(
  admin: Admin,
  utilityId: number,
  run: DayRun & Pick<Household, 'meterId' | 'terminalId'>,
): Promise<void> {
  const { meterId, terminalId, from, count, startL = 0, hourlyL } = run;
  for (let offset = 0; offset < count; offset += 1) {
    const indexL = rising(startL + offset * 24 * hourlyL + hourlyL, hourlyL);
    await storeDay(admin, utilityId, { meterId, terminalId, day: addDays(from, offset), indexL });
  }
}
