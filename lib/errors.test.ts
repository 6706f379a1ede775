import { expect, test, vi } from 'vitest';
import { DomainError } from './errors.ts';

test('a refusal is known as one, whichever copy of the module made it', async () => {
  vi.resetModules();
  const other = await import('./errors.ts');
  expect(other.DomainError).not.toBe(DomainError);
  const refusal: unknown = new other.DomainError('unavailable', 'away');
  expect(refusal instanceof DomainError).toBe(true);
  expect(new DomainError('conflict', 'taken') instanceof other.DomainError).toBe(true);
});

test.each([new Error('unavailable'), { code: 'unavailable' }, null, undefined, 'busy'])(
  '%s is no refusal',
  (value: unknown) => {
    expect(value instanceof DomainError).toBe(false);
  },
);
