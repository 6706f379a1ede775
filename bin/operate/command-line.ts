/** Command line of `npm run operate`: a verb with its values, a page of help, or a fault that says what to give. */
import { parseArgs } from 'node:util';
import { ArgumentFault } from '../run-command.ts';
import { COMMAND, helpOfAll, helpOfNoun, helpOfVerb } from './help.ts';
import { nearWords } from './near-words.ts';
import { flag, type Option, type Options, optional, path, utilityCode } from './option.ts';
import type { Noun, Verb } from './verb.ts';

/** A wrong command line; `hint` is the help to look at. */
class UsageFault extends ArgumentFault {
  constructor(message: string, hint: string) {
    super(`${message}\nHelp: ${COMMAND} ${hint}`);
  }
}

export interface Invocation {
  noun: Noun;
  verbName: string;
  verb: Verb;
  given: Readonly<Record<string, unknown>>;
  utilityCode: string | undefined;
  isDryRun: boolean;
  isJson: boolean;
}

export type CommandLine = { kind: 'help'; text: string } | ({ kind: 'run' } & Invocation);

const UTILITY = optional('CODE', 'which utility; not needed while there is only one', utilityCode);
const DRY_RUN = flag('do everything, tell what came of it, and roll it back');
const JSON_OPTION = flag('answer with one JSON object on standard output');
const HELP = flag('this text');

/** All options of a verb: its own and the common ones. */
function optionsOf(verb: Verb): Options {
  return {
    ...verb.options,
    ...(verb.scope === 'utility' ? { utility: UTILITY } : {}),
    ...(verb.isReading ? {} : { 'dry-run': DRY_RUN }),
    json: JSON_OPTION,
    help: HELP,
  };
}

/** @throws ArgumentFault that says what to give, and which help explains it */
export function parseCommandLine(
  args: readonly string[],
  nouns: readonly Noun[],
  now: Date,
): CommandLine {
  // "help utility" and "utility help" are both accepted.
  const words = args.slice(0, 2).includes('help')
    ? [...args.filter((_, i) => i !== args.indexOf('help')), '--help']
    : [...args];
  const isHelp = words.includes('--help') || words.includes('-h');
  const [nounName, verbName, ...rest] = words;
  if (isHelp && (nounName === undefined || nounName.startsWith('-'))) {
    return { kind: 'help', text: helpOfAll(nouns, now) };
  }
  const noun = chosen(
    { what: 'noun', typed: nounName, hint: '--help' },
    nouns.map(({ name }) => name),
    (name) => nouns.find((known) => known.name === name),
  );
  if (isHelp && (verbName === undefined || verbName.startsWith('-'))) {
    return { kind: 'help', text: helpOfNoun(noun) };
  }
  const verb = chosen(
    { what: `verb of ${noun.name}`, typed: verbName, hint: `${noun.name} --help` },
    Object.keys(noun.verbs),
    (name) => (Object.hasOwn(noun.verbs, name) ? noun.verbs[name] : undefined),
  );
  const at = { noun, verb, verbName: verbName ?? '' };
  if (isHelp) return { kind: 'help', text: helpOfVerb(at, optionsOf(verb)) };
  return { kind: 'run', ...at, ...valuesOf(rest, at) };
}

function chosen<T>(
  { what, typed, hint }: { what: string; typed: string | undefined; hint: string },
  names: readonly string[],
  find: (name: string) => T | undefined,
): T {
  const list = names.join(', ');
  if (typed === undefined || typed.startsWith('-')) {
    throw new UsageFault(`give a ${what}: ${list}`, hint);
  }
  const found = find(typed);
  if (found !== undefined) return found;
  const near = nearWords(typed, names);
  const advice = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there is: ${list}`;
  throw new UsageFault(`there is no ${what} "${typed}": ${advice}`, hint);
}

function valuesOf(
  args: readonly string[],
  { noun, verb, verbName }: { noun: Noun; verb: Verb; verbName: string },
) {
  const hint = `${noun.name} ${verbName} --help`;
  const options = optionsOf(verb);
  const { texts, argument } = textsOf(args, options, hint);
  const faults: string[] = [];
  const given: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) {
    const fault = readOption({ name, option, text: texts.get(name) }, given);
    if (fault) faults.push(fault);
  }
  faults.push(...argumentFaults(verb, argument));
  if (faults.length > 0) throw new UsageFault(faults.join('\n'), hint);
  const { utility, json, help: _help, 'dry-run': dryRun, ...own } = given;
  return {
    given: { ...own, argument: argument[0] === undefined ? undefined : path.parse(argument[0]) },
    utilityCode: utility as string | undefined,
    isDryRun: dryRun === true,
    isJson: json === true,
  };
}

function readOption(
  { name, option, text }: { name: string; option: Option<unknown>; text: string | undefined },
  given: Record<string, unknown>,
): string | undefined {
  if (text === undefined && option.isRequired) {
    return `--${name} ${option.placeholder} is missing: ${option.help}`;
  }
  const result = option.schema.safeParse(text);
  if (!result.success) return `--${name} "${text}": ${result.error.issues[0]?.message}`;
  given[name] = result.data;
  return undefined;
}

function argumentFaults({ argument }: Verb, found: readonly string[]): string[] {
  if (!argument) {
    return found.map((text) => `"${text}" belongs to no option: options are written --name value`);
  }
  if (found.length === 0) return [`${argument.placeholder} is missing: ${argument.help}`];
  return found.slice(1).map((text) => `"${text}" is one too many`);
}

function textsOf(args: readonly string[], options: Options, hint: string) {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { placeholder }]) => [
        name,
        { type: placeholder === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
  });
  const texts = new Map<string, string>();
  const argument: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') argument.push(token.value);
    if (token.kind !== 'option') continue;
    const fault = tokenFault(token, options, texts);
    if (fault) throw new UsageFault(fault, hint);
    texts.set(token.name, token.value ?? '');
  }
  return { texts, argument };
}

function tokenFault(
  { name, rawName, value }: { name: string; rawName: string; value: string | undefined },
  options: Options,
  texts: ReadonlyMap<string, string>,
): string | undefined {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!option) {
    const near = nearWords(name, Object.keys(options)).map((word) => `--${word}`);
    const advice = near.length > 0 ? `: did you mean ${near.join(' or ')}?` : '';
    return `there is no option ${rawName}${advice}`;
  }
  if (texts.has(name)) return `${rawName} is there twice`;
  if (option.placeholder === undefined && value !== undefined) return `${rawName} takes no value`;
  if (option.placeholder !== undefined && value === undefined) {
    return `${rawName} needs a value: ${option.placeholder}`;
  }
  return undefined;
}
