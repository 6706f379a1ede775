// Follows a mail of the outbox and says each step when it is known.
import type { Mail } from '../lib/mail/mail-queries.ts';
import { formatJst } from '../lib/time.ts';

/** A mail, and who could send it. */
export interface WatchedMail {
  mail: Mail;
  /** Workers that live, and those of them that have a mail server. */
  workers: number;
  mailWorkers: number;
}

export interface FollowMailOptions {
  /** The mail as the database has it now. */
  read: () => Promise<WatchedMail>;
  say: (line: string) => void;
  now: () => Date;
  /** Settles after so many milliseconds. */
  pause: (ms: number) => Promise<void>;
  waitMs: number;
}

const EVERY_MS = 500;

/** Ends when the mail waits no more, when no worker with a mail server is there, or when the time to wait is over; says each step once. */
export async function followMail(options: FollowMailOptions): Promise<WatchedMail> {
  const { read, say, now, pause, waitMs } = options;
  const endsAtMs = now().getTime() + waitMs;
  const told = new Set<string>();
  for (;;) {
    const watched = await read();
    for (const line of stepsOf(watched.mail)) {
      if (told.has(line)) continue;
      told.add(line);
      say(line);
    }
    const isOver = watched.mail.state !== 'waiting' || watched.mailWorkers === 0;
    if (isOver || now().getTime() >= endsAtMs) return watched;
    await pause(EVERY_MS);
  }
}

/** What became of a mail, and what comes next. */
export function becameOf({ mail, workers, mailWorkers }: WatchedMail): string {
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
} as const;

function stepsOf(mail: Mail): string[] {
  const { mailId, login, enteredAt, attempts, lastError, sentAt } = mail;
  const steps = [`${formatJst(enteredAt)} mail ${mailId} to ${login} entered`];
  if (attempts > 0 && lastError !== null) steps.push(failuresOf(mail));
  if (sentAt !== null) steps.push(`${formatJst(sentAt)} handed to the mail server`);
  return steps;
}

function failuresOf({ attempts, lastError }: Mail): string {
  return lastError === null
    ? `attempt ${attempts} is under way`
    : `attempts: ${attempts}; the latest that failed: ${lastError}`;
}
