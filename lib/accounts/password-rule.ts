/**
 * Rule for passwords: no required kinds of characters; refused when too little is left without the login, common words,
 * runs and repetitions. Counted after NFKC normalisation, as it is used.
 */
import { invalidField } from '../errors.ts';
import { COMMON_WORDS } from './common-passwords.ts';

/** Minimum length in code points. */
const MIN_LENGTH = 12;
const MAX_LENGTH = 250;
/** Maximum length before NFKC, which may triple it. */
const MAX_TYPED_LENGTH = 1000;
/** Minimum number of remaining characters, and of different ones. */
const MIN_LEFT_OVER = 6;
const MIN_DIFFERENT = 5;

const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** True for a password or code that can be set: within the maximum length and without control characters. */
export function canBeTyped(typed: string): boolean {
  if (typed.length > MAX_TYPED_LENGTH) return false;
  const text = typed.normalize('NFKC');
  return text.length > 0 && [...text].length <= MAX_LENGTH && !/\p{Cc}/u.test(text);
}

/** @throws DomainError `invalid_input` that says why the password is refused */
export function requireStrongPassword(password: string, login: string): void {
  const fault = passwordFault(password, login);
  if (fault) throw invalidField('password', fault);
}

function passwordFault(password: string, login: string): string | undefined {
  if (!canBeTyped(password)) {
    return `a password has up to ${MAX_LENGTH} characters, and no control characters`;
  }
  const text = password.normalize('NFKC').toLowerCase();
  if ([...text].length < MIN_LENGTH) return `a password has ${MIN_LENGTH} characters or more`;
  const left = leftOver(text, login.normalize('NFKC').toLowerCase());
  if (new Set(text).size < MIN_DIFFERENT || left.length < MIN_LEFT_OVER) {
    return 'the password is too easy to guess: leave out the login, common words, runs and repetitions';
  }
  return undefined;
}

/** Characters that are neither of the login nor of a common word, and do not follow from the preceding one. */
function leftOver(text: string, login: string): string[] {
  let rest = text;
  for (const word of [login, ...COMMON_WORDS]) {
    if (word.length >= 2) rest = rest.replaceAll(word, '');
  }
  const characters = [...rest].filter((character) => !/\s/u.test(character));
  return characters.filter((character, index) => {
    const before = characters[index - 1];
    return before === undefined || !isNextTo(before, character);
  });
}

/** True for the same character, or a neighbour in the alphabet, the digits or on the keyboard. */
function isNextTo(one: string, other: string): boolean {
  return (
    one === other || RUNS.some((run) => run.includes(one + other) || run.includes(other + one))
  );
}
