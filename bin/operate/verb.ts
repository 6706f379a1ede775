/** A verb of the operator's command line: what it takes, what it teaches, what it does. One verb is one small definition. */
import type { ReadDb, Tx } from '../../db/schema.ts';
import type { SystemActor } from '../../lib/actor.ts';
import type { Kek } from '../../lib/keys/kek.ts';
import type { Given, Options } from './option.ts';

/** What is told of an act: in words, and for programs. A secret is in neither. */
export interface Outcome {
  /** What was done, one or more lines. */
  said: string;
  data?: Readonly<Record<string, unknown>>;
  /** Rows of a list; the headings are keys of the rows. */
  table?: { headings: readonly string[]; rows: readonly Readonly<Record<string, unknown>>[] };
  secret?: Secret;
  /** What comes next, as a command or a sentence. */
  next?: string;
  /** True: the act was done, and what it is for is not proven. The command then ends with exit code 1. */
  isUnproven?: boolean;
  /** Runs after the commit, not in a dry run; what it yields is told in place of this outcome. */
  follow?: (following: Following) => Promise<Outcome>;
}

/** What an act is followed with once it is committed. */
export interface Following extends Watch {
  /** One read-only transaction of the utility; each sees what was committed before it. */
  read: <T>(fn: (db: ReadDb) => Promise<T>) => Promise<T>;
}

/** How time passes for a command that waits, and where it says what has come meanwhile. */
export interface Watch {
  say: (line: string) => void;
  now: () => Date;
  /** Settles after so many milliseconds. */
  pause: (ms: number) => Promise<void>;
}

/** What must be told once and kept nowhere: goes into a file of its own, or onto the screen of a person. */
export interface Secret {
  /** What it is: "password of admin". */
  label: string;
  value: string;
  /** The file that is made for it, mode 0600; without it, the screen. */
  file: string | undefined;
  /** The option with which a file is named: "--password-file". */
  fileOption: string;
  /** A second new file, whose name is that of the first with a suffix. */
  beside?: { suffix: string; text: string; what: string };
}

/** Where every verb acts. */
interface Stage {
  /** True: everything is rolled back, and no file is written. */
  isDryRun: boolean;
  now: Date;
  kekDirectory: string;
  /** The folder is the demo's, though the database was named: another sidecar does not look there. */
  isDemoFolder: boolean;
  /** The first line of standard input. */
  readSecret: () => Promise<string>;
  /** Undoes what a rollback of the database leaves: run when the act does not come to its end. */
  onFailure: (undo: () => Promise<void>) => void;
}

/** The stage of a verb of one utility; `tx` is bound to it by row security. */
export interface Scene extends Stage {
  tx: Tx;
  actor: SystemActor;
  utilityCode: string;
  /** The utility's key-encryption key. */
  getKek: () => Promise<Kek>;
}

/** The stage of a verb that concerns utilities themselves. */
export interface CloudScene extends Stage {
  listUtilities: () => Promise<{ code: string; name: string; createdAt: Date }[]>;
  /** Creates a utility and turns the transaction into one of its own. */
  createUtility: (utility: {
    code: string;
    name: string;
  }) => Promise<{ tx: Tx; actor: SystemActor }>;
}

interface Definition<O extends Options> {
  /** One line for the list of verbs. */
  summary: string;
  /** What a new operator has to know, in a few lines. */
  explanation?: string;
  /** The one argument that is not an option: a file. */
  argument?: { placeholder: string; help: string };
  options: O;
  examples: readonly string[];
  next?: string;
  /** True for a verb that only reads: it needs no dry run. */
  isReading?: boolean;
}

export interface Verb extends Definition<Options> {
  scope: 'utility' | 'cloud';
  run(scene: Scene | CloudScene, given: Readonly<Record<string, unknown>>): Promise<Outcome>;
}

export interface Noun {
  name: string;
  summary: string;
  verbs: Readonly<Record<string, Verb>>;
}

/** The values given to a verb; `argument` is the one that is not an option. */
type GivenTo<O extends Options> = Given<O> & { readonly argument?: string };

export function utilityVerb<O extends Options>(
  definition: Definition<O> & { run: (scene: Scene, given: GivenTo<O>) => Promise<Outcome> },
): Verb {
  return {
    ...definition,
    scope: 'utility',
    run: (scene, given) => definition.run(scene as Scene, given as GivenTo<O>),
  };
}

export function cloudVerb<O extends Options>(
  definition: Definition<O> & { run: (scene: CloudScene, given: GivenTo<O>) => Promise<Outcome> },
): Verb {
  return {
    ...definition,
    scope: 'cloud',
    run: (scene, given) => definition.run(scene as CloudScene, given as GivenTo<O>),
  };
}
