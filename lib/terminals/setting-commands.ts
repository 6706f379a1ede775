import type { Tx } from '../../db/schema.ts';

/** Clock and report window that a terminal has acknowledged. */
export interface ProvenSetting {
  terminalId: number;
  /** Minute of the JST day at which the window opens, and its length in minutes. */
  reportMinute: number;
  reportWindowMinutes: number;
  /** Key generation that sealed the message. */
  generation: number;
  provenAt: Date;
}

/** Records that a terminal has this setting from now on. The transaction's utility is the terminal's. */
export async function proveSetting(
  tx: Tx,
  utilityId: number,
  { terminalId, ...setting }: ProvenSetting,
): Promise<void> {
  const proven = {
    report_minute: setting.reportMinute,
    report_window_minutes: setting.reportWindowMinutes,
    generation: setting.generation,
    proven_at: setting.provenAt,
  };
  await tx
    .insertInto('terminal_setting')
    .values({ utility_id: utilityId, terminal_id: terminalId, ...proven })
    .onConflict((conflict) => conflict.columns(['utility_id', 'terminal_id']).doUpdateSet(proven))
    .execute();
}
