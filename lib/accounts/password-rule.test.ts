import { describe, expect, it } from 'vitest';
import { canBeTyped, requireStrongPassword } from './password-rule.ts';

describe('a password is refused', () => {
  it.each([
    ['that is short', 'kT9!fq2Lw#x'],
    ['that is short and counts three times in another form', 'kT9!fq2㎢'],
    ['of a common word and digits', 'password1234'],
    ['of a common word in full width', 'Ｐａｓｓｗｏｒｄ１２３４'],
    ['of a common word again and again', 'Password-password-PASSWORD'],
    ['of digits in a row', '123456789012'],
    ['of digits in a row backwards', '98765432109876'],
    ['of one character', 'aaaaaaaaaaaa'],
    ['of two characters', 'abababababababab'],
    ['of blanks', '            '],
    ['of the keyboard’s rows', 'qwertyuiop1234567890'],
    ['of its login twice', 'billing-deskbilling-desk'],
    ['of its login, a common word and a year', 'billing-desk-password-2026'],
    ['in Japanese of common words', 'パスワードパスワード管理者'],
    ['with a control character', 'a long enough\npassword'],
    ['of more than 250 characters', 'x7Kq9 '.repeat(42)],
  ])('%s: %s', (_what, password) => {
    expect(() => requireStrongPassword(password, 'billing-desk')).toThrow(/password/);
  });
});

describe('a password is taken', () => {
  it.each([
    ['of a few words', 'a long enough password'],
    ['of a few Japanese words', '朝の市場で青い傘を三本買った'],
    ['as a machine makes it', 'kT9!fq2Lw#xB'],
    ['as the demo makes it', 'demo-Zk3_vQ9dWm1x'],
    ['as a passphrase', 'correct horse battery staple'],
    ['of 250 characters', `${'x7Kq9 '.repeat(41)}abcd`],
  ])('%s: %s', (_what, password) => {
    expect(() => requireStrongPassword(password, 'billing-desk')).not.toThrow();
    expect(canBeTyped(password)).toBe(true);
  });
});

it('a password that can be set can be typed: both are counted in one form', () => {
  const wide = '😀x7Kq9'.repeat(41);
  expect(canBeTyped(wide)).toBe(true);
  expect(() => requireStrongPassword(wide, 'desk')).not.toThrow();
  expect(canBeTyped('㎢'.repeat(126))).toBe(false);
  expect(canBeTyped('')).toBe(false);
});
