import type { z } from 'zod';
import { FAULT_REASONS, type FieldFault } from './errors.ts';

/** The name of a field before a message; the fault names the field itself, which may have another name in its input. */
const NAMED = /^[a-z][A-Za-z]*: /;

/**
 * What a schema found, by the names that the input's author used: a parameter, a header, or a member of a body, inner ones as
 * `newMeter.size`. `whole` names the input where no member of it is at fault.
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

/** Of a name that the client made up. */
const MAX_NAME = 64;

/** Which a rule of ours names beside its message. */
function reasonOf(issue: z.core.$ZodIssue): unknown {
  return issue.code === 'custom' ? issue.params?.reason : undefined;
}
