import pg from 'pg';

/** Runs `fn` with a new connection, which is closed afterwards. */
export async function withClient<T>(
  url: string,
  fn: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'kenshin schema' });
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}
