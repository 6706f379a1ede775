import { expect, test, vi } from 'vitest';
import { OnceADay } from './once-a-day.ts';

const at = (text: string) => new Date(`${text}+09:00`);

test('a record of a key is not written again on the same JST day', async () => {
  const written: string[] = [];
  const acts = new OnceADay();
  const write = (key: string, now: Date) => acts.run(key, now, async () => void written.push(key));
  await write('a', at('2026-03-01T00:00'));
  await write('a', at('2026-03-01T23:59'));
  await write('b', at('2026-03-01T23:59'));
  expect(written).toEqual(['a', 'b']);
  await write('a', at('2026-03-02T00:00'));
  expect(written).toEqual(['a', 'b', 'a']);
});

test('a record that could not be written is tried again', async () => {
  const acts = new OnceADay();
  const now = at('2026-03-01T12:00');
  const fail = acts.run('a', now, () => Promise.reject(new Error('busy')));
  await expect(fail).rejects.toThrow('busy');
  const write = vi.fn(async () => undefined);
  await acts.run('a', now, write);
  expect(write).toHaveBeenCalledTimes(1);
});

test('an unlimited number of keys is written without growing memory', async () => {
  const acts = new OnceADay();
  const now = at('2026-03-01T12:00');
  const write = vi.fn(async () => undefined);
  for (let key = 0; key <= 10_000; key += 1) await acts.run(`${key}`, now, write);
  await acts.run('0', now, write);
  expect(write).toHaveBeenCalledTimes(10_002);
});
