/**
 * Work-list (要確認): readings that a rule doubts and a person has not decided. An item is one meter's connected stretch
 * of days with verdicts of validation, so that a register that fell for five days is one item. Pure.
 */
import { isDay } from '../time.ts';
import { REGISTER_RULES, STEP_RULES } from '../validation/judge-registers.ts';

/** Rules of verdicts: on registers, and on steps that cannot be explained. */
export const WORK_RULES = [...REGISTER_RULES, ...STEP_RULES] as const;
export type WorkRule = (typeof WORK_RULES)[number];

/**
 * Orders of the list. `litres`: most litres in doubt first. `closing`: the earliest closing first, of one closing most
 * litres first.
 */
export const WORK_ORDERS = ['litres', 'closing'] as const;
export type WorkOrder = (typeof WORK_ORDERS)[number];

/**
 * State of the closing that an item's first day belongs to. `coming`: its day has not closed; `closed`: it has, and
 * nothing was issued of it; `issued`: a run of it was issued, so that a change is a difference to be made up for.
 */
export const CLOSING_STATES = ['coming', 'closed', 'issued'] as const;

/** Place in the list: the sort key of a row. */
export interface WorkPlace {
  litres: number;
  /** YYYY-MM-DD */
  closesOn: string;
  meterId: number;
  /** First day of the item, YYYY-MM-DD. */
  fromOn: string;
}

/** The place as text, for the parameter `after` of the next page. */
export function formatPlace({ litres, closesOn, meterId, fromOn }: WorkPlace): string {
  return [litres, closesOn, meterId, fromOn].join('_');
}

/** Undefined for a text that names no place. */
export function parsePlace(text: string): WorkPlace | undefined {
  const [litres = '', closesOn = '', meterId = '', fromOn = '', ...rest] = text.split('_');
  const isWhole = [litres, meterId].every((each) => /^\d{1,10}$/.test(each));
  if (!isWhole || !isDay(closesOn) || !isDay(fromOn) || rest.length > 0) return undefined;
  const place = { litres: Number(litres), closesOn, meterId: Number(meterId), fromOn };
  return Math.max(place.litres, place.meterId) < 2 ** 31 ? place : undefined;
}
