/** Mail address of a staff account: `local@domain` in plain ASCII, accepted by every mail server. */
import { z } from 'zod';

const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;
/** Message for a text that is no such address. */
export const MAIL_ADDRESS_FAULT = 'give one mail address in ASCII, such as hoan@gas.example';

/** One address without a display name or brackets. Only its form is checked, not that the mailbox exists. */
export const MailAddress = z
  .email(MAIL_ADDRESS_FAULT)
  .max(MAX_LENGTH, MAIL_ADDRESS_FAULT)
  .refine((address) => address.indexOf('@') <= MAX_LOCAL_LENGTH, MAIL_ADDRESS_FAULT);

/** Domain of an address. @throws Error for a text without `@` */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) throw new Error('a mail address has an @');
  return address.slice(at + 1);
}
