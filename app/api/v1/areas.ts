import { AreasWire } from '../../../lib/pressure/pressure-wire.ts';
import { listAreas } from '../../../lib/register/area-queries.ts';
import { createResource, protectedRoute } from './resource.ts';

/** The utility’s supply areas. */
export const areas = createResource();

areas.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/areas',
    summary: 'The supply areas with their limits of pressure',
    responses: {
      200: {
        description: 'All areas, by code',
        content: { 'application/json': { schema: AreasWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json({ areas: await read((db) => listAreas(db, actor)) }, 200);
  },
);
