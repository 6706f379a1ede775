import { MeterPath } from '../../../lib/meters/meter-wire.ts';
import { exchangeMeter, undoExchange } from '../../../lib/register/exchange-commands.ts';
import { previewExchange } from '../../../lib/register/exchange-preview-queries.ts';
import { getExchange, listMeterExchanges } from '../../../lib/register/exchange-queries.ts';
import {
  ExchangeBody,
  ExchangedWire,
  ExchangePath,
  ExchangePreviewWire,
  ExchangesWire,
  ExchangeWire,
  UndoneExchangeWire,
} from '../../../lib/register/exchange-wire.ts';
import { listReportedSerials } from '../../../lib/register/reported-serials-queries.ts';
import { ReportedSerialsWire } from '../../../lib/register/reported-serials-wire.ts';
import { createResource, protectedRoute } from './resource.ts';
import { KeyHeader, writeOnce } from './write-once.ts';

/** Exchanges of meters (取替): preview, registration, list with the records that rest on each, undo. */
export const exchanges = createResource();

const body = { required: true, content: { 'application/json': { schema: ExchangeBody } } };

exchanges.openapi(
  protectedRoute('meter.exchange', {
    method: 'post',
    path: '/meters/{meterId}/exchanges/preview',
    summary: 'What the exchange of a meter would change; nothing is written',
    request: { params: MeterPath, body },
    responses: {
      200: {
        description: 'Usage and closings before and after, and warnings',
        content: { 'application/json': { schema: ExchangePreviewWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const { meterId: removedMeterId } = c.req.valid('param');
    const input = { ...c.req.valid('json'), removedMeterId, now };
    return c.json(await read((db) => previewExchange(db, actor, input)), 200);
  },
);

exchanges.openapi(
  protectedRoute('meter.exchange', {
    method: 'post',
    'x-cost': 'light',
    path: '/meters/{meterId}/exchanges',
    summary: 'Exchange a fitted meter for another',
    request: { headers: KeyHeader, params: MeterPath, body },
    responses: {
      201: {
        description: 'It is registered; Location says where it is found',
        content: { 'application/json': { schema: ExchangedWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const { meterId: removedMeterId } = c.req.valid('param');
    const body = c.req.valid('json');
    const exchanged = await writeOnce(c, body, async (tx) => {
      const done = await exchangeMeter(tx, actor, { ...body, removedMeterId, now });
      return { status: 201, location: `/api/v1/exchanges/${done.exchangeId}`, body: done };
    });
    return c.json(exchanged, 201);
  },
);

exchanges.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/meters/{meterId}/exchanges',
    summary: 'Exchanges in which a meter was removed or fitted, but for those that were undone',
    request: { params: MeterPath },
    responses: {
      200: {
        description:
          'Latest first, at most 20; none that was registered before exchanges were kept as such',
        content: { 'application/json': { schema: ExchangesWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    const input = c.req.valid('param');
    return c.json({ exchanges: await read((db) => listMeterExchanges(db, actor, input)) }, 200);
  },
);

exchanges.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/meters/{meterId}/reported-serials',
    summary:
      'Serials that the terminal beside a fitted meter reports and that are not fitted there',
    request: { params: MeterPath },
    responses: {
      200: {
        description:
          'Of authentic reports of the last 30 days, which are kept in quarantine; the one reported last first',
        content: { 'application/json': { schema: ReportedSerialsWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), now };
    return c.json({ serials: await read((db) => listReportedSerials(db, actor, input)) }, 200);
  },
);

exchanges.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/exchanges/{exchangeId}',
    summary: 'An exchange of meters, and what rests on it',
    request: { params: ExchangePath },
    responses: {
      200: {
        description: 'The exchange',
        content: { 'application/json': { schema: ExchangeWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json(await read((db) => getExchange(db, actor, c.req.valid('param'))), 200);
  },
);

exchanges.openapi(
  protectedRoute('meter.exchange', {
    method: 'delete',
    'x-cost': 'light',
    path: '/exchanges/{exchangeId}',
    summary: 'Undo an exchange on which nothing rests',
    request: { headers: KeyHeader, params: ExchangePath },
    responses: {
      200: {
        description: 'The register is what it was before the exchange',
        content: { 'application/json': { schema: UndoneExchangeWire } },
      },
    },
  }),
  async (c) => {
    const { actor } = c.var.context;
    const input = c.req.valid('param');
    const undone = await writeOnce(c, input, async (tx) => ({
      status: 200,
      body: await undoExchange(tx, actor, input),
    }));
    return c.json(undone, 200);
  },
);
