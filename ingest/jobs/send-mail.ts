// Job that sends one mail of the outbox: records the attempt, sends the mail outside of any transaction, records the
// outcome.
// A worker lost in between leads to a second mail with the same Message-ID; no mail is lost.
import { randomUUID } from 'node:crypto';
import { messageOf } from '../../lib/errors.ts';
import { isMailKind } from '../../lib/mail/mail-kinds.ts';
import {
  type BegunMail,
  beginMail,
  type MailHandOver,
  recordMailOutcome,
} from '../../lib/mail/mail-sending-commands.ts';
import type { MailServer } from '../../lib/mail/mail-server.ts';
import { mailText } from '../../lib/mail/mail-text.ts';
import type { Transact } from '../ingest-database.ts';
import type { Log } from '../log.ts';
import { handOver, newMessageId, type OutgoingMail, type SmtpTimes } from '../mail/hand-over.ts';
import type { MailOutcome } from '../worker-metrics.ts';

export interface MailSending {
  server: MailServer;
  times?: SmtpTimes | undefined;
  /** Called with the outcome of each attempt. */
  onEnded: (kind: string, outcome: MailOutcome) => void;
}

export interface SendingOptions extends MailSending {
  transact: Transact;
  log: Log;
  now: () => number;
}

export interface SendingJob {
  utilityId: number;
  mailId: number;
  /** True for the last attempt of the job: a deferral then fails the mail for good. */
  isLast: boolean;
  signal: AbortSignal | undefined;
}

const OUTCOMES: Record<MailHandOver['outcome'], MailOutcome> = {
  accepted: 'sent',
  deferred: 'deferred',
  refused: 'failed',
};

/** Sends the mail of a job. @throws Error when the mail is to be retried */
export async function sendMail(job: SendingJob, options: SendingOptions): Promise<void> {
  const { utilityId, mailId, isLast } = job;
  const { transact, server, log, now, onEnded } = options;
  const date = new Date(now());
  const messageId = newMessageId(server, randomUUID());
  const begun = await transact(utilityId, (tx) =>
    beginMail(tx, utilityId, { mailId, messageId, now: date }),
  );
  if (!begun) return;
  const about = { utilityId, mail: mailId, kind: begun.kind };
  if ('dropReason' in begun) {
    log.warn({ ...about, reason: begun.dropReason }, 'a mail was dropped');
    onEnded(begun.kind, 'dropped');
    return;
  }
  const result = await sendBegun(begun, { date, ...job }, options);
  const handed: MailHandOver =
    isLast && result.outcome === 'deferred' ? { ...result, outcome: 'refused' } : result;
  const endedAt = new Date(now());
  await transact(utilityId, (tx) =>
    recordMailOutcome(tx, utilityId, { mailId, handed, now: endedAt }),
  );
  onEnded(begun.kind, OUTCOMES[handed.outcome]);
  if (handed.outcome === 'deferred') throw new Error(handed.error);
  if (handed.outcome === 'refused') {
    log.warn({ ...about, reason: handed.error }, 'a mail failed for good');
  }
}

async function sendBegun(
  mail: BegunMail,
  { date, signal }: { date: Date; signal: AbortSignal | undefined },
  { server, times }: MailSending,
): Promise<MailHandOver> {
  if (!isMailKind(mail.kind)) {
    // A worker of a newer version may know the kind.
    return { outcome: 'deferred', error: `this worker does not know the kind ${mail.kind}` };
  }
  let outgoing: OutgoingMail;
  try {
    const { subject, text } = await mailText({ ...mail, kind: mail.kind });
    outgoing = { to: mail.address, subject, text, messageId: mail.messageId, date };
  } catch (error) {
    return {
      outcome: 'refused',
      error: `its text cannot be made: ${messageOf(error)}`.slice(0, 500),
    };
  }
  return handOver(server, outgoing, { signal, ...(times && { times }) });
}
