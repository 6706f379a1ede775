/**
 * Names that people read in lists and files: one short line without characters that change how the following text is
 * displayed.
 */
import { z } from 'zod';
import { invalidInput } from './errors.ts';

const MAX_LENGTH = 100;
/**
 * Control characters, lone surrogates, line and paragraph separators, and invisible characters: direction marks would
 * let a name rearrange its line on the screen.
 */
const NO_TEXT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u;
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

/** True for a text of one line without control, invisible or direction characters. */
export const isPlainLine = (text: string): boolean => !NO_TEXT.test(text) && !INVISIBLE.test(text);

/** A name of 1 to 100 characters without control, invisible or direction characters; surrounding blanks are removed. */
export const PlainName = z
  .string()
  .trim()
  .min(1, 'give a name')
  .refine((name) => [...name].length <= MAX_LENGTH, `give ${MAX_LENGTH} characters or fewer`)
  .refine(
    isPlainLine,
    'give a name without control characters, line breaks or invisible characters',
  );

/** The name in its stored form. @throws DomainError `invalid_input` that names the field and what to give instead. */
export function acceptName(field: string, name: string): string {
  const accepted = PlainName.safeParse(name);
  if (accepted.success) return accepted.data;
  const message = accepted.error.issues.map((issue) => issue.message).join('; ');
  throw invalidInput([{ field, message }]);
}
