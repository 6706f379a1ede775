import { describe, expect, it } from 'vitest';
import { createSlots } from './slots.ts';

const REFUSAL = 'too much at once; try again';

/** Work that ends when told to. */
function held() {
  let release = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { release, work: () => ended };
}

describe('slots', () => {
  it('run so many at once, and the others in the order in which they came', async () => {
    const slots = createSlots({ atOnce: 2, waiting: 10, refusal: REFUSAL });
    const started: number[] = [];
    const works = [held(), held(), held(), held()];
    const runs = works.map(({ work }, number) =>
      slots.run(() => {
        started.push(number);
        return work();
      }),
    );
    await Promise.resolve();
    expect(started).toEqual([0, 1]);
    works[1]?.release();
    await runs[1];
    expect(started).toEqual([0, 1, 2]);
    for (const { release } of works) release();
    await Promise.all(runs);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('refuse at once whoever finds the line full, and have room again afterwards', async () => {
    const slots = createSlots({ atOnce: 1, waiting: 1, refusal: REFUSAL });
    const [first, second] = [held(), held()];
    const runs = [slots.run(first.work), slots.run(second.work)];
    await expect(slots.run(async () => 'never')).rejects.toMatchObject({
      code: 'unavailable',
      message: REFUSAL,
    });
    first.release();
    second.release();
    await Promise.all(runs);
    expect(await slots.run(async () => 'in')).toBe('in');
  });

  it('are free again after work that failed', async () => {
    const slots = createSlots({ atOnce: 1, waiting: 0, refusal: REFUSAL });
    await expect(slots.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await slots.run(async () => 'in')).toBe('in');
  });
});
