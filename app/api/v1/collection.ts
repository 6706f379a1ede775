import { listCollectionHistory } from '../../../lib/collection/collection-history-queries.ts';
import {
  getCollection,
  listCollectionSupplyPoints,
} from '../../../lib/collection/collection-queries.ts';
import {
  CollectionHistoryQuery,
  CollectionHistoryWire,
  CollectionQuery,
  CollectionSupplyPointsQuery,
  CollectionSupplyPointsWire,
  CollectionWire,
} from '../../../lib/collection/collection-wire.ts';
import { createResource, protectedRoute } from './resource.ts';

/** Collection: which of the expected day reports have arrived. */
export const collection = createResource();

collection.openapi(
  protectedRoute('collection.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/collection',
    summary: 'How many supply points have reported a day, in all and by area',
    request: { query: CollectionQuery },
    responses: {
      200: {
        description: 'The counts of the day',
        content: { 'application/json': { schema: CollectionWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('query'), now };
    return c.json(await read((db) => getCollection(db, actor, input)), 200);
  },
);

collection.openapi(
  protectedRoute('collection.read', {
    method: 'get',
    path: '/collection/history',
    summary: 'The counts of the last days, of all areas or of one',
    request: { query: CollectionHistoryQuery },
    responses: {
      200: {
        description: 'One entry per day, oldest first',
        content: { 'application/json': { schema: CollectionHistoryWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('query'), now };
    return c.json({ days: await read((db) => listCollectionHistory(db, actor, input)) }, 200);
  },
);

collection.openapi(
  protectedRoute('collection.read', {
    method: 'get',
    path: '/collection/points',
    summary: 'The supply points behind the counts, those silent longest first',
    request: { query: CollectionSupplyPointsQuery },
    responses: {
      200: {
        description: 'One page of them, and how many there are',
        content: { 'application/json': { schema: CollectionSupplyPointsWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('query'), now };
    return c.json(await read((db) => listCollectionSupplyPoints(db, actor, input)), 200);
  },
);
