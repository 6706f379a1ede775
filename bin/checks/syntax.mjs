/** Syntax trees of the checkout's sources, for checks that a text pattern cannot make. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { ROOT } from '../setup.mjs';

/** Path of a test, or of a file that only tests import. */
const TEST = /\.(?:test|spec)\.tsx?$|\/testing(?:\/.*|-[^/]*)\.ts$|^e2e\//;

/** All sources of the checkout by path, with their text; removed files that git still lists are left out. */
export function readSources(patterns = ['*.ts', '*.tsx', '*.mjs']) {
  const args = ['ls-files', '-coz', '--exclude-standard', '--', ...patterns];
  const files = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  const read = files.filter(Boolean).map((file) => [file, readText(file)]);
  return new Map(read.filter(([, text]) => text !== undefined));
}

export function isTest(file) {
  return TEST.test(file);
}

/** Syntax tree of a source, and the function that gives the line, from 1, of a span's position. */
export function parse(text, file = 'x.tsx') {
  const tree = parseSync(text, { syntax: 'typescript', tsx: !file.endsWith('.ts') });
  const bytes = Buffer.from(text);
  // swc counts the bytes of a span from 1.
  const lineAt = (position) =>
    1 + bytes.subarray(0, position - 1).filter((byte) => byte === 10).length;
  return { tree, lineAt };
}

/** Calls `visit` with each node and its parent, from the outermost on. */
export function walk(node, visit, parent) {
  if (Array.isArray(node)) {
    for (const each of node) walk(each, visit, parent);
    return;
  }
  if (node === null || typeof node !== 'object') return;
  const isNode = typeof node.type === 'string';
  if (isNode) visit(node, parent);
  for (const value of Object.values(node)) {
    if (typeof value === 'object') walk(value, visit, isNode ? node : parent);
  }
}

function readText(file) {
  try {
    return readFileSync(join(ROOT, file), 'utf8');
  } catch {
    return undefined;
  }
}
