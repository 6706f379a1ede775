import { exportClosing } from '../../../lib/closing/closing-commands.ts';
import { closingCalendar } from '../../../lib/closing/closing-day.ts';
import { closingFileName, closingMediaType } from '../../../lib/closing/closing-file.ts';
import {
  getClosingPreview,
  listClosingDays,
} from '../../../lib/closing/closing-preview-queries.ts';
import {
  ClosingDaysWire,
  ClosingFileQuery,
  ClosingPreviewQuery,
  ClosingPreviewWire,
} from '../../../lib/closing/wire.ts';
import { createDownloads } from './downloads.ts';
import { createResource, protectedRoute } from './resource.ts';
import { streamedBody } from './streamed.ts';

/** Closings: what a closing day yields, and the file that is billed from. */
export const closings = createResource();

const downloads = createDownloads({ atOnce: 4, each: 2 });

closings.openapi(
  protectedRoute('closing.read', {
    method: 'get',
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
    const { actor, read } = c.var.context;
    return c.json({ days: await read((db) => listClosingDays(db, actor, new Date())) }, 200);
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
        description: 'In the order of customer numbers',
        content: { 'application/json': { schema: ClosingPreviewWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    const input = { ...c.req.valid('query'), now: new Date() };
    return c.json(await read((db) => getClosingPreview(db, actor, input)), 200);
  },
);

closings.openapi(
  protectedRoute('closing.export', {
    method: 'get',
    path: '/closings/file',
    summary:
      'The closings of a closing day from one month to another as a file; recorded in the audit',
    request: { query: ClosingFileQuery },
    responses: {
      200: {
        description:
          'CSV, broken off if it cannot be finished within ten minutes; closings that have not come yet are left out. 503 while two files of the utility are being made',
        content: { 'text/csv': { schema: { type: 'string', format: 'binary' } } },
      },
    },
  }),
  async (c) => {
    const { actor, transact } = c.var.context;
    const { closingDay, from, to, format, identifiers, rounding } = c.req.valid('query');
    const period = { closingDay, fromMonth: from, toMonth: to };
    const calendar = closingCalendar(period, new Date());
    const selection = { closingDay, closings: calendar.closings, rounding };
    const kind = { format, identifiers };
    const body = await streamedBody((write) =>
      downloads.run(actor.utilityId, () =>
        transact((tx) => exportClosing(tx, actor, { selection, kind }, write), { isLong: true }),
      ),
    );
    const name = closingFileName(calendar.closings.map(({ closesOn }) => closesOn));
    return c.body(body, 200, {
      'content-type': closingMediaType(format),
      'content-disposition': `attachment; filename="${name}"`,
    });
  },
);
