import { afterEach, describe, expect, it, vi } from 'vitest';
import { apiGet, apiUrl } from './api-client.ts';

afterEach(() => vi.unstubAllGlobals());

function answer(response: Response | Error) {
  vi.stubGlobal('fetch', async () => {
    if (response instanceof Error) throw response;
    return response;
  });
}

describe('apiUrl', () => {
  it('leaves out what is undefined and escapes the rest', () => {
    expect(apiUrl('/search', { q: '00 1&2', area: undefined, page: 2 })).toBe(
      '/api/v1/search?q=00+1%262&page=2',
    );
    expect(apiUrl('/session')).toBe('/api/v1/session');
  });
});

describe('apiGet', () => {
  it('hands over the answer', async () => {
    answer(Response.json({ hits: [] }));
    expect(await apiGet('/search')).toEqual({ hits: [] });
  });

  it('throws a problem with its code, status and reference', async () => {
    const problem = { code: 'forbidden', status: 403, detail: 'no', reference: 'K7QM-2XVD' };
    const headers = { 'content-type': 'application/problem+json' };
    answer(new Response(JSON.stringify(problem), { status: 403, headers }));
    await expect(apiGet('/closings')).rejects.toMatchObject({
      code: 'forbidden',
      status: 403,
      reference: 'K7QM-2XVD',
    });
  });

  it('says offline when nothing answers', async () => {
    answer(new TypeError('Failed to fetch'));
    await expect(apiGet('/session')).rejects.toMatchObject({ code: 'offline', status: 0 });
  });

  it('takes an answer that is no problem of ours for a fault', async () => {
    answer(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await expect(apiGet('/session')).rejects.toMatchObject({ code: 'internal' });
  });

  it('lets a request that was given up be one', async () => {
    answer(new DOMException('gone', 'AbortError'));
    await expect(apiGet('/session')).rejects.toMatchObject({ name: 'AbortError' });
  });
});
