/** Runs a verb in one transaction: as the application role, bound to its utility, and rolled back in a dry run. */
import type { Kysely } from 'kysely';
import { createDatabase, openPool } from '../../db/client.ts';
import type { Database, Tx } from '../../db/schema.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { DomainError } from '../../lib/errors.ts';
import { keksFromDirectory } from '../../lib/keys/kek-provider.ts';
import { isDemoFolder, kekDirectoryOf } from '../kek-file.ts';
import { describeFault, onInterrupt } from '../run-command.ts';
import {
  becomeApplication,
  chosenUtility,
  createUtility,
  listUtilities,
  readAsApplication,
} from '../utility.ts';
import { withDatabase } from '../with-database.ts';
import type { Invocation } from './command-line.ts';
import { operatorName } from './operator-name.ts';
import { requireNewFile, writeSecretFile } from './secret-file.ts';
import type { CloudScene, Following, Outcome, Scene, Secret, Watch } from './verb.ts';

/** Environment of the command. */
export interface CommandEnvironment {
  environment: Readonly<Record<string, string | undefined>>;
  /** True when a person reads the output; only then is a secret without a file shown. */
  isScreen: boolean;
  now: Date;
  readSecret: () => Promise<string>;
  watch: Watch;
}

/** Thrown to roll back a dry run. */
class RolledBack extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super('dry run');
    this.outcome = outcome;
  }
}

/** @throws DomainError when the act is refused. */
export function runVerb(invocation: Invocation, command: CommandEnvironment): Promise<Outcome> {
  return withDatabase(async ({ adminUrl }) => {
    const admin = createDatabase(
      openPool(adminUrl, { applicationName: 'kenshin operate', max: 1 }),
    );
    try {
      return await runOn(admin, invocation, command);
    } finally {
      await admin.destroy();
    }
  });
}

async function runOn(
  admin: Kysely<Database>,
  invocation: Invocation,
  command: CommandEnvironment,
): Promise<Outcome> {
  requireNewFiles(invocation);
  const undoings: (() => Promise<void>)[] = [];
  let isCommitting = false;
  const undo = async () => {
    if (isCommitting) return;
    for (const act of undoings.splice(0).reverse()) await act();
  };
  const release = onInterrupt(undo);
  const { verb, given, isDryRun } = invocation;
  const stage = stageOf(invocation, command, (act) => void undoings.push(act));
  const utilities = await listUtilities(admin);
  const utility =
    verb.scope === 'utility' ? chosenUtility(utilities, invocation.utilityCode) : undefined;
  const act = () =>
    admin.transaction().execute(async (tx) => {
      let scene: Scene | CloudScene;
      if (utility) {
        await becomeApplication(tx, utility.utilityId);
        const actor = operator(utility.utilityId, command.environment);
        const getKek = () => keksFromDirectory(stage.kekDirectory)(utility.code);
        scene = { ...stage, tx, actor, utilityCode: utility.code, getKek };
      } else {
        scene = {
          ...stage,
          listUtilities: async () => utilities,
          createUtility: (input) => createOperated(tx, input, command.environment),
        };
      }
      const outcome = await verb.run(scene, given);
      await deliver(outcome.secret, invocation, { command, onFailure: stage.onFailure });
      if (isDryRun) throw new RolledBack(outcome);
      isCommitting = true;
      return outcome;
    });
  let outcome: Outcome;
  try {
    outcome = await act();
  } catch (error) {
    await undo();
    if (error instanceof RolledBack) return error.outcome;
    throw isCommitting && undoings.length > 0 ? unknownEnd(error) : error;
  } finally {
    release();
  }
  if (!utility || !outcome.follow) return outcome;
  return outcome.follow(followingOf(admin, utility.utilityId, command));
}

/** What a verb is given in either scope. */
function stageOf(
  { isDryRun }: Invocation,
  command: CommandEnvironment,
  onFailure: (undo: () => Promise<void>) => void,
) {
  return {
    isDryRun,
    now: command.now,
    readSecret: command.readSecret,
    kekDirectory: kekDirectoryOf(command.environment),
    isDemoFolder: isDemoFolder(command.environment),
    onFailure,
  };
}

/** Error of a commit without an answer: files with secrets stay, because the secrets may be valid. */
function unknownEnd(error: unknown): DomainError {
  return new DomainError(
    'unavailable',
    `the database was lost at the end, so it is not known whether this was done; the files were kept: look whether it was, and delete them if not (${describeFault(error)})`,
  );
}

/** Options that name a new file for a secret. Checked first, because a large import takes time. */
const SECRET_FILES = ['credentials', 'password-file', 'code-file', 'file'];

function requireNewFiles({ given }: Invocation): void {
  for (const name of SECRET_FILES) {
    const path = given[name];
    if (typeof path === 'string') requireNewFile(path);
  }
}

/** Writes the secret before the commit, so that no valid secret is lost. */
async function deliver(
  secret: Secret | undefined,
  { isDryRun, isJson }: Invocation,
  { command, onFailure }: { command: CommandEnvironment; onFailure: Scene['onFailure'] },
): Promise<void> {
  if (!secret) return;
  if (secret.file !== undefined) {
    for (const { path, text } of filesOf(secret.file, secret)) {
      requireNewFile(path);
      if (!isDryRun) onFailure(await writeSecretFile(path, text));
    }
  } else if (!isDryRun && (isJson || !command.isScreen)) {
    throw new DomainError(
      'invalid_input',
      `the ${secret.label} is shown on a screen only, and standard output is not a screen: give ${secret.fileOption} FILE`,
    );
  }
}

function filesOf(path: string, { value, beside }: Secret): { path: string; text: string }[] {
  const secret = { path, text: value };
  return beside ? [secret, { path: `${path}${beside.suffix}`, text: beside.text }] : [secret];
}

function operator(utilityId: number, environment: CommandEnvironment['environment']): SystemActor {
  return { kind: 'system', utilityId, name: operatorName(environment, process.getuid?.()) };
}

function followingOf(
  admin: Kysely<Database>,
  utilityId: number,
  { watch }: CommandEnvironment,
): Following {
  return { ...watch, read: (fn) => readAsApplication(admin, utilityId, fn) };
}

async function createOperated(
  tx: Tx,
  utility: { code: string; name: string },
  environment: CommandEnvironment['environment'],
): Promise<{ tx: Tx; actor: SystemActor }> {
  const actor = await createUtility(tx, utility, (id) => operator(id, environment));
  if (actor) return { tx, actor };
  throw new DomainError('conflict', `there is a utility "${utility.code}" already`);
}
