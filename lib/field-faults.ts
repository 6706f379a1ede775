import type { z } from 'zod';
import { FAULT_REASONS, type FieldFault } from './errors.ts';

/** A field name before a message; it is removed because the fault names the field by the input's own name. */
const NAMED = /^[a-z][A-Za-z]*: /;

/**
 * Faults of a schema by the names of the input: a parameter, a header, or a member of a body, nested ones as
 * `newMeter.size`. `whole` names the input when no single member is at fault.
 */
export function fieldFaults(error: z.ZodError, whole = ''): FieldFault[] {
  return error.issues.flatMap((issue) => {
    const message = issue.message.replace(NAMED, '');
    const at = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') {
      const reason = FAULT_REASONS.find((each) => each === reasonOf(issue));
      return [{ field: at || whole, message, ...(reason && { reason }) }];
    }
    return issue.keys.map((key) => ({
      field: [...issue.path, key.slice(0, MAX_NAME)].join('.') || whole,
      message: 'there is no such field: leave it out',
    }));
  });
}

/** Maximum length of a name that the client chose. */
const MAX_NAME = 64;

/** The reason that a custom rule adds to its message. */
function reasonOf(issue: z.core.$ZodIssue): unknown {
  return issue.code === 'custom' ? issue.params?.reason : undefined;
}
