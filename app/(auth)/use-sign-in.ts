'use client';

import { useState } from 'react';
import { rememberUtility } from '../preferences.ts';
import { parseRefusal, type SignInRefusal } from '../sign-in-form.ts';

type Provider = 'staff' | 'consumer';

export interface SignIn {
  isBusy: boolean;
  refusal: SignInRefusal | undefined;
  submit: (credentials: Record<string, string>) => Promise<void>;
}

/** How often the form is sent again by itself when too many sign in at the same moment. */
const RETRIES = 3;
/** Longest pause before such a retry, seconds. A longer one is shown to the user instead. */
const LONGEST_PAUSE_S = 5;

/** Signs in and opens `to`; after a refusal the form keeps what was typed. */
export function useSignIn(provider: Provider, to: string): SignIn {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<SignInRefusal>();
  const submit = async (credentials: Record<string, string>): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    const refused = await signInPatiently(provider, credentials).catch(() => 'unavailable');
    if (!refused) {
      await rememberUtility(credentials.utilityCode ?? '').catch(() => undefined);
      window.location.assign(to);
      return;
    }
    setRefusal(parseRefusal(refused));
    setBusy(false);
  };
  return { isBusy, refusal, submit };
}

/** The refusal as one word; undefined when the session cookie is set. */
async function signInPatiently(
  provider: Provider,
  credentials: Record<string, string>,
): Promise<string | undefined> {
  for (let retries = RETRIES; ; retries -= 1) {
    const answer = await postCredentials(provider, credentials);
    const pauseS = Number(answer.headers.get('retry-after') ?? Number.NaN);
    if (answer.status !== 503 || retries === 0 || !(pauseS <= LONGEST_PAUSE_S)) {
      return refusalIn(answer);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseS * 1000));
  }
}

/** Posts as next-auth's own client does, with its CSRF token; that client would hide the HTTP status. */
async function postCredentials(
  provider: Provider,
  credentials: Record<string, string>,
): Promise<Response> {
  const { csrfToken } = await (await fetch('/api/auth/csrf')).json();
  const body = new URLSearchParams({ ...credentials, csrfToken, json: 'true' });
  return fetch(`/api/auth/callback/${provider}`, { method: 'POST', body });
}

async function refusalIn(answer: Response): Promise<string | undefined> {
  const { url } = await answer.json();
  const error = new URL(url, window.location.href).searchParams.get('error');
  return error ?? (answer.ok ? undefined : 'unavailable');
}
