// Sends one mail of the outbox: begins it, hands it to the mail server outside any transaction, and writes down what became of it.
// A worker that is lost in between sends it a second time, with the same Message-ID; none is lost.
import { randomUUID } from 'node:crypto';
import { messageOf } from '../../lib/errors.ts';
import { isMailKind } from '../../lib/mail/mail-kinds.ts';
import {
  type BegunMail,
  beginMail,
  type HandedOver,
  settleMail,
} from '../../lib/mail/mail-sending-commands.ts';
import type { MailServer } from '../../lib/mail/mail-server.ts';
import { mailText } from '../../lib/mail/mail-text.ts';
import type { Log } from '../log.ts';
import { handOver, newMessageId, type OutgoingMail, type SmtpTimes } from '../mail/hand-over.ts';
import type { MailOutcome } from '../worker-metrics.ts';

type Tx = Parameters<typeof beginMail>[0];

export interface MailSending {
  server: MailServer;
  times?: SmtpTimes | undefined;
  /** Told of each attempt that ended. */
  onEnded: (kind: string, outcome: MailOutcome) => void;
}

export interface SendingOptions extends MailSending {
  transact: <T>(utilityId: number, fn: (tx: Tx) => Promise<T>) => Promise<T>;
  log: Log;
  now: () => number;
}

export interface SendingJob {
  utilityId: number;
  mailId: number;
  /** It is run no more after this: what is deferred now has failed for good. */
  isLast: boolean;
  signal: AbortSignal | undefined;
}

const OUTCOMES: Record<HandedOver['outcome'], MailOutcome> = {
  accepted: 'sent',
  deferred: 'deferred',
  refused: 'failed',
};

/** @throws Error where the mail is to be tried again. */
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
  const told = await sendBegun(begun, { date, ...job }, options);
  const handed: HandedOver =
    isLast && told.outcome === 'deferred' ? { ...told, outcome: 'refused' } : told;
  const settledAt = new Date(now());
  await transact(utilityId, (tx) => settleMail(tx, utilityId, { mailId, handed, now: settledAt }));
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
): Promise<HandedOver> {
  if (!isMailKind(mail.kind)) {
    // A worker of a newer version knows it.
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
