import { describe, expect, it } from 'vitest';
import { LOCALES } from '../i18n/locale.ts';
import { isMailKind, MAIL_KIND_NAMES, MAIL_KINDS, type MailKind } from './mail-kinds.ts';
import { mailText } from './mail-text.ts';

const FACTS = { utilityName: '港ガス株式会社', enteredAt: new Date('2026-11-26T01:00:00Z') };
/** A valid input of each kind. */
const INPUTS: Record<MailKind, unknown> = {
  test: {},
  'closing-ready': {
    ...{ closingDay: 31, year: 2026, month: 2, day: 28, total: 1000, actual: 980, entered: 2 },
    ...{ substituted: 10, estimated: 0, certified: 0, none: 8, toCheck: 9, overdue: 12 },
    ...{ asOf: '2026-03-01 05:01', hasPage: 'yes', eachMonth: 'yes' },
    page: 'https://kenshin.example/closing?day=31&month=2026-02',
  },
};

describe('the text of a mail', () => {
  it('is Japanese by default and names the utility and the time in Japan', async () => {
    const { subject, text } = await mailText({ ...FACTS, kind: 'test', input: {} });
    expect(subject).toBe('試験メール(港ガス株式会社)');
    expect(text).toContain('港ガス株式会社の検針クラウド Kenshin からの試験メールです。');
    expect(text).toContain('2026-11-26 10:00');
    expect(text).toMatch(/\n\n-- \n.*返信は受け取れません。\n$/);
  });

  it.each(MAIL_KIND_NAMES.flatMap((kind) => LOCALES.map((locale) => ({ kind, locale }))))(
    'of the kind $kind is whole in $locale',
    async ({ kind, locale }) => {
      const { subject, text } = await mailText({ ...FACTS, kind, input: INPUTS[kind] }, locale);
      expect(subject).toContain(FACTS.utilityName);
      expect(text).not.toContain(`mail.${kind}`);
    },
  );

  it('refuses an input of another shape', async () => {
    await expect(mailText({ ...FACTS, kind: 'test', input: { subject: 'x' } })).rejects.toThrow();
  });

  it.each([
    ['a line end', '港ガス\r\nBcc: all@gas.example'],
    ['a separator of lines', '港ガス\u2028'],
    ['half of a pair', '港ガス\ud83d'],
    ['too many characters', '港'.repeat(200)],
  ])('is refused where %s would come into its subject', async (_what, utilityName) => {
    await expect(mailText({ ...FACTS, utilityName, kind: 'test', input: {} })).rejects.toThrow(
      'the subject of a mail is one line',
    );
  });
});

it('a kind of mail is known by its own name alone, and has a purpose', () => {
  expect(MAIL_KIND_NAMES.every(isMailKind)).toBe(true);
  expect(['toString', 'tests', ''].filter(isMailKind)).toEqual([]);
  expect(Object.values(MAIL_KINDS).every(({ purpose }) => purpose.length > 10)).toBe(true);
});
