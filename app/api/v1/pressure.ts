import { getAreaPressure } from '../../../lib/pressure/area-pressure-queries.ts';
import { listExcursions } from '../../../lib/pressure/excursion-queries.ts';
import { listMeterPressures } from '../../../lib/pressure/meter-pressure-queries.ts';
import {
  AreaPath,
  AreaPressureQuery,
  AreaPressureWire,
  ExcursionsQuery,
  ExcursionsWire,
  MeterPressuresQuery,
  MeterPressuresWire,
} from '../../../lib/pressure/pressure-wire.ts';
import { createResource, protectedRoute } from './resource.ts';

/** Supply pressure of an area, including the areas below it. */
export const pressure = createResource();

pressure.openapi(
  protectedRoute('pressure.read', {
    method: 'get',
    path: '/pressure/areas/{areaId}',
    summary: 'Least, average and greatest pressure of an area per hour or day',
    request: { params: AreaPath, query: AreaPressureQuery },
    responses: {
      200: {
        description: 'The band, and its summary',
        content: { 'application/json': { schema: AreaPressureWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), ...c.req.valid('query'), now };
    return c.json(await read((db) => getAreaPressure(db, actor, input)), 200);
  },
);

pressure.openapi(
  protectedRoute('pressure.read', {
    method: 'get',
    path: '/pressure/areas/{areaId}/meters',
    summary: 'The meters of an area: at first those with most hours outside the limits',
    request: { params: AreaPath, query: MeterPressuresQuery },
    responses: {
      200: {
        description: 'One page of them, and how many there are',
        content: { 'application/json': { schema: MeterPressuresWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), ...c.req.valid('query'), now };
    return c.json(await read((db) => listMeterPressures(db, actor, input)), 200);
  },
);

pressure.openapi(
  protectedRoute('pressure.read', {
    method: 'get',
    path: '/pressure/areas/{areaId}/excursions',
    summary: 'The hours outside the limits, each with what flowed in it',
    request: { params: AreaPath, query: ExcursionsQuery },
    responses: {
      200: {
        description: 'One page of them, latest first, and how many there are',
        content: { 'application/json': { schema: ExcursionsWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), ...c.req.valid('query'), now };
    return c.json(await read((db) => listExcursions(db, actor, input)), 200);
  },
);
