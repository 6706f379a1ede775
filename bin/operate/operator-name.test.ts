import { describe, expect, test } from 'vitest';
import { operatorName } from './operator-name.ts';

describe('the operator in the audit', () => {
  test.each([
    ['a user', {}, 1000, 'operate/1000'],
    ['a user who says to be another', { SUDO_UID: '1001' }, 1000, 'operate/1000'],
    ['root', {}, 0, 'operate/0'],
    ['a user behind sudo', { SUDO_UID: '1001' }, 0, 'operate/1001'],
    ['root with a variable that sudo did not set', { SUDO_UID: '1001\nroot' }, 0, 'operate'],
  ])('%s', (_, environment, uid, name) => {
    expect(operatorName(environment, uid)).toBe(name);
  });
});
