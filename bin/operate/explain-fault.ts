import { codeOf, DomainError } from '../../lib/errors.ts';
import { ArgumentFault, describeFault } from '../run-command.ts';
import type { Options } from './option.ts';

/** Advice for errors of a database that is not the expected one. */
const ADVICE: Readonly<Record<string, string>> = {
  '28P01': 'correct the password in DATABASE_URL',
  '28000': 'correct the user in DATABASE_URL',
  '3D000': 'correct the name of the database in DATABASE_URL',
  '42P01': 'run "npm run migrate" first',
  '42703': 'run "npm run migrate" first',
  '42501': 'DATABASE_URL has to name the role that runs "npm run migrate"',
};

/** Options in which a field of the domain is typed, when the names differ. */
const TYPED_AS: Readonly<Record<string, readonly string[]>> = {
  ...{ pressureMinPa: ['min-pa'], pressureMaxPa: ['max-pa'], gasKind: ['gas'] },
  ...{ finalIndexL: ['final-l'], startIndexL: ['start-l'], reportWindowMinutes: ['report-window'] },
  ...{ fromOn: ['from', 'on'], toOn: ['on'], openedOn: ['opened'], closedOn: ['on'] },
  ...{ fittedAt: ['at'], fromAt: ['at'], removedAt: ['at'], movedAt: ['at'], retiredAt: ['at'] },
  ...{ exchangedAt: ['at'], acknowledgedClosings: ['filed-closings'] },
  ...{ 'newMeter.size': ['size'], 'newMeter.dialL': ['dial-l'] },
};

/** Replaces the field names at the beginning of the message's sentences by their options. */
function inOptions(message: string, options: Options): string {
  return message.replace(/(^|; )([a-z][A-Za-z.]*)(?=: )/g, (as, before: string, field: string) => {
    const ownName = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const names = TYPED_AS[field] ?? [ownName];
    const name = names.find((known) => Object.hasOwn(options, known));
    return name === undefined ? as : `${before}--${name}`;
  });
}

export interface ExplainedFault {
  code: string;
  message: string;
  details: Readonly<Record<string, unknown>>;
}

/** Any error in words for the person who typed `options`; with a stack only when it is an error of the program. */
export function explainFault(error: unknown, options: Options = {}): ExplainedFault {
  if (error instanceof DomainError) {
    const { code, message, details } = error;
    return { code, message: inOptions(message, options), details };
  }
  if (error instanceof ArgumentFault) {
    return { code: 'invalid_input', message: error.message, details: {} };
  }
  const code = codeOf(error) ?? 'fault';
  const advice = ADVICE[code];
  const message = describeFault(error);
  return { code, message: advice ? `${message}: ${advice}` : message, details: {} };
}
