/** `npm run migrate`: brings the database of DATABASE_URL, or the checkout's private one, to the newest schema. */
import { migrate } from '../db/migrate.ts';
import { runCommand } from './run-command.ts';
import { withDatabase } from './with-database.ts';

await runCommand({
  main: () =>
    withDatabase(async ({ adminUrl }) => {
      const applied = await migrate(adminUrl, (name) => console.log(`applying ${name}`));
      console.log(
        applied.length ? 'the schema is up to date' : 'the schema was up to date already',
      );
      return 0;
    }),
});
