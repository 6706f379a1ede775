import { countWorkers, listJobs } from '../../lib/jobs/job-queries.ts';
import { retryMail } from '../../lib/mail/mail-commands.ts';
import { isMailKind, MAIL_KINDS } from '../../lib/mail/mail-kinds.ts';
import { countMailWorkers, getMail, listMails, type Mail } from '../../lib/mail/mail-queries.ts';
import { formatJst } from '../../lib/time.ts';
import { describeMail, type WatchedMail } from '../follow-mail.ts';
import { LIMIT, listed } from './limited-list.ts';
import { flag, required, whole } from './option.ts';
import { counted } from './outcome-text.ts';
import { type Following, type Noun, type Scene, utilityVerb } from './verb.ts';

const NUMBER = required(
  'ID',
  'the number of the mail, as mail list shows it',
  whole(1, 2_147_483_647),
);
const SHORT = 60;

const list = utilityVerb({
  summary: 'mails to the staff, the newest first',
  explanation: `waiting: its turn comes, or no worker runs that has a mail server. sent: the mail server accepted it. failed: the mail server
refused it for good, or the attempts were used up. dropped: the account was disabled or had no address when it should have gone.`,
  options: { failed: flag('those alone that failed or were dropped'), limit: LIMIT },
  examples: ['--utility minato', '--utility minato --failed'],
  isReading: true,
  async run({ tx, actor }, { failed, limit }) {
    const states = failed ? (['failed', 'dropped'] as const) : undefined;
    const { said, ...outcome } = await listed({
      of: 'mail',
      limit,
      headings: ['mailId', 'kind', 'login', 'state', 'attempts', 'enteredAt', 'sentAt', 'reason'],
      read: async (most) => {
        const mails = await listMails(tx, actor, { states, limit: most });
        return mails.map((mail) => ({ ...mail, reason: reasonOf(mail) }));
      },
    });
    const counts = await countThem(tx);
    return { ...outcome, said: `${said}; ${sendersOf(counts)}`, data: counts };
  },
});

const show = utilityVerb({
  summary: 'one mail: what it is for, and what became of it',
  options: { mail: NUMBER },
  examples: ['--utility minato --mail 17'],
  isReading: true,
  async run({ tx, actor }, { mail: mailId }) {
    const watched = await watchedMail(tx, actor, mailId);
    const { mail } = watched;
    const purpose = isMailKind(mail.kind)
      ? MAIL_KINDS[mail.kind].purpose
      : 'a kind that this version does not know';
    const lines = [
      `mail ${mailId} to ${mail.login}, ${mail.kind}: ${purpose}`,
      `entered ${shown(mail.enteredAt)} by ${mail.enteredBy}; attempts: ${mail.attempts}`,
      ...(mail.messageId === null ? [] : [`Message-ID: ${mail.messageId}`]),
      describeMail(watched),
    ];
    return { said: lines.join('\n'), data: { ...mail } };
  },
});

const retry = utilityVerb({
  summary: 'has a mail that failed, was dropped or waits sent at once',
  explanation:
    'It has all its attempts before it again, and goes to the address that the account has now. One that was sent is not sent again.',
  options: { mail: NUMBER },
  examples: ['--utility minato --mail 17'],
  next: 'mail show --mail ID tells how it went',
  async run({ tx, actor }, { mail: mailId }) {
    await retryMail(tx, actor, mailId);
    return { said: `mail ${mailId} is sent at once`, data: { mailId } };
  },
});

/** Reads a mail, whether its job is in the queue, and the number of workers that could send it. */
export function readWatched(
  read: Following['read'],
  actor: Scene['actor'],
  mailId: number,
): Promise<WatchedMail> {
  return read((db) => watchedMail(db, actor, mailId));
}

async function watchedMail(
  db: Parameters<typeof getMail>[0],
  actor: Scene['actor'],
  mailId: number,
): Promise<WatchedMail> {
  // Read before the mail, so that a job ending in between is not taken for a missing one.
  const jobs = await listJobs(db, actor);
  const isQueued = jobs.some(
    ({ kind, key, state }) => kind === 'send-mail' && key === `${mailId}` && state !== 'failed',
  );
  return { mail: await getMail(db, actor, mailId), isQueued, ...(await countThem(db)) };
}

async function countThem(
  db: Parameters<typeof countWorkers>[0],
): Promise<{ workers: number; mailWorkers: number }> {
  return { workers: await countWorkers(db), mailWorkers: await countMailWorkers(db) };
}

function sendersOf({ workers, mailWorkers }: Omit<WatchedMail, 'mail' | 'isQueued'>): string {
  if (workers === 0) return 'NO WORKER RUNS: start one (npm run worker)';
  if (mailWorkers === 0) return 'NO MAIL SERVER IS CONFIGURED: set KENSHIN_SMTP_URL for the worker';
  return `${counted(mailWorkers, 'worker')} with a mail server`;
}

/** Reason why a mail is not sent, for the list. */
function reasonOf({ state, dropReason, lastError }: Mail): string | null {
  const reason = state === 'sent' ? null : (dropReason ?? lastError);
  return reason !== null && reason.length > SHORT ? `${reason.slice(0, SHORT - 1)}…` : reason;
}

function shown(at: Date): string {
  return formatJst(at).slice(0, 16).replace('T', ' ');
}

export const MAIL: Noun = {
  name: 'mail',
  summary: 'mails to the staff of a utility, and what became of them',
  verbs: { list, show, retry },
};
