/** Help pages. They are to suffice for a new operator: what a thing is, an example, and what comes next. */
import { addDays, dayOf } from '../../lib/time.ts';
import { padded, widthOf } from '../text-columns.ts';
import type { Option, Options } from './option.ts';
import type { Noun, Verb } from './verb.ts';

export const COMMAND = 'npm run -s operate --';

const firstCommands = (
  weekAgo: string,
) => `From nothing to a utility whose days arrive. In the checkout's folder, with
alias o='${COMMAND}'

   1  npm run demo              in another terminal, until it prints an address: the sidecar, the pages and a database.
                                In production they run already: set DATABASE_URL and KENSHIN_KEK_DIRECTORY as
                                docs/operations.md says
   2  mkdir -m 700 ~/minato     for the files with secrets; never inside the checkout
   3  o utility create --code minato --name 港ガス株式会社
   4  o account create --utility minato --login kanri --role admin --name 管理者 --password-file ~/minato/kanri.txt
      o account create --utility minato --login kyokyu --role analyst --name 供給管理係 --password-file ~/minato/kyokyu.txt
      o account create --utility minato --login kenshin --role billing --name 検針係 --password-file ~/minato/kenshin.txt
   5  o area create --utility minato --code kita --name 北地区 --gas city --min-pa 1000 --max-pa 2500
   6  o place template --utility minato --area kita --rows 10 > ~/minato/places.csv
                                then edit it: the numbers of your places, customers, meters and terminals
   7  o place import ~/minato/places.csv --utility minato --from ${weekAgo} --credentials ~/minato/fleet.json
                                a day in the past, so that days arrive at once; without --from the first comes tomorrow
   8  npm run -s simulate -- --fleet ~/minato/fleet.json
                                plays these terminals until Ctrl-C; real ones are set up from the values in the file
   9  o supply-point list --utility minato
                                the column "last day" fills; so do the pages: sign in as minato, kyokyu and the password
  10  o code issue --utility minato --customer 000001 --code-file ~/minato/code.txt
                                lets a household see its own usage, at /my`;

/** Overview of all nouns; `now` makes the days in the example commands valid. */
export function helpOfAll(nouns: readonly Noun[], now: Date): string {
  return `${COMMAND} NOUN VERB [options]      runs the cloud without SQL: utilities, accounts, places, terminals

${listOf(nouns.map(({ name, summary }) => [name, summary]))}

Help at each level: operate --help, operate NOUN --help, operate NOUN VERB --help.
Every verb takes --json, and every one that changes something --dry-run. Every act is in the audit, without secrets.
Exit codes: 0 done, 1 refused or not proven, with the reason, 2 the command was written wrongly.

${firstCommands(addDays(dayOf(now), -7))}

Settings: DATABASE_URL (else the checkout's own demo server), as the role that migrates; KENSHIN_KEK_DIRECTORY, the folder
in which the sidecar finds each utility's key-encryption key (else the demo's).`;
}

export function helpOfNoun({ name, summary, verbs }: Noun): string {
  const list = listOf(Object.entries(verbs).map(([verb, { summary }]) => [verb, summary]));
  return `${COMMAND} ${name} VERB [options]      ${summary}

${list}

Options and an example: operate ${name} VERB --help`;
}

export function helpOfVerb(
  { noun, verb, verbName }: { noun: Noun; verb: Verb; verbName: string },
  options: Options,
): string {
  const head = `${COMMAND} ${noun.name} ${verbName}`;
  const argument = verb.argument ? ` ${verb.argument.placeholder}` : '';
  const rows: [string, string][] = [];
  if (verb.argument) rows.push([verb.argument.placeholder, verb.argument.help]);
  for (const [name, option] of Object.entries(options)) rows.push(rowOf(name, option));
  return [
    `${head}${argument} [options]      ${verb.summary}`,
    ...(verb.explanation ? [verb.explanation] : []),
    listOf(rows),
    `Example\n${verb.examples.map((example) => `  ${COMMAND} ${noun.name} ${verbName} ${example}`).join('\n')}`,
    ...(verb.next ? [`What comes next\n  ${verb.next}`] : []),
  ].join('\n\n');
}

function rowOf(name: string, { placeholder, help, isRequired }: Option<unknown>): [string, string] {
  const value = placeholder === undefined ? '' : ` ${placeholder}`;
  return [`--${name}${value}`, `${help}${isRequired ? ' (needed)' : ''}`];
}

function listOf(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([term]) => widthOf(term)));
  return rows.map(([term, meaning]) => `  ${padded(term, width)}  ${meaning}`).join('\n');
}
