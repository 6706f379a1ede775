import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { apiDelete, apiGet, apiPost, apiUrl } from './api-client.ts';
import { apiQuery } from './api-query.ts';
import type { ApiShapes } from './api-types.ts';

afterEach(() => vi.unstubAllGlobals());

function answer(response: Response | Error) {
  const fetched = vi.fn(async (_url: string, _init?: RequestInit) => {
    if (response instanceof Error) throw response;
    return response;
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

describe('apiUrl', () => {
  it('fills in the path, leaves out what is undefined and escapes the rest', () => {
    expect(apiUrl('/search', { query: { q: '00 1&2' } })).toBe('/api/v1/search?q=00+1%262');
    expect(apiUrl('/meters', { query: { q: undefined, limit: 2 } })).toBe('/api/v1/meters?limit=2');
    expect(apiUrl('/session', {})).toBe('/api/v1/session');
    expect(
      apiUrl('/pressure/areas/{areaId}/meters', { path: { areaId: 7 }, query: { offset: 25 } }),
    ).toBe('/api/v1/pressure/areas/7/meters?offset=25');
  });
});

describe('apiGet', () => {
  it('returns the answer', async () => {
    const fetched = answer(Response.json({ hits: [] }));
    expect(await apiGet('/search', { query: { q: '1' } })).toEqual({ hits: [] });
    expect(fetched).toHaveBeenCalledWith('/api/v1/search?q=1', { signal: undefined });
  });

  it('throws a problem with its code, status and reference', async () => {
    const problem = { code: 'forbidden', status: 403, detail: 'no', reference: 'K7QM-2XVD' };
    const headers = { 'content-type': 'application/problem+json' };
    answer(new Response(JSON.stringify(problem), { status: 403, headers }));
    await expect(apiGet('/closing-days', {})).rejects.toMatchObject({
      code: 'forbidden',
      status: 403,
      reference: 'K7QM-2XVD',
    });
  });

  it('throws `offline` when nothing answers', async () => {
    answer(new TypeError('Failed to fetch'));
    await expect(apiGet('/session', {})).rejects.toMatchObject({ code: 'offline', status: 0 });
  });

  it('throws an error for an answer that is not a problem of the API', async () => {
    answer(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await expect(apiGet('/session', {})).rejects.toMatchObject({ code: 'internal' });
  });

  it('throws the abort of an aborted request', async () => {
    answer(new DOMException('gone', 'AbortError'));
    await expect(apiGet('/session', {})).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('apiDelete', () => {
  it('sends no body and takes an empty answer', async () => {
    const fetched = answer(new Response(null, { status: 204 }));
    await apiDelete('/session', {});
    expect(fetched).toHaveBeenCalledWith('/api/v1/session', { method: 'DELETE', headers: {} });
  });

  it('sends the key of a change, and returns its answer', async () => {
    const fetched = answer(Response.json({ keptMeter: true }));
    const undone = await apiDelete('/exchanges/{exchangeId}', {
      path: { exchangeId: 7 },
      header: { 'Idempotency-Key': 'k' },
    });
    expect(undone).toEqual({ keptMeter: true });
    const headers = { 'Idempotency-Key': 'k' };
    expect(fetched).toHaveBeenCalledWith('/api/v1/exchanges/7', { method: 'DELETE', headers });
  });
});

describe('apiPost', () => {
  it('sends its body as JSON', async () => {
    const fetched = answer(Response.json({ exchangeId: 1 }));
    const body = { exchangedAt: '2026-11-22T10:00:00+09:00', newSerial: '1' };
    const path = { meterId: 7 };
    // Only that the body is sent unchanged matters here.
    await apiPost('/meters/{meterId}/exchanges/preview', { path, body: body as never });
    expect(fetched).toHaveBeenCalledWith('/api/v1/meters/7/exchanges/preview', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  });
});

describe('the types', () => {
  it('accept the paths, parameters and answers of the document only', async () => {
    vi.stubGlobal('fetch', async () => Response.json({ period: {} }));
    const pressure = await apiGet('/pressure/areas/{areaId}', {
      path: { areaId: 1 },
      query: { from: '2026-11-01', step: 'day' },
    });
    expectTypeOf(pressure).toEqualTypeOf<ApiShapes['AreaPressure']>();
    expectTypeOf(pressure.period.step).toEqualTypeOf<'hour' | 'day'>();
    const areas = apiQuery('/areas', {});
    expectTypeOf<ReturnType<NonNullable<typeof areas.queryFn>>>().resolves.toEqualTypeOf<
      ApiShapes['Areas']
    >();
    // Each line below has to be a type error: without one, `@ts-expect-error` fails `npm run check`.
    // @ts-expect-error no such path
    await apiGet('/pressures', {});
    // @ts-expect-error the path has a parameter
    await apiGet('/meters/{meterId}', {});
    // @ts-expect-error a parameter of another name
    await apiGet('/meters/{meterId}', { path: { areaId: 1 } });
    // @ts-expect-error no such query parameter
    await apiGet('/meters', { query: { area: 1 } });
    // @ts-expect-error not one of its values
    await apiGet('/meters', { query: { sort: 'pressure' } });
    // @ts-expect-error a resource without a query
    await apiGet('/areas', { query: { limit: 1 } });
    // @ts-expect-error a query that is needed
    await apiGet('/search', {});
    // @ts-expect-error a day is needed
    apiQuery('/my/hours', { query: {} });
    // @ts-expect-error what can be read cannot be deleted
    await apiDelete('/areas', {});
    // @ts-expect-error an exchange carries a body and a key
    await apiPost('/meters/{meterId}/exchanges', { path: { meterId: 1 } });
    // @ts-expect-error an exchange is undone by its id, once for each key
    await apiDelete('/exchanges/{exchangeId}', {});
  });
});
