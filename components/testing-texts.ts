import { createTranslator } from 'next-intl';
import { LOCALES } from '../lib/i18n/locale.ts';
import { loadMessages, type MessagePart } from '../lib/i18n/messages.ts';

const MESSAGES = Object.fromEntries(
  await Promise.all(LOCALES.map(async (locale) => [locale, await loadMessages(locale)] as const)),
);

/** The texts that a page's `useTranslations(namespace)` gives, without a page around; Texts is the page's own name of it. */
export function testTexts<Texts>(
  namespace: MessagePart,
  locale: (typeof LOCALES)[number] = 'ja',
): Texts {
  // The library types its two translators apart, though they are one function.
  return createTranslator({ locale, messages: MESSAGES[locale], namespace }) as unknown as Texts;
}
