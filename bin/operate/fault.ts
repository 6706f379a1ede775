import { DomainError } from '../../lib/errors.ts';

const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the database does not answer: is DATABASE_URL right, and does the server run?',
  ENOTFOUND: "the database's host is not known: is DATABASE_URL right?",
  '28P01': 'the database refuses the password of DATABASE_URL',
  '28000': 'the database refuses the user of DATABASE_URL',
  '3D000': 'there is no database of the name in DATABASE_URL',
  '42P01': 'the database has no schema, or an old one: run "npm run migrate" first',
  '42703': 'the database has an old schema: run "npm run migrate" first',
  '42501': 'the role of DATABASE_URL may not do this: use the one that runs "npm run migrate"',
  ENOSPC: 'there is no space left on the disk',
};

/** Any fault in words for the person at the command line; never a stack. */
export function explainFault(error: unknown): {
  code: string;
  message: string;
  details: Readonly<Record<string, unknown>>;
} {
  if (error instanceof DomainError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  const { code = 'fault', message } = error as NodeJS.ErrnoException;
  const words = BY_CODE[code];
  const own = message || `a fault without a name (${code})`;
  return { code, message: words ? `${words} (${own})` : own, details: {} };
}
