import { getMeter, listMeters } from '../../../lib/meters/meter-queries.ts';
import { getMeterReadings, listMeterRevisions } from '../../../lib/meters/meter-reading-queries.ts';
import {
  MeterDetailWire,
  MeterPageWire,
  MeterPath,
  MeterReadingsQuery,
  MeterReadingsWire,
  MeterRevisionsQuery,
  MeterRevisionsWire,
  MetersQuery,
} from '../../../lib/meters/meter-wire.ts';
import { listMeterRefusals } from '../../../lib/readings/refusal-queries.ts';
import { RefusalsQuery, RefusalsWire } from '../../../lib/readings/refusal-wire.ts';
import { createResource, protectedRoute } from './resource.ts';

/** Meters, what is fitted at their supply points, and their readings. */
export const meters = createResource();

meters.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    path: '/meters',
    summary: 'Meters that are fitted now',
    request: { query: MetersQuery },
    responses: {
      200: {
        description: 'One page of them, and how many there are',
        content: { 'application/json': { schema: MeterPageWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const { q, order, ...input } = c.req.valid('query');
    const listInput = { ...input, query: q, descending: order === 'desc', now };
    return c.json(await read((db) => listMeters(db, actor, listInput)), 200);
  },
);

meters.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/meters/{meterId}',
    summary: 'A meter, its supply point, terminal and history of fittings',
    request: { params: MeterPath },
    responses: {
      200: {
        description: 'The meter',
        content: { 'application/json': { schema: MeterDetailWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), now };
    return c.json(await read((db) => getMeter(db, actor, input)), 200);
  },
);

meters.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    path: '/meters/{meterId}/readings',
    summary:
      'Usage and pressure at the place of a meter, by hour or day, over exchanges of the meter',
    request: { params: MeterPath, query: MeterReadingsQuery },
    responses: {
      200: {
        description: 'One entry per day',
        content: { 'application/json': { schema: MeterReadingsWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), ...c.req.valid('query'), now };
    return c.json(await read((db) => getMeterReadings(db, actor, input)), 200);
  },
);

meters.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/meters/{meterId}/revisions',
    summary: 'Days that were completed or corrected after they had come',
    request: { params: MeterPath, query: MeterRevisionsQuery },
    responses: {
      200: {
        description: 'What changed in them, latest first',
        content: { 'application/json': { schema: MeterRevisionsWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), ...c.req.valid('query'), now };
    return c.json({ revisions: await read((db) => listMeterRevisions(db, actor, input)) }, 200);
  },
);

meters.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    path: '/meters/{meterId}/refusals',
    summary: 'Frames that were refused of the terminal that stands beside a meter now',
    request: { params: MeterPath, query: RefusalsQuery },
    responses: {
      200: {
        description: 'One page of them, latest first, and how many there are',
        content: { 'application/json': { schema: RefusalsWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), ...c.req.valid('query'), now };
    return c.json(await read((db) => listMeterRefusals(db, actor, input)), 200);
  },
);
