import { describe, expect, test } from 'vitest';
import { DomainError } from '../../lib/errors.ts';
import { explainFault } from './explain-fault.ts';
import { NOUNS } from './nouns.ts';

const optionsOf = (noun: string, verb: string) =>
  NOUNS.find(({ name }) => name === noun)?.verbs[verb]?.options ?? {};

describe('a fault', () => {
  test.each([
    ['area', 'create', 'pressureMinPa', '--min-pa'],
    ['area', 'create', 'code', '--code'],
    ['place', 'import', 'fromOn', '--from'],
    ['customer', 'move-in', 'fromOn', '--on'],
    ['meter', 'exchange', 'exchangedAt', '--at'],
    ['meter', 'exchange', 'newMeter.size', '--size'],
    ['meter', 'register', 'dialL', '--dial-l'],
    ['supply-point', 'create', 'closingDay', '--closing-day'],
  ])('of %s %s in %s is explained as one of %s', (noun, verb, field, option) => {
    const error = new DomainError('invalid_input', `${field}: give another`);
    expect(explainFault(error, optionsOf(noun, verb)).message).toBe(`${option}: give another`);
  });

  test('with two possible options is explained with both', () => {
    const message = 'newMeter.size: give this; newMeter.dialL: give this';
    const error = new DomainError('invalid_input', message);
    expect(explainFault(error, optionsOf('meter', 'exchange')).message).toBe(
      '--size: give this; --dial-l: give this',
    );
  });

  test('of a field that was not typed is explained unchanged', () => {
    const error = new DomainError('invalid_input', 'nonce: give another');
    expect(explainFault(error, optionsOf('area', 'create')).message).toBe('nonce: give another');
  });
});
