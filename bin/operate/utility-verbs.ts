import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import { recordAct } from '../../lib/audit/audit-commands.ts';
import { setSecondLook } from '../../lib/editing/edit-commands.ts';
import { PlainName } from '../../lib/plain-name.ts';
import { ensureKek, kekFile } from '../kek-file.ts';
import { required, utilityCode, whole } from './option.ts';
import { counted } from './outcome-text.ts';
import { type CloudScene, cloudVerb, type Noun, type Scene, utilityVerb } from './verb.ts';

const MAX_L = 2_147_483_647;

const create = cloudVerb({
  summary: 'a new utility with its key-encryption key',
  explanation: `The key wraps the keys of the utility's terminals. It is made in the folder that the sidecar reads, file 0600 in a
folder 0700, and a running sidecar finds it without a restart. Keep a copy apart from the database's backup: without it no
terminal of the utility can report. A key that lies there already under the utility's code is kept: utilities may bring
their own.`,
  options: {
    code: required(
      'CODE',
      'short name: small letters, digits, hyphens; typed at sign-in',
      utilityCode,
    ),
    name: required('NAME', "the utility's name as its staff and customers know it", PlainName),
  },
  examples: ['--code minato --name 港ガス株式会社'],
  next: 'account create: the people of the utility',
  async run(scene, { code, name }) {
    const { tx, actor } = await scene.createUtility({ code, name });
    const file = kekFile(scene.kekDirectory, code);
    const isNew = !existsSync(file);
    const keyId = await keyIdOf(scene, { code, file, isNew });
    await recordAct(tx, actor, {
      act: isNew ? 'key-encryption-key.made' : 'key-encryption-key.found',
      subject: `utility:${actor.utilityId}`,
      detail: { keyId },
    });
    const made = isNew ? 'made' : 'was there already';
    const elsewhere = scene.isDemoFolder
      ? "\nThat is the demo's folder: where another sidecar runs, set KENSHIN_KEK_DIRECTORY and put the key there"
      : '';
    return {
      said: `utility ${code} (${name}) created.\nKey-encryption key ${keyId ?? '(id comes with the key)'} ${made}: ${file}${elsewhere}`,
      data: { code, name, keyId, keyFile: file, isKeyNew: isNew },
      next: `account create --utility ${code} …   (at least one account with the role admin)`,
    };
  },
});

/** Id of the utility's key; null in a dry run that would create one. */
async function keyIdOf(
  scene: CloudScene,
  { code, file, isNew }: { code: string; file: string; isNew: boolean },
): Promise<string | null> {
  if (isNew && scene.isDryRun) return null;
  if (isNew) scene.onFailure(() => rm(file, { force: true }));
  return (await ensureKek(scene.kekDirectory, code)).id;
}

const list = cloudVerb({
  summary: 'all utilities',
  options: {},
  examples: [''],
  isReading: true,
  async run(scene) {
    const rows = await scene.listUtilities();
    return {
      said: counted(rows.length, 'utility', 'utilities'),
      table: {
        headings: ['code', 'name', 'createdAt'],
        rows: rows.map(({ code, name, createdAt }) => ({ code, name, createdAt })),
      },
    };
  },
});

const show = utilityVerb({
  summary: 'one utility: its key and how much is registered',
  options: {},
  examples: ['--utility minato'],
  isReading: true,
  async run(scene) {
    const counts = await countsOf(scene);
    const { utilityCode: code } = scene;
    const key = await scene.getKek().then(
      ({ id }) => ({ keyId: id, keyFile: kekFile(scene.kekDirectory, code) }),
      (error: Error) => ({ keyId: null, keyFault: error.message }),
    );
    const row = { ...counts, ...key };
    const lines = Object.entries(row).map(([name, value]) => `  ${name}: ${value ?? '–'}`);
    return { said: `utility ${code}\n${lines.join('\n')}`, data: { code, ...row } };
  },
});

const secondLook = utilityVerb({
  summary: 'from how many litres on an edit of a reading needs a second person',
  explanation:
    'An edit (訂正) that moves more counts for nothing until another person with the right agrees. Edits that stand are not looked at again.',
  options: {
    'above-l': required('LITRES', 'the most that one person may move (10000)', whole(0, MAX_L)),
  },
  examples: ['--utility minato --above-l 5000'],
  async run({ tx, actor, utilityCode: code }, { 'above-l': secondLookL }) {
    await setSecondLook(tx, actor, { secondLookL });
    return {
      said: `utility ${code}: an edit that moves more than ${secondLookL} L needs a second person`,
      data: { code, secondLookL },
    };
  },
});

async function countsOf({ tx, actor }: Scene): Promise<Record<string, unknown>> {
  const { rows } = await sql<Record<string, unknown>>`
    select u.name, u.second_look_l as "secondLookL",
      (select count(*)::integer from account where utility_id = u.utility_id and disabled_at is null) as accounts,
      (select count(*)::integer from area where utility_id = u.utility_id) as areas,
      (select count(*)::integer from supply_point where utility_id = u.utility_id and closed_on is null) as "supplyPoints",
      (select count(*)::integer from terminal where utility_id = u.utility_id and retired_at is null) as terminals,
      (select string_agg(distinct kek_id, ', ') from terminal_key
       where utility_id = u.utility_id and retired_at is null) as "terminalKeysWrappedUnder"
    from utility u where u.utility_id = ${actor.utilityId}`.execute(tx);
  return rows[0] ?? {};
}

export const UTILITY: Noun = {
  name: 'utility',
  summary: 'ガス事業者: a gas utility, apart from all others',
  verbs: { create, list, show, 'second-look': secondLook },
};
