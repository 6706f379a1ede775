import { describe, expect, it } from 'vitest';
import { DomainError, type Refusal } from '../lib/errors.ts';
import { withOutcome, withoutCookie } from './auth-answer.ts';

/** next-auth's answer to its own client for a refused sign-in. */
const refusedAnswer = () =>
  Response.json({ url: 'https://kenshin.example/sign-in?error=locked' }, { status: 401 });

describe('the answer to a sign-in', () => {
  it('sets the device cookie, over https under a name that no other host can set', () => {
    const signedIn = { token: 't', expiresAt: new Date(0), deviceCookie: 'a~b' };
    const own = new Response(null, { headers: { 'set-cookie': 'session=x; Path=/' } });
    const cookies = (secure: boolean) => withOutcome(own, signedIn, secure).headers.getSetCookie();
    const attributes = 'Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax';
    expect(cookies(false)).toEqual(['session=x; Path=/', `kenshin-device=a~b; ${attributes}`]);
    expect(cookies(true)[1]).toBe(`__Host-kenshin-device=a~b; ${attributes}; Secure`);
  });

  it.each<[Refusal, number, string]>([
    [new DomainError('locked', 'later', { until: '', retryAfterS: 60 }), 429, '60'],
    [new DomainError('unavailable', 'later', { retryAfterS: 3 }), 503, '3'],
  ])('%s is %i and states the time of the next try', async (outcome, status, seconds) => {
    const answer = withOutcome(refusedAnswer(), outcome, true);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, seconds]);
    expect(await answer.json()).toEqual(await refusedAnswer().json());
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('is unchanged for a wrong password, and when there was no sign-in', () => {
    const wrong = new DomainError('unauthenticated', 'wrong');
    for (const outcome of [wrong, undefined]) {
      const answer = withOutcome(refusedAnswer(), outcome, true);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([401, null]);
    }
  });

  it('about the session does not renew the session cookie', () => {
    const headers = new Headers();
    for (const cookie of ['s=renewed; Path=/', 'csrf=kept; Path=/'])
      headers.append('set-cookie', cookie);
    const answer = withoutCookie(new Response('{}', { headers }), 's');
    expect(answer.headers.getSetCookie()).toEqual(['csrf=kept; Path=/']);
  });
});
