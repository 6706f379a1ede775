import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './demo/product-processes.ts';

const text = (name: string) => readFileSync(join(ROOT, name), 'utf8');
/** The parts of a page that do not depend on its language: commands, paths, pictures and section numbers, in order. */
function skeletonOf(page: string) {
  return {
    sections: page.match(/^#+ /gm)?.length,
    blocks: page.match(/^```$[\s\S]*?^```$/gm),
    pictures: [...page.matchAll(/\]\((docs\/images\/[^)]+)\)/g)].map(([, path]) => path),
    commands: [...page.matchAll(/^\| `(npm run [^`]+)`/gm)].map(([, command]) => command),
    paths: [...new Set(page.match(/`(?:docs\/[\w-]+\.md|[A-Z]+\.md)`/g))].sort(),
  };
}

describe('README.ja.md', () => {
  it('has the sections, commands, pictures and pages of README.md', () => {
    expect(skeletonOf(text('README.ja.md'))).toEqual(skeletonOf(text('README.md')));
  });
});
