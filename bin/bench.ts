/** `npm run -s bench -- ingest | closing | query`: one JSON line of figures and ratios, all measured in the same run. */
import { startServer } from '../db/embedded.ts';
import { ArgumentFault, runCommand } from './run-command.ts';
import { STATE } from './stack.ts';
import { givenDatabaseUrl, untilStopped } from './with-database.ts';

const BENCHES: Record<string, (adminUrl: string) => Promise<unknown>> = {
  ingest: async (url) => (await import('../bench/ingest.ts')).benchIngest(url),
  closing: async (url) => (await import('../bench/closing.ts')).benchClosing(url),
  query: async (url) => (await import('../bench/query.ts')).benchQuery(url),
};

const USAGE = `usage: npm run -s bench -- ${Object.keys(BENCHES).join(' | ')}`;

await runCommand({
  usage: USAGE,
  async main([name = '']) {
    const bench = BENCHES[name];
    if (!bench) throw new ArgumentFault('name the benchmark');
    const given = await givenDatabaseUrl();
    if (given) {
      console.log(JSON.stringify(await bench(given)));
      return 0;
    }
    const { adminUrl, stop } = await startServer({
      stateDir: STATE,
      name: 'bench',
      environment: process.env,
      onProgress: (text) => console.error(text),
    });
    return untilStopped(stop, async () => {
      console.log(JSON.stringify(await bench(adminUrl)));
      return 0;
    });
  },
});
