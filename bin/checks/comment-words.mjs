/**
 * Comments of sources use plain words: none of those below, which stand for a thing by a figure of speech or leave the
 * subject out. A file that needs one, as the name of something real, is listed with the reason.
 */
import { fileURLToPath } from 'node:url';
import { readSources } from './syntax.mjs';

/** Words by pattern, each with what to write instead. */
const WORDS = [
  [/\b(?:who|whom)ever\b/i, 'name the subject: a client, a caller, a user'],
  [/\b(?:some|any|no)body\b|\bno one\b/i, 'name the subject: no client, a user, another process'],
  [/\bdoors?\b/i, 'a check, a sign-in, a listener'],
  [/\bfates?\b/i, 'an outcome, a result'],
  [/\bentrances?\b/i, 'a sign-in, a request, a look-up'],
  [/\bin vain\b/i, 'without an answer, without effect'],
  [/\bknock(?:s|ed|ing)?\b/i, 'connect, try, request'],
  [/\bsleepers?\b/i, 'a simulated terminal'],
  [/\blingers?\b|\blingering\b/i, 'wait at most'],
  [/\bits own affair\b|\balone knows\b/i, 'say what is ignored, or unknown'],
  [/(?<!\w)houses?\b/i, 'a household, a supply point, a building'],
];

/** Files whose comments need such a word, with the reason. */
export const ALLOWED = {
  'ingest/simulator/demand-figures.ts': 'cites a repository by its name, BRI-EES-House',
};

/** Where comments stand: a block from its first line on, a line comment alone or behind code. */
const COMMENT = /^[ \t]*\{?\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$|(?<=[;,{}()\]] )\/\/ .*$/gm;

/** Banned words in the comments of a source: the line, from 1, the word, and what to write instead. */
export function bannedWords(text) {
  const found = [];
  for (const { 0: comment, index } of text.matchAll(COMMENT)) {
    for (const [word, instead] of WORDS) {
      const match = word.exec(comment);
      if (match === null) continue;
      const line = text.slice(0, index + match.index).split('\n').length;
      found.push({ line, word: match[0], instead });
    }
  }
  return found;
}

/**
 * Faults of sources, given as [path, text]: banned words, and files allowed one that they do not have.
 * @param allowed reasons by path
 */
export function findBannedWords(sources, allowed) {
  const found = new Map([...sources].map(([file, text]) => [file, bannedWords(text)]));
  const banned = [...found]
    .filter(([file]) => allowed[file] === undefined)
    .flatMap(([file, words]) =>
      words.map(({ line, word, instead }) => `${file}:${line} says "${word}": write ${instead}`),
    );
  const idle = Object.keys(allowed)
    .filter((file) => (found.get(file) ?? []).length === 0)
    .map(
      (file) =>
        `${file} needs no banned word: take it off the list in bin/checks/comment-words.mjs`,
    );
  return [...banned, ...idle];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const own = /^bin\/checks\/comment-words\./;
  const sources = [...readSources()].filter(([file]) => !own.test(file));
  const faults = findBannedWords(sources, ALLOWED);
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
