import { describe, expect, test } from 'vitest';
import { csvField, freeTextField, identifierField } from './csv-field.ts';

describe('a field', () => {
  test.each([
    ['港町', '港町'],
    ['a,b', '"a,b"'],
    ['12" 管', '"12"" 管"'],
    ['a\nb', '"a\nb"'],
    ['', ''],
  ])('%j is written %j', (text, field) => {
    expect(csvField(text)).toBe(field);
  });
});

describe('an identifier', () => {
  test('is a text formula for Excel, whatever it looks like, so that the column is uniform', () => {
    expect(identifierField('00123', 'excel')).toBe('"=""00123"""');
    expect(identifierField('3-11', 'excel')).toBe('"=""3-11"""');
  });

  test('is plain for importing programs, and an empty one is empty for both', () => {
    expect(identifierField('00123', 'plain')).toBe('00123');
    expect(identifierField('', 'excel')).toBe('');
  });
});

describe('an identifier that begins with a sign', () => {
  test('is not evaluated in the plain style either', () => {
    expect(identifierField('-1', 'plain')).toBe("'-1");
    expect(identifierField('3-11', 'plain')).toBe('3-11');
  });
});

describe('free text', () => {
  test.each(['=1+1', '+81', '-5', '@SUM(A1)', '\tx', '＝1+1', '＋81', '－5', '−5', '＠SUM(A1)'])(
    '%j is not evaluated',
    (text) => {
      expect(freeTextField(text, 'plain').replace(/^"/, '')).toMatch(/^'/);
      expect(freeTextField(text, 'excel')).toMatch(/^"=""/);
    },
  );

  test('that is harmless is unchanged', () => {
    expect(freeTextField('港町地区', 'excel')).toBe('港町地区');
  });
});
