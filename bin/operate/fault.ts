import { DomainError } from '../../lib/errors.ts';
import { ArgumentFault, describeFault } from '../run-command.ts';

/** What a database says when it is not the one that the command needs. */
const ADVICE: Readonly<Record<string, string>> = {
  '28P01': 'correct the password in DATABASE_URL',
  '28000': 'correct the user in DATABASE_URL',
  '3D000': 'correct the name of the database in DATABASE_URL',
  '42P01': 'run "npm run migrate" first',
  '42703': 'run "npm run migrate" first',
  '42501': 'DATABASE_URL has to name the role that runs "npm run migrate"',
};

export interface ExplainedFault {
  code: string;
  message: string;
  details: Readonly<Record<string, unknown>>;
}

/** Any fault in words for the person at the command line; never a stack but of a fault of the program. */
export function explainFault(error: unknown): ExplainedFault {
  if (error instanceof DomainError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  if (error instanceof ArgumentFault) {
    return { code: 'invalid_input', message: error.message, details: {} };
  }
  const { code = 'fault' } = error as NodeJS.ErrnoException;
  const advice = ADVICE[code];
  const message = describeFault(error);
  return { code, message: advice ? `${message}: ${advice}` : message, details: {} };
}
