import type { ReadDb } from '../../db/schema.ts';
import type { ProvenSetting } from './setting-commands.ts';

/** The setting that a terminal last acknowledged; undefined without one. */
export function findProvenSetting(
  db: ReadDb,
  terminalId: number,
): Promise<ProvenSetting | undefined> {
  return db
    .selectFrom('terminal_setting')
    .select([
      'terminal_id as terminalId',
      'report_minute as reportMinute',
      'report_window_minutes as reportWindowMinutes',
      'generation',
      'proven_at as provenAt',
    ])
    .where('terminal_id', '=', terminalId)
    .executeTakeFirst();
}
