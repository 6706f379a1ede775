'use server';

import { cookies } from 'next/headers';
import { isLocale, LOCALE_COOKIE } from '../lib/i18n/locale.ts';
import { site } from './context.ts';
import { UTILITY_COOKIE } from './sign-in-form.ts';

const YEAR_SECONDS = 365 * 24 * 3600;

/** Stores the language of the pages in this browser. */
export async function rememberLocale(locale: string): Promise<void> {
  if (isLocale(locale)) await remember(LOCALE_COOKIE, locale);
}

/** Stores the utility in this browser, so that its code is typed once. */
export async function rememberUtility(code: string): Promise<void> {
  if (/^[a-z0-9-]{2,32}$/.test(code)) await remember(UTILITY_COOKIE, code);
}

async function remember(name: string, value: string): Promise<void> {
  const { secure } = site();
  const options = { httpOnly: true, sameSite: 'lax', path: '/', maxAge: YEAR_SECONDS } as const;
  (await cookies()).set(name, value, { ...options, secure });
}
