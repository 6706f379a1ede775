import { createTranslator } from 'next-intl';
import analystEn from '../messages/en/analyst.json' with { type: 'json' };
import consumerEn from '../messages/en/consumer.json' with { type: 'json' };
import analystJa from '../messages/ja/analyst.json' with { type: 'json' };
import consumerJa from '../messages/ja/consumer.json' with { type: 'json' };

const MESSAGES = {
  ja: { analyst: analystJa, consumer: consumerJa },
  en: { analyst: analystEn, consumer: consumerEn },
};

/** The texts that a page's `useTranslations(namespace)` gives, without a page around; Texts is the page's own name of it. */
export function testTexts<Texts>(
  namespace:
    | 'analyst.collection'
    | 'analyst.meter'
    | 'analyst.refusals'
    | 'analyst.pressure'
    | 'consumer',
  locale: keyof typeof MESSAGES = 'ja',
): Texts {
  // The library types its two translators apart, though they are one function.
  return createTranslator({ locale, messages: MESSAGES[locale], namespace }) as unknown as Texts;
}
