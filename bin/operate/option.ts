/** Options of a verb: help, and parsing of their text. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { GAS_KINDS } from '../../lib/gas-kind.ts';
import { instantOf, isDay } from '../../lib/time.ts';
import { UTILITY_CODE } from '../../lib/utility-code.ts';

export interface Option<T> {
  /** Placeholder of the value in the help; undefined for an option without a value. */
  readonly placeholder?: string;
  readonly help: string;
  readonly isRequired: boolean;
  /** Schema of the text, or of undefined when the option is missing. */
  readonly schema: z.ZodType<T, string | undefined>;
}

export type Options = Readonly<Record<string, Option<unknown>>>;

/** Values of options by name. */
export type Given<O extends Options> = {
  [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

type Text<T> = z.ZodType<T, string>;

export function required<T>(placeholder: string, help: string, schema: Text<T>): Option<T> {
  // A text schema produces a T from every text, which zod's field type cannot express.
  return { placeholder, help, isRequired: true, schema: schema as unknown as Option<T>['schema'] };
}

export function optional<T>(
  placeholder: string,
  help: string,
  schema: Text<T>,
): Option<T | undefined> {
  return { placeholder, help, isRequired: false, schema: schema.optional() };
}

export function flag(help: string): Option<boolean> {
  const schema = z
    .string()
    .optional()
    .transform((given) => given !== undefined);
  return { help, isRequired: false, schema };
}

export const text = z.string().trim().min(1, 'give a text');
/** npm runs commands in the checkout's folder; relative paths are resolved where the command was typed. */
const TYPED_IN = process.env.INIT_CWD ?? process.cwd();
export const path = z
  .string()
  .min(1, 'give the path of a file')
  .transform((given) => resolve(TYPED_IN, given));
export const utilityCode = z
  .string()
  .regex(
    UTILITY_CODE,
    'give 2 to 32 small letters, digits or hyphens, not beginning with a hyphen',
  );
export const day = z.string().refine(isDay, 'give a calendar day as YYYY-MM-DD');
export const gasKind = z.enum(GAS_KINDS, 'give city (都市ガス) or lp (LPガス)');

const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2}))?$/;
export const INSTANT_HELP = 'JST, as 2026-11-20 or 2026-11-20T10:30';

/** A JST day (its beginning) or a JST minute. */
export const instant = z.string().transform((given, context) => {
  const [, onDay = '', hour = '00', minute = '00'] = INSTANT.exec(given) ?? [];
  if (isDay(onDay) && Number(hour) < 24 && Number(minute) < 60) {
    return new Date(instantOf(onDay, Number(hour)).getTime() + Number(minute) * 60_000);
  }
  context.addIssue(`give an instant in ${INSTANT_HELP}`);
  return z.NEVER;
});

export function whole(min: number, max: number) {
  const fault = `give a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,10}$/, fault)
    .transform(Number)
    .refine((number) => number >= min && number <= max, fault);
}

/** The given values, without undefined ones. */
export function present<T extends Record<string, unknown>>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
