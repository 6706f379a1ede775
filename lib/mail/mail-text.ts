/** Text of a mail: subject and body, made from its kind and input when it is sent. */
import { createTranslator } from 'next-intl';
import { DEFAULT_LOCALE, type Locale } from '../i18n/locale.ts';
import { loadMessages } from '../i18n/messages.ts';
import { formatJst } from '../time.ts';
import { MAIL_KINDS, type MailKind } from './mail-kinds.ts';

const MAX_SUBJECT = 200;
/** Characters excluded from a subject: controls with line ends, line separators, lone surrogates. */
const NO_LINE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

export interface MailFacts {
  kind: MailKind;
  /** Input as the table has it, in the shape of the kind. */
  input: unknown;
  utilityName: string;
  enteredAt: Date;
}

export interface MailText {
  /** Subject, one line. */
  subject: string;
  /** Body with `\n` between lines. */
  text: string;
}

/**
 * Makes the text of a mail. Accounts have no language yet; the default is Japanese.
 * @throws Error for an input of another shape, and for a subject of several lines or over 200 characters
 */
export async function mailText(
  { kind, input, utilityName, enteredAt }: MailFacts,
  locale: Locale = DEFAULT_LOCALE,
): Promise<MailText> {
  const fields = MAIL_KINDS[kind].input.parse(input);
  const values = {
    ...fields,
    utility: utilityName,
    enteredAt: formatJst(enteredAt).slice(0, 16).replace('T', ' '),
  };
  const messages = await loadMessages(locale);
  const onError = (error: Error) => {
    throw error;
  };
  const say = createTranslator({ locale, messages, namespace: 'mail', onError });
  const subject = say(`${kind}.subject`, values);
  if (NO_LINE.test(subject) || subject.length > MAX_SUBJECT) {
    throw new Error(`the subject of a mail is one line of at most ${MAX_SUBJECT} characters`);
  }
  return { subject, text: `${say(`${kind}.text`, values)}\n\n-- \n${say('footer', values)}\n` };
}
