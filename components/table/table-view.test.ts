import { describe, expect, it } from 'vitest';
import type { DataColumn } from './data-column.ts';
import { isSeen, readView } from './table-view.ts';

const FIRST = { hidden: null, density: 'normal' };

describe('a stored table view', () => {
  it.each([
    ['{"hidden":["a"],"density":"compact"}', { hidden: ['a'], density: 'compact' }],
    ['{"hidden":["a",1,null],"density":"tight"}', { hidden: ['a'], density: 'normal' }],
    ['{"hidden":"a"}', FIRST],
    ['[]', FIRST],
    ['null', FIRST],
    ['not json', FIRST],
    [undefined, FIRST],
  ])('of %j is used, or falls back to the default', (text, view) => {
    expect(readView(text)).toEqual(view);
  });
});

describe('a column', () => {
  const column = (change: Partial<DataColumn<unknown>>): DataColumn<unknown> => ({
    id: 'a',
    name: 'A',
    text: () => '',
    phone: 'none',
    ...change,
  });

  it.each([
    ['is seen at first', {}, null, true],
    ['that is extra is not', { extra: true }, null, false],
    ['that was hidden is not', {}, ['a'], false],
    ['that is extra is once it was chosen', { extra: true }, ['b'], true],
    ['that names the row always is', { fixed: true }, ['a'], true],
  ])('%s', (_, change, hidden, seen) => {
    expect(isSeen(column(change), { hidden, density: 'normal' })).toBe(seen);
  });
});
