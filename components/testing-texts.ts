import { createTranslator } from 'next-intl';
import { LOCALES } from '../lib/i18n/locale.ts';
import { loadMessages, type MessagePart } from '../lib/i18n/messages.ts';

const MESSAGES = Object.fromEntries(
  await Promise.all(LOCALES.map(async (locale) => [locale, await loadMessages(locale)] as const)),
);

/** Texts as a page's `useTranslations(namespace)` gives them, without a page; Texts is the page's own type of them. */
export function testTexts<Texts>(
  namespace: MessagePart,
  locale: (typeof LOCALES)[number] = 'ja',
): Texts {
  // next-intl types its two translators differently, though they are the same function.
  return createTranslator({ locale, messages: MESSAGES[locale], namespace }) as unknown as Texts;
}
