/** Definition of a verb of the operator's command line: options, help, and action. */
import type { ReadDb, Tx } from '../../db/schema.ts';
import type { SystemActor } from '../../lib/actor.ts';
import type { Kek } from '../../lib/keys/kek.ts';
import type { Given, Options } from './option.ts';

/** Result of a verb: in words, and for programs. It contains no secret. */
export interface Outcome {
  /** What was done, in one or more lines. */
  said: string;
  data?: Readonly<Record<string, unknown>>;
  /** Rows of a list; the headings are keys of the rows. */
  table?: { headings: readonly string[]; rows: readonly Readonly<Record<string, unknown>>[] };
  secret?: Secret;
  /** Next step, as a command or a sentence. */
  next?: string;
  /** True: done, but its effect is not proven. The exit code is then 1. */
  isUnproven?: boolean;
  /** Runs after the commit, not in a dry run; its result replaces this outcome. */
  follow?: (following: Following) => Promise<Outcome>;
}

/** Resources for following an act after its commit. */
export interface Following extends Watch {
  /** Runs one read-only transaction of the utility; each sees everything committed before it. */
  read: <T>(fn: (db: ReadDb) => Promise<T>) => Promise<T>;
}

/** Time and output for a command that waits. */
export interface Watch {
  say: (line: string) => void;
  now: () => Date;
  /** Resolves after so many milliseconds. */
  pause: (ms: number) => Promise<void>;
}

/** A secret that is shown once and stored nowhere: written to its own file, or shown on a person's screen. */
export interface Secret {
  /** Description: "password of admin". */
  label: string;
  value: string;
  /** File to create, mode 0600; undefined: the screen. */
  file: string | undefined;
  /** Option that names the file: "--password-file". */
  fileOption: string;
  /** A second new file, named like the first with a suffix. */
  beside?: { suffix: string; text: string; what: string };
}

/** What every verb gets. */
interface Stage {
  /** True: everything is rolled back, and no file is written. */
  isDryRun: boolean;
  now: Date;
  kekDirectory: string;
  /**
   * True when the folder of keys is the demo's although a database was configured: another sidecar does not read it.
   */
  isDemoFolder: boolean;
  /** Reads the first line of standard input. */
  readSecret: () => Promise<string>;
  /** Registers an undo for what a database rollback leaves; it runs when the act does not complete. */
  onFailure: (undo: () => Promise<void>) => void;
}

/** What a verb of one utility gets; `tx` is bound to it by row security. */
export interface Scene extends Stage {
  tx: Tx;
  actor: SystemActor;
  utilityCode: string;
  /** The utility's key-encryption key. */
  getKek: () => Promise<Kek>;
}

/** What a verb on utilities themselves gets. */
export interface CloudScene extends Stage {
  listUtilities: () => Promise<{ code: string; name: string; createdAt: Date }[]>;
  /** Creates a utility and binds the transaction to it. */
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
  /** The one positional argument: a file. */
  argument?: { placeholder: string; help: string };
  options: O;
  examples: readonly string[];
  next?: string;
  /** True for a verb that only reads and needs no dry run. */
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

/** Values given to a verb; `argument` is the positional one. */
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
