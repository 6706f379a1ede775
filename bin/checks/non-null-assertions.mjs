/**
 * Non-null assertions (`x!`) are unproven claims. Sources have them only where a check would cost work for each frame;
 * elsewhere certain() and elementAt() of lib/certain.ts throw.
 */
import { fileURLToPath } from 'node:url';
import { isTest, parse, readSources, walk } from './syntax.mjs';

/** Number of assertions that each file may have, and the reason why the value is present. */
export const ASSERTED = {
  'bench/ingest-bare.ts': [1, 'the lane of a frame, by its number modulo their count'],
  'bench/ingest-load.ts': [1, 'the identifier of a PUBACK is that of a packet that was sent'],
  'ingest/handlers/beyond-dial.ts': [1, 'an hour of a report, within its length'],
  'ingest/mqtt/packet-bounds.ts': [1, 'a byte of a chunk, within its length'],
  'ingest/protocol/frame.ts': [6, 'bytes of a header, whose length was tested before'],
  'ingest/store/binary-array.ts': [2, 'the 24 hours of a day'],
};

/** Lines, from 1, with a non-null assertion. */
export function assertionsIn(text, file) {
  const { tree, lineAt } = parse(text, file);
  const lines = [];
  walk(tree, (node) => {
    if (node.type === 'TsNonNullExpression') lines.push(lineAt(node.span.start));
  });
  return lines;
}

/**
 * Faults of sources, given as [path, text]: files with more assertions than allowed, or with fewer.
 * @param allowed count and reason by path
 */
export function findAssertions(sources, allowed) {
  const found = new Map(
    sources
      .filter(([file]) => !isTest(file))
      .map(([file, text]) => [file, assertionsIn(text, file)]),
  );
  const more = [...found].filter(([file, lines]) => lines.length > (allowed[file]?.[0] ?? 0));
  const fewer = Object.entries(allowed).filter(
    ([file, [count]]) => (found.get(file)?.length ?? 0) < count,
  );
  return [
    ...more.map(
      ([file, lines]) =>
        `${file}: ${lines.length} non-null assertions (lines ${lines.join(', ')}), ${allowed[file]?.[0] ?? 0} allowed`,
    ),
    ...fewer.map(
      ([file, [count]]) =>
        `${file}: ${found.get(file)?.length ?? 0} non-null assertions, fewer than the ${count} allowed: lower the number`,
    ),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = findAssertions([...readSources()], ASSERTED);
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
