import { describe, expect, it } from 'vitest';
import { domainOf, MailAddress } from './mail-address.ts';

const accepts = (text: string) => MailAddress.safeParse(text).success;
const LONGEST = `${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(3)}gas`;

describe('a mail address', () => {
  it.each([
    'hoan@gas.example',
    'hoan.24h+night@sub.gas-north.example',
    "o'hara_2@xn--eckwd4c7c.jp",
    LONGEST,
  ])('%s is taken', (text) => {
    expect(accepts(text)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['no domain', 'hoan@'],
    ['a bare host', 'hoan@localhost'],
    ['a name before it', '保安 <hoan@gas.example>'],
    ['two of them', 'hoan@gas.example,night@gas.example'],
    ['an end of line', 'hoan@gas.example\n'],
    ['a header after it', 'hoan@gas.example\r\nBcc: all@gas.example'],
    ['blanks around it', ' hoan@gas.example'],
    ['letters beyond ASCII', '保安@gas.example'],
    ['full-width letters', 'ｈｏａｎ@gas.example'],
    ['a part before the @ of 65', `a${LONGEST}`],
    ['255 characters', `${'a'.repeat(60)}@${`${'b'.repeat(60)}.`.repeat(3)}example.gas.g`],
  ])('with %s is refused', (_what, text) => {
    expect(accepts(text)).toBe(false);
  });

  it('has as its domain the part after @', () => {
    expect(domainOf('hoan@gas.example')).toBe('gas.example');
    expect(() => domainOf('hoan')).toThrow('has an @');
  });
});
