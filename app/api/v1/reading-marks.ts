import { DoneWire } from '../../../lib/estimation/estimation-wire.ts';
import { seeMark } from '../../../lib/validation/mark-commands.ts';
import { listMarks } from '../../../lib/validation/mark-queries.ts';
import { MarkSeenInput, MarksQuery, ReadingMarksWire } from '../../../lib/validation/mark-wire.ts';
import { createResource, protectedRoute } from './resource.ts';
import { KeyHeader, writeOnce } from './write-once.ts';

/** Marks for attention (注意): days of a meter that are possible and odd. They count in all sums. */
export const readingMarks = createResource();

readingMarks.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/work-list/marks',
    summary: 'Marks for attention on readings that are possible and odd; they count in all sums',
    request: { query: MarksQuery },
    responses: {
      200: {
        description: 'One page of them: open ones by litres, seen ones latest first',
        content: { 'application/json': { schema: ReadingMarksWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    const input = c.req.valid('query');
    return c.json(await read((db) => listMarks(db, actor, input)), 200);
  },
);

readingMarks.openapi(
  protectedRoute('reading.edit', {
    method: 'post',
    'x-cost': 'light',
    path: '/work-list/marks/seen',
    summary: 'Note that somebody looked at a mark, or take that back',
    request: {
      headers: KeyHeader,
      body: { required: true, content: { 'application/json': { schema: MarkSeenInput } } },
    },
    responses: {
      200: { description: 'It is noted', content: { 'application/json': { schema: DoneWire } } },
    },
  }),
  async (c) => {
    const { actor } = c.var.context;
    const body = c.req.valid('json');
    const answer = await writeOnce(c, body, async (tx) => {
      await seeMark(tx, actor, body);
      return { status: 200, body: { done: true as const } };
    });
    return c.json(answer, 200);
  },
);
