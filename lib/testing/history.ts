/** Random histories: a property is lived through histories of random steps, and the smallest one that breaks it is looked for. */
import * as fc from 'fast-check';

/** What has to hold after, and in the course of, whatever happened. */
export interface HistoryProperty<Event> {
  /** The histories there may be, and how a history is made smaller. */
  histories: fc.Arbitrary<readonly Event[]>;
  /** Lives one history from its beginning, with nothing left of others. Throws where the property does not hold. */
  live: (history: readonly Event[]) => Promise<void>;
}

export interface ProofPlan {
  /** How many histories are lived through. */
  histories: number;
  /** The same seed gives the same histories; a random one where not told. */
  seed?: number | undefined;
  /** Called after each history that holds, with how many there were. */
  onHistory?: (ran: number) => void;
}

export interface Proof<Event> {
  /** How many histories held before the first that did not. */
  held: number;
  seed: number;
  /** The smallest history that was found to fail, and what its failure says. */
  failure?: { history: readonly Event[]; message: string };
}

/** Lives through random histories until one fails or the plan is done. */
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
    // The one that failed first is among the runs; those that looked for a smaller one are not.
    held: result.numRuns - 1,
    seed: result.seed,
    failure: { history, message: error instanceof Error ? error.message : String(error) },
  };
}

/** A proof in words: one line where all held, else the smallest history step by step. */
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
