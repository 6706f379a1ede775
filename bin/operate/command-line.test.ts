import { describe, expect, test } from 'vitest';
import { ArgumentFault } from '../run-command.ts';
import { parseCommandLine } from './command-line.ts';
import { NOUNS } from './nouns.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');

const parsed = (...args: string[]) => parseCommandLine(args, NOUNS, NOW);

function run(...args: string[]) {
  const line = parsed(...args);
  if (line.kind === 'help') throw new Error('help instead of a verb');
  return line;
}

function help(...args: string[]): string {
  const line = parsed(...args);
  return line.kind === 'help' ? line.text : 'no help';
}

function faultOf(...args: string[]): { message: string; hint: string } {
  try {
    parsed(...args);
  } catch (error) {
    if (!(error instanceof ArgumentFault)) throw error;
    const [message = '', hint = ''] = error.message.split('\nHelp: npm run -s operate -- ');
    return { message, hint };
  }
  throw new Error('it was taken');
}

describe('a command line', () => {
  test('becomes a verb with its values', () => {
    const invocation = run(
      ...['area', 'create', '--code', 'kita', '--name', '北 地区', '--gas', 'lp'],
      ...['--min-pa', '2300', '--max-pa=3300', '--utility', 'minato', '--dry-run', '--json'],
    );
    expect(invocation).toMatchObject({ verbName: 'create', utilityCode: 'minato' });
    expect(invocation).toMatchObject({ isDryRun: true, isJson: true });
    expect(invocation.given).toEqual({
      ...{ code: 'kita', name: '北 地区', gas: 'lp', 'min-pa': 2300, 'max-pa': 3300 },
      argument: undefined,
    });
  });

  test('accepts a day as its JST beginning, and a minute', () => {
    const at = (text: string) => run('terminal', 'retire', '--number', '1', '--at', text).given.at;
    expect(at('2026-11-20')).toEqual(new Date('2026-11-20T00:00:00+09:00'));
    expect(at('2026-11-20T10:30')).toEqual(new Date('2026-11-20T10:30:00+09:00'));
  });

  test.each([
    ['no noun', [], 'give a noun: utility, account', '--help'],
    ['a noun mistyped', ['utilty', 'list'], 'did you mean utility?', '--help'],
    ['part of a noun', ['point', 'list'], 'did you mean supply-point?', '--help'],
    ['a noun like no other', ['xyzzyxyzzy'], 'there is: utility, account', '--help'],
    ['a name that every object has', ['utility', 'constructor'], 'no verb', 'utility --help'],
    ['no verb', ['area'], 'give a verb of area: create', 'area --help'],
    ['a verb mistyped', ['area', 'lits'], 'or list?', 'area --help'],
    [
      'an option mistyped',
      ['utility', 'create', '--cod', 'x'],
      'did you mean --code?',
      'utility create',
    ],
    [
      'an option of every object',
      ['utility', 'list', '--toString'],
      'no option --toString',
      'utility list',
    ],
    [
      'an option without its value',
      ['utility', 'create', '--code'],
      '--code needs a value: CODE',
      'utility',
    ],
    [
      'a flag with a value',
      ['utility', 'list', '--json=yes'],
      '--json takes no value',
      'utility list',
    ],
    [
      'an option twice',
      ['utility', 'create', '--code', 'aa', '--code', 'bb'],
      'is there twice',
      'utility',
    ],
    [
      'a value too many',
      ['utility', 'list', 'minato'],
      '"minato" belongs to no option',
      'utility list',
    ],
    ['no file', ['place', 'import'], 'FILE is missing', 'place import --help'],
    ['two files', ['place', 'import', 'a', 'b'], '"b" is one too many', 'place import --help'],
    [
      'no file for secrets',
      ['terminal', 'renew', '--number', '1'],
      '--credentials FILE is missing',
      'terminal renew',
    ],
    [
      'a password',
      ['account', 'create', '--password', 'x'],
      'no option --password',
      'account create',
    ],
    [
      'a dry run of a list',
      ['utility', 'list', '--dry-run'],
      'no option --dry-run',
      'utility list',
    ],
    [
      'no instant',
      ['meter', 'remove', '--at', 'noon'],
      '--at "noon": give an instant',
      'meter remove',
    ],
    ['no hour', ['meter', 'remove', '--at', '2026-11-20T24:00'], 'give an instant', 'meter remove'],
    [
      'no day',
      ['supply-point', 'close', '--on', '2026-02-29'],
      'give a calendar day',
      'supply-point',
    ],
    [
      'control characters',
      ['utility', 'create', '--name', 'a\u202eb'],
      'without control characters',
      'utility',
    ],
    [
      'a blank of no width in a name',
      ['account', 'create', '--name', 'a\u200bb'],
      'invisible characters',
      'account create',
    ],
    [
      'the same in the name of an area',
      ['area', 'create', '--name', 'a\u200bb'],
      'invisible characters',
      'area create',
    ],
    [
      'a right that no key has',
      ['key', 'issue', '--scope', 'meter.read,register.write'],
      'give one or more of collection.read',
      'key issue',
    ],
    [
      'no right between commas',
      ['key', 'issue', '--scope', ','],
      'give one or more of',
      'key issue',
    ],
    [
      'a key for more than two years',
      ['key', 'issue', '--days', '731'],
      '--days "731": give a whole number from 1 to 730',
      'key issue',
    ],
    ['a key without rights', ['key', 'issue'], '--scope SCOPES is missing', 'key issue'],
  ] as const)('%s is reported with the help to look at', (_, args, message, hint) => {
    const fault = faultOf(...args);
    expect(fault.message).toContain(message);
    expect(fault.hint).toContain(hint);
  });

  test('reports all faults at once', () => {
    const { message } = faultOf('area', 'create', '--code', 'kita', '--gas', 'wood');
    expect(message.split('\n')).toHaveLength(4);
    expect(message).toContain('--gas "wood": give city');
  });
});

describe('help', () => {
  test.each([['--help'], ['-h'], ['help']])(
    '%s lists all nouns and the first commands',
    (invocation) => {
      const text = help(invocation);
      for (const { name } of NOUNS) expect(text).toContain(`  ${name} `);
      expect(text).toContain('--from 2026-11-19 --credentials ~/minato/fleet.json');
    },
  );

  const VERBS = NOUNS.flatMap((noun) =>
    Object.entries(noun.verbs).map(([name, verb]) => ({ noun: noun.name, name, verb })),
  );

  test.each(VERBS)('$noun $name is described with its options and a valid example', (named) => {
    const { noun, name, verb } = named;
    expect(help(noun, '--help')).toContain(`  ${name}`);
    const ofVerb = help(noun, name, '--help');
    expect(help('help', noun, name)).toBe(ofVerb);
    expect(help(noun, 'help')).toBe(help(noun, '--help'));
    for (const option of Object.keys(verb.options)) expect(ofVerb).toContain(`--${option}`);
    for (const example of verb.examples) {
      const [command = ''] = example.split(/ [<>] /);
      const words = command.split(' ').filter((word) => word !== '');
      expect(() => run(noun, name, ...words)).not.toThrow();
    }
  });

  test('has only valid first commands', () => {
    const lines = [...help('--help').matchAll(/ o ([a-z].*?)(?: {3,}.*| > .*)?$/gm)];
    expect(lines.length).toBeGreaterThanOrEqual(9);
    for (const [, command = ''] of lines) {
      expect(() => run(...command.split(' ')), command).not.toThrow();
    }
  });
});
