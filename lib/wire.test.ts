import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { type Answer, Day, Instant, listOf, page, type Wire } from './wire.ts';

const Thing = z.object({ day: Day, seenAt: Instant.nullable(), marks: z.array(Instant) });
const Things = z.object(listOf(Thing));

describe('an answer', () => {
  it('has instants as Dates where the wire has text', () => {
    expectTypeOf<Answer<typeof Things>>().toEqualTypeOf<{
      total: number;
      rows: { day: string; seenAt: Date | null; marks: Date[] }[];
    }>();
    expectTypeOf<Wire<typeof Things>>().toEqualTypeOf<{
      total: number;
      rows: { day: string; seenAt: string | null; marks: string[] }[];
    }>();
  });

  it('of an instant without its offset does not fit', () => {
    expect(Instant.safeParse('2026-11-22T10:00:00+09:00').success).toBe(true);
    expect(Instant.safeParse('2026-11-22T10:00:00').success).toBe(false);
  });
});

describe('a part of a list', () => {
  const Query = z.object(page(25, 500));

  it('begins at its first row and has as many as is usual, unless more or fewer are asked for', () => {
    expect(Query.parse({})).toEqual({ limit: 25, offset: 0 });
    expect(Query.parse({ limit: '500', offset: '75' })).toEqual({ limit: 500, offset: 75 });
  });

  it.each([{ limit: '501' }, { limit: '0' }, { offset: '-1' }, { offset: 'x' }])(
    'is not given for %j',
    (query) => {
      expect(Query.safeParse(query).success).toBe(false);
    },
  );
});
