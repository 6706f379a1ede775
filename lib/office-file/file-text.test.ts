import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { textOfFile } from './file-text.ts';

const TEXT = '氏名,date\r\n';

it.each([
  ['UTF-8', 'utf8', false],
  ['UTF-8 with a byte order mark', 'utf8', true],
  ['UTF-16 as PowerShell 5 writes it', 'utf16-le', true],
  ['UTF-16 with the high byte first', 'utf16-be', true],
  ['CP932', 'cp932', false],
])('a file in %s is decoded without its byte order mark', (_, encoding, addBOM) => {
  expect(textOfFile(iconv.encode(TEXT, encoding, { addBOM }))).toBe(TEXT);
});
