/** The sign-in form's two requests to next-auth. Its own client would ask two addresses more, which answer nobody here. */
import { z } from 'zod';

const Token = z.object({ csrfToken: z.string() });
const Answer = z.object({ url: z.string() });

export interface SignInAnswer {
  ok: boolean;
  /** The word that app/auth.ts hands over; null when the sign-in was accepted. */
  error: string | null;
}

/** Sends credentials. @throws Error when the site cannot be reached or answers what is no answer. */
export async function requestSignIn(
  provider: 'staff' | 'consumer',
  credentials: Record<string, string>,
): Promise<SignInAnswer> {
  const { csrfToken } = Token.parse(await (await fetch('/api/auth/csrf')).json());
  const callbackUrl = window.location.href;
  const form = { ...credentials, csrfToken, callbackUrl, json: 'true' };
  const response = await fetch(`/api/auth/callback/${provider}`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const { url } = Answer.parse(await response.json());
  return { ok: response.ok, error: new URL(url, callbackUrl).searchParams.get('error') };
}
