/** HTTP client with a session: signs in as a person does, and fetches pages and API answers with the cookie. */
import { z } from 'zod';

export interface SessionClient {
  get(path: string): Promise<Response>;
}

/** @throws Error when the sign-in is refused. */
export async function signIn(
  origin: string,
  provider: 'staff' | 'consumer',
  credentials: Record<string, string>,
): Promise<SessionClient> {
  const cookies = new Map<string, string>();
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, origin), {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie, origin },
      signal: AbortSignal.timeout(30_000),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      cookies.set(name, value);
    }
    return response;
  };
  const { csrfToken } = z
    .object({ csrfToken: z.string() })
    .parse(await (await request('/api/auth/csrf')).json());
  await request(`/api/auth/callback/${provider}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...credentials, csrfToken, callbackUrl: origin, json: 'true' }),
  });
  if (![...cookies.keys()].some((name) => name.endsWith('session-token'))) {
    throw new Error(`sign-in as ${provider} was refused`);
  }
  return { get: (path) => request(path) };
}
