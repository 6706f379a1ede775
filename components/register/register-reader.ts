/** The reader of a text about the register: texts in the page's language, and its name. */
import type { useTranslations } from 'next-intl';

type RegisterTexts = ReturnType<typeof useTranslations<'register'>>;

export interface Reader {
  t: RegisterTexts;
  locale: string;
}
