import { describe, expect, it } from 'vitest';
import type { Mail } from '../lib/mail/mail-queries.ts';
import { describeMail, followMail, type WatchedMail } from './follow-mail.ts';

const AT = new Date('2026-11-26T10:00:00+09:00');

const ENTERED: Mail = {
  ...{ mailId: 7, kind: 'test', key: 'x', login: 'hoan', enteredAt: AT, enteredBy: 'system:x' },
  ...{ state: 'waiting', dropReason: null, attempts: 0, attemptedAt: null, lastError: null },
  ...{ sentAt: null, smtpReply: null, messageId: null },
};

function watched(mail: Partial<Mail> = {}, workers = 1, mailWorkers = 1): WatchedMail {
  return { mail: { ...ENTERED, ...mail }, isQueued: true, workers, mailWorkers };
}

const SENT = { state: 'sent', attempts: 2, sentAt: AT, smtpReply: '250 ok' } as const;
const DEFERRED = { attempts: 1, lastError: '450 later' };

describe('following a mail', () => {
  /** Follows a mail whose successive reads are `reads`; the last one repeats. */
  async function follow(reads: WatchedMail[], waitMs = 60_000) {
    const said: string[] = [];
    let nowMs = AT.getTime();
    const found = await followMail({
      read: async () => (reads.length > 1 ? reads.shift() : reads[0]) ?? watched(),
      say: (line) => void said.push(line),
      now: () => new Date(nowMs),
      pause: async (ms) => {
        nowMs += ms;
      },
      waitMs,
    });
    return { said, found, passedMs: nowMs - AT.getTime() };
  }

  it('reports each event once and ends when the mail is sent', async () => {
    const reads = [
      watched(),
      watched(DEFERRED),
      watched(DEFERRED),
      watched({ ...DEFERRED, ...SENT }),
    ];
    const { said, found } = await follow(reads);
    expect(found.mail.state).toBe('sent');
    expect(said).toEqual([
      '2026-11-26T10:00:00+09:00 mail 7 to hoan entered',
      'attempts: 1; the latest that failed: 450 later',
      'attempts: 2; the latest that failed: 450 later',
      '2026-11-26T10:00:00+09:00 handed to the mail server',
    ]);
  });

  it.each([
    ['it failed', watched({ state: 'failed', lastError: '550 none' })],
    ['it was dropped', watched({ state: 'dropped', dropReason: 'no-address' })],
    ['its job is out of attempts', { ...watched(DEFERRED), isQueued: false }],
    ['no worker runs', watched({}, 0, 0)],
    ['no worker has a mail server', watched({}, 1, 0)],
  ])('ends at once where %s', async (_what, found) => {
    expect(await follow([found])).toMatchObject({ found, passedMs: 0 });
  });

  it('ends with the time to wait', async () => {
    expect(await follow([watched()], 2000)).toMatchObject({ passedMs: 2000 });
  });
});

it.each([
  [watched(SENT), 'Sent: the mail server accepted mail 7 to hoan: 250 ok'],
  [watched({ state: 'failed', lastError: '550 none' }), 'Failed: 550 none'],
  [watched({ state: 'dropped', dropReason: 'account-disabled' }), 'the account hoan is disabled'],
  [watched({ state: 'dropped', dropReason: 'no-address' }), 'the account hoan has no mail address'],
  [{ ...watched(DEFERRED), isQueued: false }, 'NOTHING SENDS IT'],
  [watched({}, 0, 0), 'NO WORKER RUNS'],
  [watched({}, 2, 0), 'NO MAIL SERVER IS CONFIGURED'],
  [watched(), 'it has its turn soon'],
  [watched({ attempts: 1 }), 'attempt 1 is under way'],
  [watched(DEFERRED), 'it is tried again; attempts: 1; the latest that failed: 450 later'],
])('the state of a mail is described: %#', (found, said) => {
  expect(describeMail(found)).toContain(said);
});
