import { describe, expect, it } from 'vitest';
import type { ConnectTerminal } from '../../lib/terminals/connect-queries.ts';
import { type LookupLimits, RegisterLookups, TooManyLookups } from './register-lookups.ts';

const limits: LookupLimits = {
  queries: 1,
  numbersOfQuery: 4,
  maxWaiting: 10,
  maxWaitingOfAddress: 8,
};

/** A register whose answers the test releases one query after the other. */
function registerOf(change: Partial<LookupLimits> = {}) {
  const queries: string[][] = [];
  const answers: (() => void)[] = [];
  const lookups = new RegisterLookups(
    (numbers) =>
      new Promise((resolve) => {
        queries.push([...numbers]);
        answers.push(() => resolve(new Map(numbers.map((each) => [each, terminalOf(each)]))));
      }),
    { ...limits, ...change },
  );
  const find = (number: string, address: string, isKnown = false) =>
    lookups.find(number, { address, isKnown, isWanted: () => true });
  const answerAll = async () => {
    while (answers.length > 0) {
      answers.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { lookups, find, queries, answerAll };
}

const terminalOf = (number: string) => ({ terminalId: Number(number) }) as ConnectTerminal;
const isRefused = (lookup: Promise<unknown>) =>
  lookup.then(
    () => false,
    (error: unknown) => error instanceof TooManyLookups,
  );

describe('looking up terminals', () => {
  it('is done once for a number that several connections need, and for several numbers at once', async () => {
    const { find, queries, answerAll } = registerOf();
    const lookUps = [find('1', 'a'), find('1', 'a'), find('2', 'a'), find('3', 'b')];
    await answerAll();
    expect((await Promise.all(lookUps)).map((found) => found?.terminalId)).toEqual([1, 1, 2, 3]);
    expect(queries).toEqual([['1'], ['2', '3']]);
  });

  it('alternates between addresses: one number of an address with few waits for one of each other', async () => {
    const { find, queries, answerAll } = registerOf();
    const crowd = ['1', '2', '3', '4', '5', '6'].map((number) => find(number, 'crowd'));
    const honest = find('100', 'home');
    await answerAll();
    expect(queries[1]).toContain('100');
    await Promise.all([...crowd, honest]);
  });

  it('prefers known numbers, and leaves a share to the others', async () => {
    const { find, queries, answerAll } = registerOf();
    const lookUps = ['1', '2', '3'].map((number) => find(number, 'a'));
    lookUps.push(...['11', '12', '13', '14', '15'].map((number) => find(number, 'a', true)));
    await answerAll();
    await Promise.all(lookUps);
    expect(queries).toEqual([['1'], ['11', '12', '13', '2'], ['14', '15', '3']]);
  });

  it("does not let a number wait at the end of another address's queue", async () => {
    const { find, queries, answerAll } = registerOf();
    const crowd = ['1', '2', '3', '4', '5', '6', '7'].map((number) => find(number, 'crowd'));
    const honest = find('7', 'home');
    await answerAll();
    expect(queries[1]).toContain('7');
    expect(queries.flat().filter((number) => number === '7')).toHaveLength(1);
    await Promise.all([...crowd, honest]);
  });

  it('is refused to an address with too many, and to no other', async () => {
    const { find, answerAll } = registerOf({ maxWaitingOfAddress: 2 });
    const lookUps = ['1', '2', '3', '4'].map((number) => isRefused(find(number, 'crowd')));
    const other = isRefused(find('5', 'home'));
    await answerAll();
    expect(await Promise.all(lookUps)).toEqual([false, false, false, true]);
    expect(await other).toBe(false);
  });

  it('refuses the newest of the address with the most when too many wait in all', async () => {
    const { find, answerAll } = registerOf({ maxWaiting: 4 });
    const crowd = ['1', '2', '3', '4', '5'].map((number) => isRefused(find(number, 'crowd')));
    const others = ['6', '7', '8'].map((number) => isRefused(find(number, `home ${number}`)));
    await answerAll();
    expect(await Promise.all(crowd)).toEqual([false, false, true, true, true]);
    expect(await Promise.all(others)).toEqual([false, false, false]);
  });

  it('refuses an unknown number for a known one, and never a known one for an unknown', async () => {
    const { find, answerAll } = registerOf({ maxWaiting: 2 });
    const first = find('1', 'a');
    const unknown = ['2', '3'].map((number) => isRefused(find(number, 'a')));
    const known = ['11', '12'].map((number) => isRefused(find(number, 'a', true)));
    const late = isRefused(find('4', 'b'));
    await answerAll();
    await first;
    expect(await Promise.all(unknown)).toEqual([true, true]);
    expect(await Promise.all(known)).toEqual([false, false]);
    expect(await late).toBe(true);
  });

  it('is skipped when no connection waits for it any more at its turn', async () => {
    const { find, lookups, queries, answerAll } = registerOf();
    const first = find('1', 'a');
    const gone = lookups.find('2', { address: 'a', isKnown: false, isWanted: () => false });
    const refused = expect(gone).rejects.toThrow('no connection waits');
    const waiting = find('3', 'a');
    await answerAll();
    await Promise.all([first, refused, waiting]);
    expect(queries).toEqual([['1'], ['3']]);
  });

  it("fails for a query's numbers when the register cannot be read, and continues", async () => {
    let isAway = true;
    const lookups = new RegisterLookups(async () => {
      if (isAway) throw new Error('away');
      return new Map([['2', terminalOf('2')]]);
    }, limits);
    const asker = { address: 'a', isKnown: false, isWanted: () => true };
    await expect(lookups.find('1', asker)).rejects.toThrow('away');
    isAway = false;
    expect((await lookups.find('2', asker))?.terminalId).toBe(2);
  });
});
