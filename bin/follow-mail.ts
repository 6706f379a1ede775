// Following one mail of the outbox until it is sent, has failed or the time is over.
import type { Mail } from '../lib/mail/mail-queries.ts';
import { formatJst } from '../lib/time.ts';

/** A mail with the state of its job and the number of workers that could send it. */
export interface WatchedMail {
  mail: Mail;
  /** False when its job is gone or out of attempts, as after a worker killed during the last attempt. */
  isQueued: boolean;
  /** Number of live workers, and of those with a mail server configured. */
  workers: number;
  mailWorkers: number;
}

export interface FollowMailOptions {
  /** Reads the mail from the database. */
  read: () => Promise<WatchedMail>;
  say: (line: string) => void;
  now: () => Date;
  /** Resolves after `ms` milliseconds. */
  pause: (ms: number) => Promise<void>;
  waitMs: number;
}

const EVERY_MS = 500;

/**
 * Reports each event of a mail once. Ends when the mail no longer waits, when nothing would send it, or after
 * `waitMs`.
 */
export async function followMail(options: FollowMailOptions): Promise<WatchedMail> {
  const { read, say, now, pause, waitMs } = options;
  const endsAtMs = now().getTime() + waitMs;
  const reported = new Set<string>();
  for (;;) {
    const watched = await read();
    for (const line of eventsOf(watched.mail)) {
      if (reported.has(line)) continue;
      reported.add(line);
      say(line);
    }
    const { mail, isQueued, mailWorkers } = watched;
    const isOver = mail.state !== 'waiting' || !isQueued || mailWorkers === 0;
    if (isOver || now().getTime() >= endsAtMs) return watched;
    await pause(EVERY_MS);
  }
}

/** Text for the operator: state of a mail and what to do next. */
export function describeMail({ mail, isQueued, workers, mailWorkers }: WatchedMail): string {
  const { mailId, login, state, dropReason, lastError, smtpReply, attempts } = mail;
  switch (state) {
    case 'sent':
      return `Sent: the mail server accepted mail ${mailId} to ${login}: ${smtpReply}\nWhether it reached the mailbox is seen there alone.`;
    case 'failed':
      return `Failed: ${lastError}\nOnce the reason is gone: mail retry --mail ${mailId}`;
    case 'dropped':
      return `Dropped: the account ${login} ${DROPPED[dropReason ?? 'no-address']}.`;
    case 'waiting':
      break;
  }
  if (!isQueued) {
    return `Waiting, but NOTHING SENDS IT: its job is out of attempts. Once the reason is gone: mail retry --mail ${mailId}`;
  }
  if (workers === 0)
    return 'Waiting: NO WORKER RUNS. Start one (npm run worker); it sends what waits.';
  if (mailWorkers === 0) {
    return 'Waiting: NO MAIL SERVER IS CONFIGURED. Set KENSHIN_SMTP_URL and KENSHIN_MAIL_FROM for the worker; it sends what waits.';
  }
  const tried = attempts === 0 ? 'it has its turn soon' : `it is tried again; ${failuresOf(mail)}`;
  return `Waiting: ${tried}. How it went: mail show --mail ${mailId}`;
}

const DROPPED = {
  'account-disabled': 'is disabled',
  'no-address': 'has no mail address',
  'no-right': 'may not read closings any more',
} as const;

function eventsOf(mail: Mail): string[] {
  const { mailId, login, enteredAt, attempts, lastError, sentAt } = mail;
  const events = [`${formatJst(enteredAt)} mail ${mailId} to ${login} entered`];
  if (attempts > 0 && lastError !== null) events.push(failuresOf(mail));
  if (sentAt !== null) events.push(`${formatJst(sentAt)} handed to the mail server`);
  return events;
}

function failuresOf({ attempts, lastError }: Mail): string {
  return lastError === null
    ? `attempt ${attempts} is under way`
    : `attempts: ${attempts}; the latest that failed: ${lastError}`;
}
