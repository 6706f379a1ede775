import { randomInt } from 'node:crypto';
import { z } from 'zod';
import {
  disableAccount,
  enableAccount,
  endSessions,
  setRole,
  unlockSignIn,
} from '../../lib/accounts/account-commands.ts';
import { getAccount, listAccounts } from '../../lib/accounts/account-queries.ts';
import { createAccount, setPassword } from '../../lib/accounts/credential-commands.ts';
import { STAFF_ROLES } from '../../lib/actor.ts';
import { PlainName } from '../../lib/plain-name.ts';
import { ArgumentFault } from '../run-command.ts';
import { mailVerbs } from './account-mail-verbs.ts';
import { flag, optional, path, required } from './option.ts';
import { counted } from './outcome-text.ts';
import { type Noun, type Scene, type Secret, utilityVerb } from './verb.ts';

/** Letters and digits that cannot be mistaken for each other: 5 groups of 4, 98 bits. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 5;
const GROUP_LENGTH = 4;

const LOGIN = required(
  'LOGIN',
  'what is typed at sign-in: 2 to 64 small letters, digits, dots, hyphens, underlines',
  z.string().regex(/^[a-z0-9._-]{2,64}$/, 'give 2 to 64 small letters, digits, . _ or -'),
);
const ROLE = required(
  'ROLE',
  'admin (everything), analyst (readings, pressure, meters) or billing (closing, meters)',
  z.enum(STAFF_ROLES, `give ${STAFF_ROLES.join(', ')}`),
);
const PASSWORD = {
  'password-file': optional(
    'FILE',
    'the new file for a generated password, mode 0600; without it the screen shows it once',
    path,
  ),
  'password-stdin': flag('takes the password from the first line of standard input'),
};

const create = utilityVerb({
  summary: 'an account for a desk or post of the utility',
  explanation: `The password is generated, unless it is given on standard input; it is never taken from the command line, where every
process of the machine could read it.`,
  options: {
    login: LOGIN,
    role: ROLE,
    name: required('NAME', 'the desk or post as the pages show it, such as 検針係', PlainName),
    ...PASSWORD,
  },
  examples: [
    '--utility minato --login kenshin --role billing --name 検針係 --password-file ~/minato/kenshin.txt',
    '--utility minato --login kenshin --role billing --name 検針係 --password-stdin < FILE',
  ],
  next: 'hand the password over; sign in at /sign-in with utility code, login and password',
  async run(scene, given) {
    const { login, role, name: displayName } = given;
    const { password, secret } = await passwordFor(scene, login, given);
    await createAccount(scene.tx, scene.actor, { login, role, displayName, password });
    return {
      said: `account ${login} (${role}, ${displayName}) created`,
      data: { login, role, displayName },
      ...secret,
      next: `sign in at /sign-in with ${scene.utilityCode}, ${login} and the password; or another account, or area create`,
    };
  },
});

const password = utilityVerb({
  summary: 'a new password; lifts a lock and ends every session',
  options: { login: LOGIN, ...PASSWORD },
  examples: ['--utility minato --login kenshin --password-file ~/minato/kenshin.txt'],
  async run(scene, given) {
    const { tx, actor, now } = scene;
    const { login } = given;
    const { accountId } = await getAccount(tx, actor, login);
    const { password, secret } = await passwordFor(scene, login, given);
    await setPassword(tx, actor, { accountId, password, now });
    return {
      said: `account ${login} has a new password; its sessions ended`,
      data: { login },
      ...secret,
    };
  },
});

interface PasswordChoice {
  readonly 'password-file'?: string | undefined;
  readonly 'password-stdin': boolean;
}

async function passwordFor(
  { readSecret }: Scene,
  login: string,
  { 'password-file': file, 'password-stdin': isGiven }: PasswordChoice,
): Promise<{ password: string; secret: { secret?: Secret } }> {
  if (isGiven && file !== undefined) {
    throw new ArgumentFault('give either --password-stdin or --password-file');
  }
  if (isGiven) return { password: await readSecret(), secret: {} };
  const value = newPassword();
  const label = `password of ${login}`;
  const password = file === undefined ? value : `${value}\n`;
  const secret = { label, value: password, file, fileOption: '--password-file' };
  return { password: value, secret: { secret } };
}

function newPassword(): string {
  const letter = () => ALPHABET[randomInt(ALPHABET.length)];
  const group = () => Array.from({ length: GROUP_LENGTH }, letter).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

const unlock = utilityVerb({
  summary: 'forgets the wrong tries of a login, so that it may be tried again at once',
  options: { login: LOGIN },
  examples: ['--utility minato --login kenshin'],
  async run({ tx, actor }, { login }) {
    await getAccount(tx, actor, login);
    await unlockSignIn(tx, actor, { kind: 'staff', name: login });
    return { said: `account ${login} may be tried again`, data: { login } };
  },
});

const disable = utilityVerb({
  summary: 'no more sign-in; every session ends at once',
  options: { login: LOGIN },
  examples: ['--utility minato --login kenshin'],
  async run(scene, { login }) {
    const { tx, actor, now } = scene;
    const { accountId } = await getAccount(tx, actor, login);
    const sessions = await disableAccount(tx, actor, { accountId, now });
    return {
      said: `account ${login} disabled; ${counted(sessions, 'session')} ended${await adminMissing(scene)}`,
      data: { login, sessions },
    };
  },
});

const enable = utilityVerb({
  summary: 'a disabled account may sign in again, with the password that it had',
  options: { login: LOGIN },
  examples: ['--utility minato --login kenshin'],
  async run({ tx, actor, now }, { login }) {
    const { accountId } = await getAccount(tx, actor, login);
    await enableAccount(tx, actor, { accountId, now });
    return { said: `account ${login} may sign in again`, data: { login } };
  },
});

const role = utilityVerb({
  summary: 'another role, in force from the next request of each session',
  options: { login: LOGIN, role: ROLE },
  examples: ['--utility minato --login kenshin --role analyst'],
  async run(scene, { login, role: newRole }) {
    const { tx, actor } = scene;
    const { accountId, role: earlier } = await getAccount(tx, actor, login);
    const data = { login, role: newRole, earlierRole: earlier };
    if (newRole === earlier) {
      return {
        said: `account ${login} has the role ${newRole} already; nothing was changed`,
        data,
      };
    }
    await setRole(tx, actor, { accountId, role: newRole });
    const said = `account ${login}: role ${newRole}, before ${earlier}`;
    return { said: `${said}${await adminMissing(scene)}`, data };
  },
});

/** Warning for a utility without an active admin account; the operator may have meant another account. */
async function adminMissing({ tx, actor, utilityCode, now }: Scene): Promise<string> {
  const accounts = await listAccounts(tx, actor, { now });
  const isLeft = accounts.some(({ role, disabledAt }) => role === 'admin' && disabledAt === null);
  return isLeft
    ? ''
    : `.\nNo account with the role admin is left that may sign in at ${utilityCode}`;
}

const sessions = utilityVerb({
  summary: 'ends every session of an account; it may sign in again',
  options: { login: LOGIN },
  examples: ['--utility minato --login kenshin'],
  async run({ tx, actor, now }, { login }) {
    const { accountId } = await getAccount(tx, actor, login);
    const ended = await endSessions(tx, actor, { accountId, now });
    return {
      said: `account ${login}: ${counted(ended, 'session')} ended`,
      data: { login, sessions: ended },
    };
  },
});

const list = utilityVerb({
  summary: 'all accounts',
  options: {},
  examples: ['--utility minato'],
  isReading: true,
  async run({ tx, actor, now }) {
    const accounts = await listAccounts(tx, actor, { now });
    const rows = accounts.map(({ accountId: _id, ...row }) => row);
    const headings = [
      ...['login', 'displayName', 'role', 'mailAddress', 'sessions', 'createdAt', 'disabledAt'],
    ];
    return { said: counted(rows.length, 'account'), table: { headings, rows } };
  },
});

export const ACCOUNT: Noun = {
  name: 'account',
  summary: 'the staff of a utility: who may sign in, and as what',
  verbs: {
    create,
    password,
    role,
    unlock,
    disable,
    enable,
    'end-sessions': sessions,
    ...mailVerbs(LOGIN),
    list,
  },
};
