import { search as searchMeters } from '../../../lib/search/search-queries.ts';
import { SearchQuery, SearchWire } from '../../../lib/search/search-wire.ts';
import { createResource, protectedRoute } from './resource.ts';

/** Search of all staff pages. */
export const search = createResource();

search.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    path: '/search',
    summary: 'Meters by customer number, terminal number, serial or supply point number',
    request: { query: SearchQuery },
    responses: {
      200: {
        description: 'The best hits, equal numbers first',
        content: { 'application/json': { schema: SearchWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const { q } = c.req.valid('query');
    const hits = await read((db) => searchMeters(db, actor, { query: q, now }));
    return c.json({ hits }, 200);
  },
);
