import { getOwnDay, getOwnMonth } from '../../../lib/usage/own-usage-queries.ts';
import {
  OwnDayQuery,
  OwnDayWire,
  OwnMonthQuery,
  OwnMonthWire,
} from '../../../lib/usage/usage-wire.ts';
import { createResource, protectedRoute } from './resource.ts';

/** A consumer's own usage: one supply point, during the consumer's occupancy. */
export const my = createResource();

my.openapi(
  protectedRoute('own-usage.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/my/usage',
    summary: 'A month of one’s own usage by day, against the month before and the year before',
    description:
      'Without `month`, the latest one with a reading. 404 for a month outside the occupancy.',
    request: { query: OwnMonthQuery },
    responses: {
      200: {
        description: 'The month by day, with the two months to hold it against',
        content: { 'application/json': { schema: OwnMonthWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const query = c.req.valid('query');
    return c.json(await read((db) => getOwnMonth(db, actor, { ...query, now })), 200);
  },
);

my.openapi(
  protectedRoute('own-usage.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/my/hours',
    summary: 'A day of one’s own usage by hour',
    description: '404 for a day outside the occupancy.',
    request: { query: OwnDayQuery },
    responses: {
      200: {
        description: 'The 24 hours and the gaps that touch the day',
        content: { 'application/json': { schema: OwnDayWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const { day } = c.req.valid('query');
    return c.json(await read((db) => getOwnDay(db, actor, { day, now })), 200);
  },
);
