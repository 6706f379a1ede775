import type { ReadDb } from '../db/schema.ts';
import type { SystemActor } from '../lib/actor.ts';
import type { Closing } from '../lib/closing/closing-day.ts';
import { type CustomerStay, listCustomerStays } from '../lib/register/stay-queries.ts';
import { addDays } from '../lib/time.ts';

/** Explains why a known customer number has no row at closings: when and where the customer was instead. */
export async function explainNoRow(
  db: ReadDb,
  actor: SystemActor,
  { customerNumber, closings }: { customerNumber: string; closings: readonly Closing[] },
): Promise<string> {
  const stays = await listCustomerStays(db, actor, { customerNumber });
  const first = closings[0]?.closesOn;
  const last = closings.at(-1)?.closesOn;
  const requested =
    first === last ? `the closing of ${first}` : `a closing from ${first} to ${last}`;
  const times = stays.map(describeStay).join(', ');
  return `no row for customer "${customerNumber}": there was no supply to them at ${requested}; they were ${times}`;
}

/** The part of a stay during which the supply point was supplied, both days included. */
function describeStay(stay: CustomerStay): string {
  const { supplyPointNumber, openedOn, closedOn, fromOn, toOn } = stay;
  const from = [openedOn, fromOn].sort().at(-1);
  const [end] = [toOn, closedOn].filter((day) => day !== null).sort();
  const until = end === undefined ? 'on' : `to ${addDays(end, -1)}`;
  return `at supply point ${supplyPointNumber} from ${from} ${until}`;
}
