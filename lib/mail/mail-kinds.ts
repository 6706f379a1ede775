/**
 * Kinds of mails: each with its purpose and the shape of its input. Texts are in messages/<language>/mail.json under
 * the name of the kind, as `subject` and `text`; both may use the fields of the input and the fields common to all
 * mails.
 */
import { z } from 'zod';

interface MailKindEntry {
  /** Input fields that a text can show: numbers and texts of one line. */
  input: z.ZodObject<Record<string, z.ZodType<string | number>>>;
  /** Purpose of the mail, for the operator's list. */
  purpose: string;
}

const count = z.number().int().min(0);

export const MAIL_KINDS = {
  test: {
    input: z.strictObject({}),
    purpose: 'shows that mail to the account is sent',
  },
  'closing-ready': {
    input: z.strictObject({
      /** The closing: its closing day 1…31, year, month and day. */
      ...{ closingDay: count, year: count, month: count, day: count },
      /** Rows by quality. */
      ...{ total: count, actual: count, entered: count, substituted: count },
      ...{ estimated: count, certified: count, none: count },
      toCheck: count,
      /** Reports that are due and have not arrived. */
      overdue: count,
      /** Instant of these figures, JST: YYYY-MM-DD HH:MM. */
      asOf: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d$/),
      /** `yes`: `page` is the address of the closing's page. */
      hasPage: z.enum(['yes', 'no']),
      page: z.string(),
      /** Whether the mail comes for each closing of the closing day. */
      eachMonth: z.enum(['yes', 'no']),
    }),
    purpose: 'tells those who asked that a closing is ready',
  },
} as const satisfies Record<string, MailKindEntry>;

export type MailKind = keyof typeof MAIL_KINDS;
/** Input of a kind, given by the verb that enters the mail. */
export type MailInput<K extends MailKind> = z.infer<(typeof MAIL_KINDS)[K]['input']>;

export const MAIL_KIND_NAMES = Object.keys(MAIL_KINDS) as readonly MailKind[];

/** Checks for a kind known to this version. */
export function isMailKind(text: string): text is MailKind {
  return Object.hasOwn(MAIL_KINDS, text);
}
