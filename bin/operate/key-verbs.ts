import { z } from 'zod';
import { KEY_SCOPES } from '../../lib/actor.ts';
import { MAX_KEY_DAYS } from '../../lib/api-keys/api-key.ts';
import { issueApiKey, revokeApiKey } from '../../lib/api-keys/api-key-commands.ts';
import { listApiKeys } from '../../lib/api-keys/api-key-queries.ts';
import { PlainName } from '../../lib/plain-name.ts';
import { formatJst } from '../../lib/time.ts';
import { optional, path, required, whole } from './option.ts';
import { counted } from './outcome-text.ts';
import { type Noun, utilityVerb } from './verb.ts';

const USUAL_DAYS = 365;

const SCOPE_FAULT = `give one or more of ${KEY_SCOPES.join(', ')}, with commas between them`;
const Scopes = z
  .string()
  .transform((given) => given.split(',').map((word) => word.trim()))
  .pipe(z.array(z.enum(KEY_SCOPES, SCOPE_FAULT)).min(1, SCOPE_FAULT));

const issue = utilityVerb({
  summary: 'a key with which a program of the utility reads through the API',
  explanation: `The program sends it with each request, as the header "Authorization: Bearer KEY"; the routes and the right that each
needs are in /api/v1/openapi.json. A key reads and changes nothing. Give it the rights that its program needs and no more, and
one key to each program: then each can be revoked alone, and the audit and the log name it, as key:7.
It is kept as a hash: it can be shown once. It ends by itself after its days. To change it, issue another with the same rights,
give it to the program, see in key list that the new one is used, and revoke the old one.`,
  options: {
    name: required('NAME', 'which system it is for, such as 料金システム; no person', PlainName),
    scope: required(
      'SCOPES',
      `its rights, with commas between them: ${KEY_SCOPES.join(', ')}`,
      Scopes,
    ),
    days: optional('DAYS', `for how long (${USUAL_DAYS})`, whole(1, MAX_KEY_DAYS)),
    file: optional(
      'FILE',
      'the new file for the key, mode 0600; without it the screen shows it once',
      path,
    ),
  },
  examples: [
    '--utility minato --name 料金システム --scope closing.read,closing.export --file ~/minato/billing-key.txt',
    '--utility minato --name 監視 --scope collection.read --days 90 --file ~/minato/monitor-key.txt',
  ],
  next: 'curl -H "Authorization: Bearer $(cat FILE)" https://HOST/api/v1/closing-days',
  async run({ tx, actor, now }, { name, scope: scopes, days = USUAL_DAYS, file }) {
    const { keyId, key, expiresAt } = await issueApiKey(tx, actor, { name, scopes, days, now });
    return {
      said: `key ${keyId} (${name}) issued for ${scopes.join(', ')}; it ends on ${formatJst(expiresAt).slice(0, 10)}`,
      data: { keyId, name, scopes, expiresAt },
      secret: {
        label: `key ${keyId}`,
        value: file === undefined ? key : `${key}\n`,
        file,
        fileOption: '--file',
      },
      next: 'give it to the program, and put its end into your calendar: key list shows it',
    };
  },
});

const revoke = utilityVerb({
  summary: 'ends a key: from the next request on it opens nothing',
  explanation:
    'For a key that was lost or is not needed any more. It stays in the list, so that the audit can be read later.',
  options: {
    key: required('ID', 'the number of the key, as key list shows it', whole(1, 2_147_483_647)),
  },
  examples: ['--utility minato --key 7'],
  async run({ tx, actor, now }, { key: keyId }) {
    const { name } = await revokeApiKey(tx, actor, { keyId, now });
    return { said: `key ${keyId} (${name}) revoked`, data: { keyId, name } };
  },
});

const list = utilityVerb({
  summary: 'all keys: their rights, their end, and the day of their last use',
  options: {},
  examples: ['--utility minato'],
  isReading: true,
  async run({ tx, actor, now }) {
    const keys = await listApiKeys(tx, actor, { now });
    const rows = keys.map(({ scopes, ...row }) => ({ ...row, scopes: scopes.join(',') }));
    const headings = ['keyId', 'name', 'scopes', 'state', 'expiresAt', 'lastUsedOn'];
    return { said: counted(rows.length, 'key'), table: { headings, rows } };
  },
});

export const KEY: Noun = {
  name: 'key',
  summary: 'keys with which programs read through the API',
  verbs: { issue, revoke, list },
};
