/** `npm run -s bench -- ingest | closing | query`: one JSON line of figures and ratios, all measured in the same run.
 * `ingest new-days` measures only what is compared from commit to commit, `ingest beside` only the rest. */
import { startServer } from '../db/embedded.ts';
import { STATE } from './stack.ts';

const BENCHES: Record<string, (adminUrl: string, parts: string[]) => Promise<unknown>> = {
  ingest: async (url, parts) => (await import('../bench/ingest.ts')).benchIngest(url, parts),
  closing: async (url) => (await import('../bench/closing.ts')).benchClosing(url),
  query: async (url) => (await import('../bench/query.ts')).benchQuery(url),
};

async function main(): Promise<void> {
  const [name = '', ...parts] = process.argv.slice(2);
  const bench = BENCHES[name];
  if (!bench) {
    console.error(`usage: npm run -s bench -- ${Object.keys(BENCHES).join(' | ')}`);
    process.exitCode = 2;
    return;
  }
  const given = process.env.DATABASE_URL;
  if (given) {
    console.log(JSON.stringify(await bench(given, parts)));
    return;
  }
  const server = await startServer({
    stateDir: STATE,
    name: 'bench',
    environment: process.env,
    onProgress: (text) => console.error(text),
  });
  try {
    console.log(JSON.stringify(await bench(server.adminUrl, parts)));
  } finally {
    await server.stop();
  }
}

await main();
