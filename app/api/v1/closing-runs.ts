import { recordRunPage } from '../../../lib/closing/run-commands.ts';
import { listRunChanges, listRunDifferences } from '../../../lib/closing/run-difference-queries.ts';
import { getRun, listRunRows, listRuns } from '../../../lib/closing/run-queries.ts';
import { getRunSince } from '../../../lib/closing/run-since-queries.ts';
import {
  ClosingDifferencesTodayWire,
  ClosingDifferencesWire,
  ClosingRunDifferencesQuery,
  ClosingRunRowsQuery,
  ClosingRunRowsWire,
  ClosingRunSinceWire,
  ClosingRunsQuery,
  ClosingRunsWire,
  ClosingRunWire,
  RunPath,
} from '../../../lib/closing/run-wire.ts';
import { createResource, protectedRoute } from './resource.ts';

/** Runs of closings: what was issued, and what is different since. */
export const closingRuns = createResource();

const answer = <Schema>(description: string, schema: Schema) => ({
  200: { description, content: { 'application/json': { schema } } },
});

closingRuns.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/closings/runs',
    summary: 'Runs of closings that were issued, also those that another superseded',
    request: { query: ClosingRunsQuery },
    responses: answer('The latest first', ClosingRunsWire),
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json(await read((db) => listRuns(db, actor, c.req.valid('query'))), 200);
  },
);

closingRuns.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/closings/runs/{runId}',
    summary: 'A run of a closing: by whom and when it was issued, its counts, checksum and files',
    request: { params: RunPath },
    responses: answer('The run', ClosingRunWire),
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json(await read((db) => getRun(db, actor, c.req.valid('param').runId)), 200);
  },
);

closingRuns.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    path: '/closings/runs/{runId}/rows',
    summary: 'A page of the rows of a run as they were issued',
    request: { params: RunPath, query: ClosingRunRowsQuery },
    responses: answer('In the order of the file', ClosingRunRowsWire),
  }),
  async (c) => {
    const { actor, read, transact } = c.var.context;
    const input = { ...c.req.valid('param'), ...c.req.valid('query') };
    const page = await read((db) => listRunRows(db, actor, input));
    if (page.rows.length > 0) {
      const rows = page.rows.length;
      await transact((tx) => recordRunPage(tx, actor, { ...input, rows }), { cost: 'light' });
    }
    return c.json(page, 200);
  },
);

closingRuns.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    path: '/closings/runs/{runId}/differences',
    summary:
      'A page of the rows of a run that would be different today: late, corrected or withdrawn readings, and changes of the register',
    request: { params: RunPath, query: ClosingRunDifferencesQuery },
    responses: answer('By customer number', ClosingDifferencesTodayWire),
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), ...c.req.valid('query'), now };
    const differences = await read((db) => listRunDifferences(db, actor, input));
    return c.json({ ...differences, asOf: now }, 200);
  },
);

closingRuns.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/closings/runs/{runId}/since',
    summary:
      'How many days of a run arrived or changed since it was issued, without making the closing again',
    request: { params: RunPath },
    responses: answer('Not known of a run that is older than the record', ClosingRunSinceWire),
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const { runId } = c.req.valid('param');
    return c.json(await read((db) => getRunSince(db, actor, { runId, now })), 200);
  },
);

closingRuns.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    path: '/closings/runs/{runId}/changes',
    summary: 'A page of the rows in which a run differs from the one that it superseded',
    request: { params: RunPath, query: ClosingRunDifferencesQuery },
    responses: answer('By customer number', ClosingDifferencesWire),
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    const input = { ...c.req.valid('param'), ...c.req.valid('query') };
    return c.json(await read((db) => listRunChanges(db, actor, input)), 200);
  },
);
