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
