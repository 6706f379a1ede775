import { actorName } from '../../../lib/actor.ts';
import {
  type ExportWork,
  exportClosing,
  recordClosingPage,
  recordClosingRow,
} from '../../../lib/closing/closing-commands.ts';
import { closingCalendar } from '../../../lib/closing/closing-day.ts';
import { getClosingExplanation } from '../../../lib/closing/closing-explanation-queries.ts';
import { closingMediaType } from '../../../lib/closing/closing-file.ts';
import { getClosingFileName } from '../../../lib/closing/closing-file-queries.ts';
import {
  getClosingPreview,
  listClosingDays,
} from '../../../lib/closing/closing-preview-queries.ts';
import {
  ClosingDaysWire,
  ClosingExplanationWire,
  ClosingFileQuery,
  ClosingPreviewQuery,
  ClosingPreviewWire,
  ClosingRowQuery,
} from '../../../lib/closing/closing-wire.ts';
import { OnceADay } from '../../once-a-day.ts';
import { createResource, protectedRoute } from './resource.ts';
import { streamedBody } from './streamed.ts';

/** Closings: the rows of a closing day, and the billing file. */
export const closings = createResource();

/** Views of a first page, recorded once a day for each person and query because clerks open it often. */
const firstPages = new OnceADay();

closings.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/closing-days',
    summary: 'The closing days of the register, each with its latest closing',
    responses: {
      200: {
        description: 'In order',
        content: { 'application/json': { schema: ClosingDaysWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    return c.json({ days: await read((db) => listClosingDays(db, actor, now)) }, 200);
  },
);

closings.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    path: '/closings',
    summary: 'Counts of a closing by quality, and a page of its rows',
    request: { query: ClosingPreviewQuery },
    responses: {
      200: {
        description:
          'In the order of customer numbers; each page is recorded in the audit, the first once a day',
        content: { 'application/json': { schema: ClosingPreviewWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read, transact } = c.var.context;
    const query = c.req.valid('query');
    const preview = await read((db) => getClosingPreview(db, actor, { ...query, now }));
    if (preview.rows.length > 0) {
      const record = () => {
        const page = { ...query, rows: preview.rows.length };
        return transact((tx) => recordClosingPage(tx, actor, page), { cost: 'light' });
      };
      const key = JSON.stringify([actor.utilityId, actorName(actor), query]);
      await (query.offset > 0 ? record() : firstPages.run(key, now, record));
    }
    return c.json(preview, 200);
  },
);

/** Rows that were explained, recorded once a day for each person and row. */
const explainedRows = new OnceADay();

closings.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/closings/row',
    summary: 'One row of a closing with what it was made of: registers, reports of the last days',
    request: { query: ClosingRowQuery },
    responses: {
      200: {
        description: 'Recorded in the audit once a day for each person and row',
        content: { 'application/json': { schema: ClosingExplanationWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read, transact } = c.var.context;
    const query = c.req.valid('query');
    const explanation = await read((db) => getClosingExplanation(db, actor, { ...query, now }));
    const key = JSON.stringify([actor.utilityId, actorName(actor), query]);
    await explainedRows.run(key, now, () =>
      transact((tx) => recordClosingRow(tx, actor, query), { cost: 'light' }),
    );
    return c.json(explanation, 200);
  },
);

closings.openapi(
  protectedRoute('closing.export', {
    method: 'get',
    'x-cost': 'file',
    path: '/closings/file',
    summary:
      'The closings of a closing day from one month to another as a file; recorded in the audit before its first byte',
    request: { query: ClosingFileQuery },
    responses: {
      200: {
        description:
          'CSV, broken off if it cannot be finished within ten minutes; closings that have not come yet are left out. 429 with Retry-After while one of the same person is being made, 503 while two of the utility are',
        content: { 'text/csv': { schema: { type: 'string', format: 'binary' } } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read, transact } = c.var.context;
    const { closingDay, from, to, format, identifiers, rounding } = c.req.valid('query');
    const period = { closingDay, fromMonth: from, toMonth: to };
    const calendar = closingCalendar(period, now);
    const selection = { closingDay, closings: calendar.closings, rounding, now };
    const kind = { format, identifiers };
    const work: ExportWork = { read, record: (fn) => transact(fn, { cost: 'record' }) };
    const name = await read((db) => getClosingFileName(db, actor, { selection, kind }));
    const body = await streamedBody((write) =>
      exportClosing(work, actor, { selection, kind }, write),
    );
    return c.body(body, 200, {
      'content-type': closingMediaType(format),
      'content-disposition': `attachment; filename="${name}"`,
    });
  },
);
