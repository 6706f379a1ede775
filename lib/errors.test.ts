import { expect, test, vi } from 'vitest';
import { codeOf, DomainError, invalidField, invalidInput, messageOf } from './errors.ts';

test('a refusal is recognised by every copy of the module', async () => {
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

test.each([
  [Object.assign(new Error('no'), { code: 'ENOENT' }), 'ENOENT', 'no'],
  [Object.assign(new Error('bad user name'), { code: 4 }), undefined, 'bad user name'],
  [new Error('plain'), undefined, 'plain'],
  [{ code: 'ENOENT' }, undefined, '[object Object]'],
  ['a text', undefined, 'a text'],
  [undefined, undefined, 'undefined'],
])('%s has the code %s and says "%s"', (error, code, message) => {
  expect(codeOf(error)).toBe(code);
  expect(messageOf(error)).toBe(message);
});

test('a refused input names each field, in its message and in its faults', () => {
  const faults = [
    { field: 'name', message: 'give a name' },
    { field: 'days', message: 'give 1 to 730' },
  ];
  const refusal = invalidInput(faults);
  expect(refusal.message).toBe('name: give a name; days: give 1 to 730');
  expect(refusal.details).toEqual({ faults });
  const message = 'the day must be over';
  const ofOne = invalidField('day', message);
  expect(ofOne.message).toBe(message);
  expect(ofOne.details).toEqual({ faults: [{ field: 'day', message }] });
});
