/** Decision on an item as a person fills it in. Pure. Registers are typed in m³ and sent in litres. */

import type { EditKind } from '../../lib/editing/edited-hours.ts';
import { EDIT_REASONS, type EditReason } from '../../lib/editing/reading-edit.ts';

export const DECISION_REASONS = EDIT_REASONS;
export type Kind = EditKind;

/** The decisions in the order of their keys 1, 2, 3. */
export const KINDS = ['struck', 'confirmed', 'entered'] as const satisfies readonly Kind[];

/** The reason that is most often right. */
export const USUAL_REASON: Record<Kind, EditReason> = {
  struck: 'terminal-error',
  confirmed: 'usage-explained',
  entered: 'read-on-site',
};

const LITRES_PER_M3 = 1_000;

/** Litres of a register typed in m³ with up to three decimals; undefined where it is none. */
export function typedLitres(text: string): number | undefined {
  const plain = text.normalize('NFKC').replace(/[,\s]/g, '');
  const match = /^(\d{1,7})(?:\.(\d{1,3}))?$/.exec(plain);
  if (!match) return undefined;
  const [, whole = '0', decimals = ''] = match;
  return Number(whole) * LITRES_PER_M3 + Number(decimals.padEnd(3, '0'));
}
