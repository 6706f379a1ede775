/** Code of a utility: typed at sign-in, and the name of its key file. */
import { invalidField } from './errors.ts';

export const UTILITY_CODE = /^[a-z0-9][a-z0-9-]{1,31}$/;

/** @throws DomainError `invalid_input` that says what a utility code looks like */
export function requireUtilityCode(code: string): void {
  if (UTILITY_CODE.test(code)) return;
  throw invalidField(
    'code',
    `"${code}" is no utility code: 2 to 32 small letters, digits or hyphens`,
  );
}
