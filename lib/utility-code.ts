/** The short name of a utility: typed at sign-in, and the name of its key's file. */
import { invalidField } from './errors.ts';

export const UTILITY_CODE = /^[a-z0-9][a-z0-9-]{1,31}$/;

/** @throws DomainError `invalid_input` that says how a utility code is written */
export function requireUtilityCode(code: string): void {
  if (UTILITY_CODE.test(code)) return;
  throw invalidField(
    'code',
    `"${code}" is no utility code: 2 to 32 small letters, digits or hyphens`,
  );
}
