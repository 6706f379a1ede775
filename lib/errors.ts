/** The closed list of ways in which the product says no. `app/respond.ts` maps each to a status. */
export type ErrorCode =
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'invalid_input'
  | 'too_large'
  | 'conflict'
  | 'locked'
  | 'busy'
  | 'unavailable';

const BRAND = Symbol.for('kenshin.DomainError');

/**
 * A refusal that a person or a calling system can act upon; anything else thrown is a fault of ours.
 * A built server holds several copies of this class, one per bundle: `instanceof` asks for the brand, which all share.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.details = details;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/** The code that the system (`ENOENT`) or the database (`40001`) gave an error; undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What an error says; of another thrown value its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
