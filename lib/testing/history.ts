/** Random histories: runs a property over histories of random events, and finds the smallest one that breaks it. */
import * as fc from 'fast-check';

/** A property that holds during and after any history. */
export interface HistoryProperty<Event> {
  /** Generator of histories, including how one is made smaller. */
  histories: fc.Arbitrary<readonly Event[]>;
  /** Runs one history on a fresh state. Throws when the property does not hold. */
  live: (history: readonly Event[]) => Promise<void>;
}

export interface ProofPlan {
  /** Number of histories to run. */
  histories: number;
  /** The same seed gives the same histories; random by default. */
  seed?: number | undefined;
  /** Called after each history that holds, with the number so far. */
  onHistory?: (ran: number) => void;
}

export interface Proof<Event> {
  /** Number of histories that held before the first that did not. */
  held: number;
  seed: number;
  /** The smallest failing history found, and the message of its failure. */
  failure?: { history: readonly Event[]; message: string };
}

/** A property whose histories are run many at a time on one state, because each run of it costs. */
export interface BatchProperty<Event> {
  histories: fc.Arbitrary<readonly Event[]>;
  /** Number of histories of one run. */
  batchSize: number;
  /** Runs histories beside each other on a fresh state; yields for each the message of its failure, or undefined. */
  live: (histories: readonly (readonly Event[])[]) => Promise<(string | undefined)[]>;
}

/**
 * Runs random histories in batches until one fails or the plan is done. Of the failing one a smallest that fails is
 * looked for. The same seed gives the same histories as `proveHistories`.
 */
export async function proveBatches<Event>(
  property: BatchProperty<Event>,
  plan: ProofPlan,
): Promise<Proof<Event>> {
  const seed = plan.seed ?? Math.floor(Math.random() * 0x7fff_ffff);
  const all = fc.sample(property.histories, { numRuns: plan.histories, seed });
  for (let held = 0; held < all.length; held += property.batchSize) {
    const messages = await property.live(all.slice(held, held + property.batchSize));
    const failed = messages.findIndex((message) => message !== undefined);
    const [history, message] = [all[held + failed], messages[failed]];
    if (history !== undefined && message !== undefined) {
      const [alone] = await property.live([history]);
      const nth = held + failed;
      if (alone === undefined) {
        throw new Error(`history ${nth + 1} of seed ${seed} fails only beside others: ${message}`);
      }
      const failure = await smallestFailure(property, { history, message: alone });
      return { held: nth, seed, failure };
    }
    plan.onHistory?.(Math.min(held + property.batchSize, all.length));
  }
  return { held: all.length, seed };
}

/**
 * A history that fails of which no event can be left out, the first excepted: all histories with one event less run
 * beside each other, since a run costs much and a history in it little.
 */
async function smallestFailure<Event>(
  property: BatchProperty<Event>,
  failing: { history: readonly Event[]; message: string },
): Promise<{ history: readonly Event[]; message: string }> {
  const [first, ...events] = failing.history;
  if (first === undefined || events.length === 0) return failing;
  const shorter = events.map((_, without) => [
    first,
    ...events.filter((_event, at) => at !== without),
  ]);
  const messages = await property.live(shorter);
  const at = messages.findIndex((message) => message !== undefined);
  const [history, message] = [shorter[at], messages[at]];
  if (history === undefined || message === undefined) return failing;
  return smallestFailure(property, { history, message });
}

/** Runs random histories until one fails or the plan is done. */
export async function proveHistories<Event>(
  { histories, live }: HistoryProperty<Event>,
  plan: ProofPlan,
): Promise<Proof<Event>> {
  let ran = 0;
  const property = fc.asyncProperty(histories, async (history) => {
    await live(history);
    ran += 1;
    plan.onHistory?.(ran);
  });
  const { seed } = plan;
  const parameters = { numRuns: plan.histories, ...(seed !== undefined && { seed }) };
  const result = await fc.check(property, parameters);
  if (!result.failed) return { held: result.numRuns, seed: result.seed };
  const [history = []] = result.counterexample ?? [];
  const { errorInstance: error } = result;
  return {
    // The first failing run is counted; those that searched for a smaller one are not.
    held: result.numRuns - 1,
    seed: result.seed,
    failure: { history, message: error instanceof Error ? error.message : String(error) },
  };
}

/** A proof in words: one line when all held, else the smallest history event by event. */
export function proofText<Event>(name: string, proof: Proof<Event>): string {
  const { held, seed, failure } = proof;
  if (!failure) return `${name}: all ${held} histories held (seed ${seed})`;
  const lines = failure.history.map((event, at) => `  ${at + 1}. ${JSON.stringify(event)}`);
  return [
    `${name}: history ${held + 1} does not hold (seed ${seed}). The smallest that fails has ${lines.length} steps:`,
    ...lines,
    failure.message,
  ].join('\n');
}
