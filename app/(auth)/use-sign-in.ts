'use client';

import { useState } from 'react';
import { rememberUtility } from '../preferences.ts';
import { parseRefusal, type SignInRefusal } from '../sign-in-form.ts';
import { requestSignIn } from './request-sign-in.ts';

export interface SignIn {
  isBusy: boolean;
  refusal: SignInRefusal | undefined;
  submit: (credentials: Record<string, string>) => Promise<void>;
}

/** Signs in and goes to `to`; a refusal leaves the form as it was typed. */
export function useSignIn(provider: 'staff' | 'consumer', to: string): SignIn {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<SignInRefusal>();
  const submit = async (credentials: Record<string, string>): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    const answer = await requestSignIn(provider, credentials).catch(() => null);
    if (answer?.ok && !answer.error) {
      await rememberUtility(credentials.utilityCode ?? '').catch(() => undefined);
      window.location.assign(to);
      return;
    }
    setRefusal(parseRefusal(answer?.error ?? 'unavailable'));
    setBusy(false);
  };
  return { isBusy, refusal, submit };
}
