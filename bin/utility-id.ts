import pg from 'pg';

/** The id of the utility with this code; asked as the role that owns the schema. Throws where there is none. */
export async function utilityIdOf(adminUrl: string, code: string): Promise<number> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ utility_id: number }>(
      'select utility_id from utility where code = $1',
      [code],
    );
    if (!rows[0]) throw new Error(`there is no utility with the code "${code}"`);
    return rows[0].utility_id;
  } finally {
    await client.end();
  }
}
