/** Work of which only so much may run at once in this process: the rest waits in a line with an end, or is refused. */
import { DomainError } from './errors.ts';

export interface SlotLimits {
  /** How many run at the same time. */
  atOnce: number;
  /** How many more may wait for their turn. */
  waiting: number;
  /** What the others are told. */
  refusal: string;
}

export interface Slots {
  /** Runs `work` in its turn. @throws DomainError `unavailable` at once when the line is full. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** A slot is free again when its work has ended, well or not; who waits longest is next. */
export function createSlots({ atOnce, waiting, refusal }: SlotLimits): Slots {
  const line: (() => void)[] = [];
  let running = 0;
  const enter = (): Promise<void> => {
    if (running < atOnce) {
      running += 1;
      return Promise.resolve();
    }
    if (line.length >= waiting) return Promise.reject(new DomainError('unavailable', refusal));
    return new Promise((resolve) => line.push(resolve));
  };
  const leave = (): void => {
    const next = line.shift();
    if (next) next();
    else running -= 1;
  };
  return {
    run: async (work) => {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
