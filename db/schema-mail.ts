/** Row types of the outbox of mails, in the conventions of db/schema.ts. */
import type { ColumnType, Generated } from 'kysely';

export type MailState = 'waiting' | 'sent' | 'failed' | 'dropped';
export type DropReason = 'account-disabled' | 'no-address' | 'no-right';

export interface MailTable {
  utility_id: number;
  mail_id: Generated<number>;
  account_id: number;
  kind: string;
  key: string;
  /** Input of the mail's kind as JSON; written as text. */
  input: ColumnType<unknown, string, never>;
  state: Generated<MailState>;
  drop_reason: DropReason | null;
  attempts: Generated<number>;
  attempted_at: Date | null;
  last_error: string | null;
  entered_at: Date;
  entered_by: string;
  sent_at: Date | null;
  smtp_reply: string | null;
  message_id: string | null;
}
