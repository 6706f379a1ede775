import { describe, expect, it } from 'vitest';
import { findStrayReadings } from './clock-edges.mjs';

const EDGES = { 'app/edge.ts': 'a request begins here' };
const edge = ['app/edge.ts', 'export const instant = () => new Date();'];

describe('the files that may read the clock', () => {
  it.each([
    ['lib/accounts/credential-commands.ts', 'export const at = new Date();'],
    ['components/ui/day.tsx', 'export const Day = () => <p>{Date.now()}</p>;'],
    ['app/api/v1/my.ts', 'const now = Date.now;'],
    ['ingest/store/lane.ts', 'sql`select now()`;'],
  ])('include no other file of the product: %s', (file, line) => {
    const faults = findStrayReadings([edge, [file, `// 検針\n\n${line}\n`]], EDGES);
    expect(faults).toEqual([`${file}:3 reads the clock: take the instant from the caller`]);
  });

  it.each([
    'lib/x.test.ts',
    'lib/accounts/testing-sign-in.ts',
    'ingest/testing/ingest.ts',
    'bench/x.ts',
  ])('are those of the product, not %s', (file) => {
    expect(findStrayReadings([edge, [file, 'new Date();']], EDGES)).toEqual([]);
  });

  it('are removed from the list when they do not read it', () => {
    const faults = findStrayReadings([['app/edge.ts', 'export const instant = 1;']], EDGES);
    expect(faults).toEqual(['app/edge.ts reads no clock, or is gone: take it off the edges']);
  });
});
