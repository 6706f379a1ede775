import { randomUUID } from 'node:crypto';
import { setMailAddress } from '../../lib/accounts/account-commands.ts';
import { getAccount } from '../../lib/accounts/account-queries.ts';
import { MailAddress } from '../../lib/mail/mail-address.ts';
import { enterTestMail } from '../../lib/mail/mail-commands.ts';
import { describeMail, followMail } from '../follow-mail.ts';
import { ArgumentFault } from '../run-command.ts';
import { readWatched } from './mail-verbs.ts';
import { flag, type Option, optional, whole } from './option.ts';
import { utilityVerb } from './verb.ts';

const WAIT_S = 30;
const MAX_WAIT_S = 86_400;

/** Verbs of an account's mail address. */
export function mailVerbs(login: Option<string>) {
  const mail = utilityVerb({
    summary: 'where mail to the account goes, or that it gets none',
    explanation: `Mails that wait go to the new address. The audit says that an address was set, not which; account list shows it.`,
    options: {
      login,
      address: optional('ADDRESS', 'of the desk or post: name@domain in ASCII', MailAddress),
      clear: flag('takes the address away: the account gets no mail'),
    },
    examples: [
      '--utility minato --login kenshin --address kenshin@minato-gas.example',
      '--utility minato --login kenshin --clear',
    ],
    next: 'account test-mail shows whether mail to it is sent',
    async run({ tx, actor }, { login: name, address, clear }) {
      if ((address === undefined) !== clear) {
        throw new ArgumentFault('give either --address ADDRESS or --clear');
      }
      const { accountId } = await getAccount(tx, actor, name);
      await setMailAddress(tx, actor, { accountId, address: address ?? null });
      const said = clear ? 'gets no mail any more' : `gets its mail at ${address}`;
      return {
        said: `account ${name} ${said}`,
        data: { login: name, mailAddress: address ?? null },
        ...(clear ? {} : { next: `account test-mail --login ${name}` }),
      };
    },
  });

  const test = utilityVerb({
    summary: 'sends a test mail to the account, and says what became of it',
    explanation: `The mail is entered, and a worker (npm run worker) hands it to its mail server. It is followed until the server has accepted or
refused it, or the time of --wait is over; it is tried again afterwards where that may help. Exit code 0 only when it was accepted.`,
    options: {
      login,
      wait: optional('SECONDS', `how long to follow it (${WAIT_S})`, whole(0, MAX_WAIT_S)),
    },
    examples: ['--utility minato --login kenshin'],
    async run({ tx, actor, now }, { login: name, wait: waitS = WAIT_S }) {
      const { mailId } = await enterTestMail(tx, actor, { login: name, key: randomUUID(), now });
      return {
        said: `test mail ${mailId} to ${name} entered`,
        data: { mailId, login: name },
        follow: async ({ read, ...watch }) => {
          const watched = await followMail({
            ...watch,
            read: () => readWatched(read, actor, mailId),
            waitMs: waitS * 1000,
          });
          const { mail, workers, mailWorkers } = watched;
          const data = { ...mail, workers, mailWorkers };
          return { said: describeMail(watched), data, isUnproven: mail.state !== 'sent' };
        },
      };
    },
  });

  return { mail, 'test-mail': test };
}
