import { describe, expect, it } from 'vitest';
import { newRegistrationCode, normalizeRegistrationCode } from './registration-code.ts';

describe('registration codes', () => {
  it('are three groups of four unmistakable characters', () => {
    for (let round = 0; round < 200; round += 1) {
      expect(newRegistrationCode()).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
    }
  });

  it('are accepted in every typed form', () => {
    const typed = ['k7qm-2xvd-9otn', 'K7QM 2XVD 90TN', 'K7QM-2XVD-90TN', 'k7qmー2xvdー90tn'];
    for (const text of typed) expect(normalizeRegistrationCode(text)).toBe('K7QM2XVD90TN');
    expect(normalizeRegistrationCode('i1lL')).toBe('1111');
  });
});
