/** Files that are made while they are read: each holds a connection until its reader has all of it, so they are few at once. */
import { createSlots, type Slots } from '../../../lib/slots.ts';

export interface Downloads {
  /** Makes a file of a utility. @throws DomainError `unavailable` when as many are being made as may be. */
  run<T>(utilityId: number, make: () => Promise<T>): Promise<T>;
}

/** `atOnce` in this process, and `each` of one utility, so that none takes the turns of the others. */
export function createDownloads({ atOnce, each }: { atOnce: number; each: number }): Downloads {
  const refusal = 'other files are being made at this moment; try again when they are finished';
  const all = createSlots({ atOnce, waiting: 0, refusal });
  const byUtility = new Map<number, Slots>();
  const slotsOf = (utilityId: number): Slots => {
    const slots = byUtility.get(utilityId) ?? createSlots({ atOnce: each, waiting: 0, refusal });
    byUtility.set(utilityId, slots);
    return slots;
  };
  return { run: (utilityId, make) => slotsOf(utilityId).run(() => all.run(make)) };
}
