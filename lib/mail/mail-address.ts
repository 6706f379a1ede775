/** Mail address of a member of the staff: `local@domain` in plain ASCII, as every mail server takes it. */
import { z } from 'zod';

const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;
/** What is said of a text that is no such address. */
export const MAIL_ADDRESS_FAULT = 'give one mail address in ASCII, such as hoan@gas.example';

/** One address, without a name or brackets; its form says nothing of whether there is such a mailbox. */
export const MailAddress = z
  .email(MAIL_ADDRESS_FAULT)
  .max(MAX_LENGTH, MAIL_ADDRESS_FAULT)
  .refine((address) => address.indexOf('@') <= MAX_LOCAL_LENGTH, MAIL_ADDRESS_FAULT);

/** The part after the `@`. @throws Error for what has none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) throw new Error('a mail address has an @');
  return address.slice(at + 1);
}
