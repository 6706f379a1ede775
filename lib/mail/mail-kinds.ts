/**
 * Kind of a mail: one entry for each, with what it is for and the shape of its input. The text is in messages/<language>/mail.json under
 * the name of the kind: `subject` and `text`, which may name each field of the input beside those that every mail has.
 */
import { z } from 'zod';

interface MailKindEntry {
  /** Fields that a text can show as they are: numbers, and texts of one line. */
  input: z.ZodObject<Record<string, z.ZodType<string | number>>>;
  /** What the recipient learns by it, for the operator's list. */
  purpose: string;
}

export const MAIL_KINDS = {
  test: {
    input: z.strictObject({}),
    purpose: 'shows that mail to the account is sent',
  },
} as const satisfies Record<string, MailKindEntry>;

export type MailKind = keyof typeof MAIL_KINDS;
/** The input of a kind, as the verb that enters the mail gives it. */
export type MailInput<K extends MailKind> = z.infer<(typeof MAIL_KINDS)[K]['input']>;

export const MAIL_KIND_NAMES = Object.keys(MAIL_KINDS) as readonly MailKind[];

/** True for the name of a kind that this version of the product knows. */
export function isMailKind(text: string): text is MailKind {
  return Object.hasOwn(MAIL_KINDS, text);
}
