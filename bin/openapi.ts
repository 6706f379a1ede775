/**
 * `npm run openapi`: writes docs/openapi.json from the routes of the API, and app/api-types.ts from it; `--check` only
 * compares and exits 1 on a difference.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { apiDocument, createApi } from '../app/api/v1/app.ts';
import { type ApiDocument, clientTypes } from './openapi/client-types.ts';
import { EXIT, runCommand } from './run-command.ts';

const unserved = () => Promise.reject(new Error('this API only describes itself'));
const silent = { error: () => undefined, info: () => undefined };

function freshFiles(): Record<string, string> {
  const document = apiDocument(createApi({ contextOf: unserved, origin: unserved, log: silent }));
  return {
    'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    // The library's type of a document makes members optional that this one always has.
    'app/api-types.ts': clientTypes(document as ApiDocument),
  };
}

await runCommand({
  async main(args) {
    let differing = 0;
    for (const [name, fresh] of Object.entries(freshFiles())) {
      const file = fileURLToPath(new URL(`../${name}`, import.meta.url));
      if (!args.includes('--check')) {
        await writeFile(file, fresh);
        console.log(`${name} written`);
      } else if ((await readFile(file, 'utf8').catch(() => '')) === fresh) {
        console.log(`${name} is what the routes say`);
      } else {
        differing += 1;
        console.error(`${name} is not what the routes say; run "npm run openapi" and review`);
      }
    }
    return differing === 0 ? 0 : EXIT.failed;
  },
});
