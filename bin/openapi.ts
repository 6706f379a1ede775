/** `npm run openapi`: writes docs/openapi.json from the routes of the API; with --check it only compares, and exits 1 when they differ. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { apiDocument, createApi } from '../app/api/v1/app.ts';
import { EXIT, runCommand } from './run-command.ts';

const DOCUMENT = fileURLToPath(new URL('../docs/openapi.json', import.meta.url));

const unserved = () => Promise.reject(new Error('this API only describes itself'));
const silent = { error: () => undefined, info: () => undefined };

await runCommand({
  async main(args) {
    const api = createApi({ contextOf: unserved, origin: unserved, log: silent });
    const fresh = `${JSON.stringify(apiDocument(api), null, 2)}\n`;
    if (!args.includes('--check')) {
      await writeFile(DOCUMENT, fresh);
      console.log('docs/openapi.json written');
      return 0;
    }
    if ((await readFile(DOCUMENT, 'utf8').catch(() => '')) === fresh) {
      console.log('docs/openapi.json is what the routes say');
      return 0;
    }
    console.error('docs/openapi.json is not what the routes say; run "npm run openapi" and review');
    return EXIT.failed;
  },
});
