import { DomainError } from './errors.ts';

const VIOLATIONS = new Set(['23505', '23P01', '23503', '23514']);
const OUTSIDE_TENANT = '42501';

type DatabaseError = Error & { code?: string; constraint?: string; detail?: string };

/** Name and detail of the violated constraint; undefined for any other error. */
export function refusedBy(error: unknown): { constraint: string; detail: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', constraint, detail = '' }: DatabaseError = error;
  return VIOLATIONS.has(code) && constraint ? { constraint, detail } : undefined;
}

/**
 * Runs a write of the register and translates constraint violations: `messages` by constraint name, as `conflict`; a
 * row of another utility is `forbidden`. Any other error is passed on.
 */
export async function explainRefusal<T>(
  messages: Readonly<Record<string, string>>,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code = '', constraint = '' } = error as DatabaseError;
    const message = messages[constraint];
    if (VIOLATIONS.has(code) && message) throw new DomainError('conflict', message, { constraint });
    if (code === OUTSIDE_TENANT) {
      throw new DomainError('forbidden', 'this actor belongs to another utility');
    }
    throw error;
  }
}
