import type pg from 'pg';

/** Secret with which a compromised web process opens a utility: the token of a session, or a key; null for none. */
export type Secret = string | { key: string } | null;

/** Runs `fn` as the compromised process in a transaction that is rolled back, with the session or the key if given. */
export async function asTaken<T>(
  pool: pg.Pool,
  secret: Secret,
  fn: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    if (typeof secret === 'string') await client.query('select claim_session($1)', [secret]);
    else if (secret) await client.query('select claim_api_key($1)', [secret.key]);
    return await fn(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
