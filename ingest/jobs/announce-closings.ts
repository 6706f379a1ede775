// Finds the closings of a utility that are ready and enters the mails of those who asked. While the report that a
// closing waits for is still awaited, a look-up of it is all that is read; the closing itself is read once, when no
// report is awaited any more.

import {
  announceClosing,
  listReadyMailRecipients,
  noteAwaitedReport,
} from '../../lib/readiness/readiness-commands.ts';
import {
  type AskedClosing,
  findAwaitedReport,
  getClosingState,
  listAskedClosings,
} from '../../lib/readiness/readiness-queries.ts';
import { closingOfMonth } from '../../lib/readiness/ready-mail.ts';
import { monthOf } from '../../lib/time.ts';
import type { Transact } from '../ingest-database.ts';
import type { Log } from '../log.ts';

/** Time until a closing is looked at again of which the rows say otherwise than the reports. */
const LOOK_AGAIN_MS = 10 * 60_000;

export interface AnnounceOptions {
  transact: Transact;
  log: Log;
  now: () => number;
  siteUrl?: string | undefined;
}

export async function announceClosings(
  utilityId: number,
  options: AnnounceOptions,
  signal?: AbortSignal,
): Promise<void> {
  const { transact, log, now } = options;
  const actor = { kind: 'system', utilityId, name: 'readiness' } as const;
  const at = new Date(now());
  const asked = await transact(utilityId, (tx) => listAskedClosings(tx, actor, { now: at }));
  const faults: unknown[] = [];
  for (const closing of asked) {
    signal?.throwIfAborted();
    try {
      const mails = await lookAt(closing, actor, options);
      const { closingDay, closesOn } = closing;
      if (mails > 0) log.info({ utilityId, closingDay, closesOn, mails }, 'a closing is ready');
    } catch (fault) {
      // One that fails does not keep the mails of the others.
      faults.push(fault);
    }
  }
  if (faults.length > 0) throw faults[0];
}

type Actor = Parameters<typeof announceClosing>[1];

/** Returns the number of mails that were entered. */
async function lookAt(
  { closingDay, closesOn, awaitedSupplyPointId }: AskedClosing,
  actor: Actor,
  { transact, now, siteUrl }: AnnounceOptions,
): Promise<number> {
  const { utilityId } = actor;
  const asOf = new Date(now());
  const asked = { closingDay, closing: closingOfMonth(closingDay, monthOf(closesOn)), now: asOf };
  const find = (only?: { supplyPointId: number }) =>
    transact(utilityId, (tx) => findAwaitedReport(tx, actor, { ...asked, ...only }));
  const note = (noted: { supplyPointId: number | null; lookAt: Date | null }) =>
    transact(utilityId, (tx) => noteAwaitedReport(tx, actor, { closingDay, closesOn, ...noted }));
  if (awaitedSupplyPointId !== null && (await find({ supplyPointId: awaitedSupplyPointId }))) {
    return 0;
  }
  const awaited = await find();
  if (awaited) {
    await note({ supplyPointId: awaited.supplyPointId, lookAt: null });
    return 0;
  }
  const named = { closingDay, closesOn };
  const state = await transact(utilityId, async (tx) => {
    const recipients = await listReadyMailRecipients(tx, actor, named);
    return recipients.length === 0 ? undefined : getClosingState(tx, actor, asked);
  });
  if (state && state.counts.quality.awaited > 0) {
    await note({ supplyPointId: null, lookAt: new Date(asOf.getTime() + LOOK_AGAIN_MS) });
    return 0;
  }
  return transact(utilityId, (tx) =>
    announceClosing(tx, actor, { ...named, state, asOf, siteUrl }),
  );
}
