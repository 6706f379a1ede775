import { describe, expect, test } from 'vitest';
import { chosenUtility } from './utility.ts';

const minato = { code: 'minato' };
const demo = { code: 'demo' };

describe('the utility that a command works for', () => {
  test.each([
    { there: [minato], given: undefined, chosen: minato },
    { there: [minato], given: 'minato', chosen: minato },
    { there: [demo, minato], given: 'minato', chosen: minato },
  ])('is $chosen when there is $there and $given is given', ({ there, given, chosen }) => {
    expect(chosenUtility(there, given)).toBe(chosen);
  });

  test.each([
    { there: [], given: undefined, says: /^there is no utility yet: / },
    { there: [], given: 'demo', says: /^there is no utility yet: / },
    { there: [demo, minato], given: undefined, says: /--utility CODE \(there is: demo, minato\)$/ },
    { there: [minato], given: 'demo', says: /^there is no utility "demo" \(there is: minato\)$/ },
  ])('is refused when there is $there and $given is given', ({ there, given, says }) => {
    expect(() => chosenUtility<{ code: string }>(there, given)).toThrow(says);
  });
});
