/**
 * Editing of readings (訂正): what a person may say of a meter's hour or JST day, and why. Pure. Hours are those that end at
 * k:00 (1…24), registers integer litres.
 */

import { z } from 'zod';
import { isPlainLine } from '../plain-name.ts';
import { DayParam } from '../query-params.ts';
import { EDIT_KINDS } from './edited-hours.ts';

/**
 * Why a reading is edited.
 * - `read-on-site`: the meter was read at the place. - `customer-reading`: the customer read it and told the office.
 * - `terminal-error`, `display-error`: the terminal, or the display of the meter, is at fault.
 * - `usage-explained`: the use was that high or low, as was found out.
 * - `work-on-meter`: the register was noted at work on the meter. - `wrong-entry`: an earlier entry was wrong.
 * - `other`: needs a note.
 */
export const EDIT_REASONS = [
  'read-on-site',
  'customer-reading',
  'terminal-error',
  'display-error',
  'usage-explained',
  'work-on-meter',
  'wrong-entry',
  'other',
] as const;
export type EditReason = (typeof EDIT_REASONS)[number];

/**
 * States of an edit: `proposed` (waits for a second person and counts for nothing), `standing`, `refused` by the second person,
 * `taken-back`, `superseded` by later edits of all its hours.
 */
export const EDIT_STATES = ['proposed', 'standing', 'refused', 'taken-back', 'superseded'] as const;
export type EditState = (typeof EDIT_STATES)[number];

const NOTE_MAX_LENGTH = 200;
const MAX_INDEX_L = 2_147_483_647;
/** Closings of sixteen years. */
const MAX_ACKNOWLEDGED = 200;

export const AcknowledgedClosings = z.array(DayParam).max(MAX_ACKNOWLEDGED).default([]);

/** What an edit says, without its reason: enough for a preview. */
const subject = {
  day: DayParam,
  kind: z.enum(EDIT_KINDS),
  hourEnding: z.number().int().min(1).max(24).nullable().meta({
    description:
      'k for the register at k:00; null for the whole day: all its registers are struck, or those in doubt confirmed',
  }),
  indexL: z.number().int().min(0).max(MAX_INDEX_L).optional().meta({
    description:
      'The register that is entered; of `struck` and `confirmed` the one that the person saw, refused where another is stored',
  }),
};

/** The fault of an input whose members do not fit each other; undefined when they do. */
function misfit({ kind, hourEnding, indexL }: { kind: string } & EditOfHours) {
  if (kind === 'entered' && hourEnding === null)
    return { path: 'hourEnding', message: 'give the hour of the register' };
  if (kind === 'entered' && indexL === undefined)
    return { path: 'indexL', message: 'give the register in litres' };
  if (kind !== 'entered' && hourEnding === null && indexL !== undefined)
    return { path: 'indexL', message: 'a whole day has no single register: leave it out' };
  return undefined;
}

interface EditOfHours {
  hourEnding: number | null;
  indexL?: number | undefined;
}

function requireFit(input: { kind: string } & EditOfHours, context: z.RefinementCtx): void {
  const fault = misfit(input);
  if (fault) context.addIssue({ code: 'custom', path: [fault.path], message: fault.message });
}

export const EditSubject = z.strictObject(subject).superRefine(requireFit);
export type EditSubject = z.output<typeof EditSubject>;

export const ReadingEditInput = z
  .strictObject({
    ...subject,
    reason: z.enum(EDIT_REASONS),
    note: z
      .string()
      .trim()
      .refine(
        (text) => [...text].length <= NOTE_MAX_LENGTH,
        `${NOTE_MAX_LENGTH} characters at most`,
      )
      .refine(isPlainLine, 'one line without control characters')
      .default('')
      .meta({ description: 'A short note without personal data; needed for the reason `other`' }),
    acknowledgedClosings: AcknowledgedClosings.meta({
      description: 'The issued closings of the preview, all of them: their bills will differ',
      example: ['2026-10-20'],
    }),
  })
  .superRefine((input, context) => {
    requireFit(input, context);
    if (input.reason === 'other' && input.note === '') {
      context.addIssue({
        code: 'custom',
        path: ['note'],
        message: 'say in a note what the reason is',
      });
    }
  });
export type ReadingEditInput = z.output<typeof ReadingEditInput>;
