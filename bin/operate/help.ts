/** The pages of help. They have to be enough for a new operator: what a thing is, an example, and what comes next. */
import { addDays, dayOf } from '../../lib/time.ts';
import type { Option, Options } from './option.ts';
import { padded } from './print.ts';
import type { Noun, Verb } from './verb.ts';

export const COMMAND = 'npm run -s operate --';

const walk = (
  weekAgo: string,
) => `From nothing to a utility whose days arrive. \`o\` stands for \`${COMMAND}\`:

   1  npm run demo                                            in another terminal: the sidecar, the pages, a database.
                                                              In production they run already: set DATABASE_URL and
                                                              KENSHIN_KEK_DIRECTORY as docs/operations.md says
   2  o utility create --code minato --name 港ガス株式会社
   3  o account create --utility minato --login kanri --role admin --name 管理者 --password-file kanri.txt
      o account create --utility minato --login kyokyu --role analyst --name 供給管理係 --password-file kyokyu.txt
      o account create --utility minato --login kenshin --role billing --name 検針係 --password-file kenshin.txt
   4  o area create --utility minato --code kita --name 北地区 --gas city --min-pa 1000 --max-pa 2500
   5  o place template --utility minato --area kita --rows 10 > places.csv       then edit it
   6  o place import places.csv --utility minato --from ${weekAgo} --credentials fleet.json
   7  npm run -s simulate -- --fleet fleet.json               plays these terminals; real ones get fleet.json's values
   8  o supply-point list --utility minato                    the column "last day" fills; so do the pages
   9  o code issue --utility minato --customer 000001 --code-file code.txt       lets a household in`;

/** `now` makes the walk one that can be followed as it stands. */
export function helpOfAll(nouns: readonly Noun[], now: Date): string {
  return `${COMMAND} NOUN VERB [options]      runs the cloud without SQL: utilities, accounts, places, terminals

${listOf(nouns.map(({ name, summary }) => [name, summary]))}

Help at each level: operate --help, operate NOUN --help, operate NOUN VERB --help.
Every verb takes --json, and every one that changes something --dry-run. Every act is in the audit, without secrets.
Exit codes: 0 done, 1 refused with the reason, 2 the command was written wrongly.

${walk(addDays(dayOf(now), -7))}

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
  const width = Math.max(...rows.map(([term]) => term.length));
  return rows.map(([term, meaning]) => `  ${padded(term, width)}  ${meaning}`).join('\n');
}
