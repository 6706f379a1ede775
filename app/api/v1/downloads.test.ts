import { expect, test } from 'vitest';
import { createDownloads } from './downloads.ts';

test('a utility makes its share of files at once, and all together no more than there is room for', async () => {
  const downloads = createDownloads({ atOnce: 3, each: 2 });
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const make = (utilityId: number) => downloads.run(utilityId, () => finished);
  const made = [make(1), make(1), make(2)];
  await expect(make(1)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(make(2)).rejects.toMatchObject({ code: 'unavailable' });
  finish();
  await Promise.all(made);
  expect(await downloads.run(2, async () => 'made')).toBe('made');
});
