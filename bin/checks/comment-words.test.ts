import { describe, expect, it } from 'vitest';
import { bannedWords, findBannedWords } from './comment-words.mjs';

describe('a banned word', () => {
  it.each([
    ['a docstring', '/** Whoever asks. */\nf();', 1],
    ['a block of several lines', 'f();\n/**\n * The door\n * of it.\n */', 3],
    ['a line', 'f();\n// nobody reads it\n', 2],
    ['the end of a line of code', 'f(); // in vain', 1],
    ['markup', '<p />\n  {/* The fate of it. */}', 2],
  ])('is found in %s', (_, text, line) => {
    expect(bannedWords(text)).toMatchObject([{ line }]);
  });

  it.each([
    ['a string', "const text = 'nobody';"],
    ['an address in a string', "const url = 'https://door.example';"],
    ['a longer word', '/** A household, a doorbell. */'],
    ['the name of a variable', 'const house = 1;'],
  ])('is not found in %s', (_, text) => {
    expect(bannedWords(text)).toEqual([]);
  });
});

describe('the sources', () => {
  const sources: [string, string][] = [
    ['a.ts', '// nobody'],
    ['b.ts', '// plain'],
  ];

  it('are reported with file, line and advice', () => {
    expect(findBannedWords(sources, {})).toEqual([
      expect.stringMatching(/^a\.ts:1 says "nobody": write name the subject/),
    ]);
  });

  it('may contain one with a reason, as long as they do', () => {
    expect(findBannedWords(sources, { 'a.ts': 'why' })).toEqual([]);
    expect(findBannedWords(sources, { 'a.ts': 'why', 'b.ts': 'why' })).toEqual([
      expect.stringMatching(/^b\.ts needs no banned word/),
    ]);
  });
});
