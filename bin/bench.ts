/** `npm run -s bench -- ingest | commands | sign-ins | closing | query | rollup`: one JSON line of figures and ratios, all measured in
 * the same run.
 * `ingest new-days` measures only what is compared from commit to commit, `ingest beside` only the rest. */
import { startServer } from '../db/private-server/private-server.ts';
import { STATE } from './demo/product-processes.ts';
import { ArgumentFault, runCommand } from './run-command.ts';
import { givenDatabaseUrl, untilStopped } from './with-database.ts';

const BENCHES: Record<string, (adminUrl: string, parts: string[]) => Promise<unknown>> = {
  ingest: async (url, parts) => (await import('../bench/ingest.ts')).benchIngest(url, parts),
  commands: async (url) => (await import('../bench/frame-commands.ts')).benchCommands(url),
  'sign-ins': async (url) => (await import('../bench/sign-ins.ts')).benchSignIns(url),
  closing: async (url) => (await import('../bench/closing.ts')).benchClosing(url),
  query: async (url) => (await import('../bench/query.ts')).benchQuery(url),
  rollup: async (url) => (await import('../bench/rollup.ts')).benchRollUp(url),
};

const USAGE = `usage: npm run -s bench -- ${Object.keys(BENCHES).join(' | ')}`;

await runCommand({
  usage: USAGE,
  async main([name = '', ...parts]) {
    const bench = BENCHES[name];
    if (!bench) throw new ArgumentFault('name the benchmark');
    const given = await givenDatabaseUrl();
    if (given) {
      console.log(JSON.stringify(await bench(given, parts)));
      return 0;
    }
    const { adminUrl, stop } = await startServer({
      stateDir: STATE,
      name: 'bench',
      environment: process.env,
      onProgress: (text) => console.error(text),
    });
    return untilStopped(stop, async () => {
      console.log(JSON.stringify(await bench(adminUrl, parts)));
      return 0;
    });
  },
});
