/** Hostile and mistaken request bodies for a route, made from its schema in the document. */

import { PlainName } from '../../../lib/plain-name.ts';

/** The part of a JSON schema that is used here. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  /** The schemas of which a body fits one. */
  oneOf?: Schema[];
}

/** Members of a body by name, nested ones as `newMeter.size`, each with its type. */
export function memberTypes(
  schemas: Record<string, Schema>,
  schema: Schema | undefined,
  prefix = '',
): Record<string, string> {
  const ref = schema?.$ref;
  const own = ref ? schemas[ref.slice(ref.lastIndexOf('/') + 1)] : schema;
  const properties = Object.assign({}, ...[own, ...(own?.oneOf ?? [])].map((of) => of?.properties));
  const members = Object.entries<Schema>(properties).flatMap(([name, member]) => [
    [`${prefix}${name}`, String(member.type)] as const,
    ...Object.entries(memberTypes(schemas, member, `${prefix}${name}.`)),
  ]);
  return Object.fromEntries(members);
}

const DEEP = 20_000;

/** Values that fit no member, as JSON text. */
const NEVER = [
  ...['null', 'true', '[]', '{}', '[1]', '""', '" "', '-1', '1.5e300', '-0.5', '1e400'],
  ...['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\u202e"', '"😀"', '"1\\n"', '"NaN"', '"-1"'],
  ...[
    '"0000-00-00"',
    '"0000-01-01"',
    '"9999-12-31"',
    '"0000-01-01T00:00:00Z"',
    '"9999-12-31T23:59:59Z"',
    '"+275760-09-13T00:00:00Z"',
  ],
  ...['"2026-02-30T00:00:00Z"', '"infinity"', '"\' or 1=1 --"', '"$1"', '"<script>"'],
  ...[`"${'x'.repeat(10_000)}"`, `${'9'.repeat(400)}`, '{"__proto__":{"a":1}}', '{"toString":1}'],
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
];

/** Numbers of the right type that are beyond what a database column or a dial can hold. */
const NUMBERS = [
  '2147483648',
  '9007199254740993',
  '9223372036854775808',
  '1e21',
  '0.1',
  '-2147483649',
];

/** Whole bodies that are not the schema's object, or have unknown members. */
function wholes(fitting: object): [string, string][] {
  const text = JSON.stringify(fitting);
  const [first] = Object.keys(fitting);
  return [
    ['nothing', ''],
    ['null', 'null'],
    ['a list', `[${text}]`],
    ['a text', JSON.stringify(text)],
    ['a number', '1'],
    ['half of it', text.slice(0, -1)],
    ['a NUL after it', `${text}\0`],
    ['a byte order mark and half of it', `\ufeff${text.slice(1)}`],
    ['deep lists', `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`],
    ['deep objects', `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`],
    ['a member more', `${text.slice(0, -1)},"more":1}`],
    ['a prototype of its own', `${text.slice(0, -1)},"__proto__":{"isAdmin":true}}`],
    ['a constructor', `${text.slice(0, -1)},"constructor":{"prototype":{"isAdmin":true}}}`],
    ['a member twice, the second one wrong', `${text.slice(0, -1)},"${first}":[]}`],
    ['many members', `{${Array.from({ length: 1_000 }, () => '"more":1').join()}}`],
  ];
}

/** Hostile bodies, each with its description. `fitting` is a valid body, `types` are the members of the schema. */
export function* hostileBodies(
  types: Readonly<Record<string, string>>,
  fitting: Record<string, unknown>,
): Generator<{ what: string; text: string }> {
  for (const [what, text] of wholes(fitting)) yield { what, text };
  for (const [member, type] of Object.entries(types)) {
    // Also of a number that may be null: a small one is valid.
    const isNumber = /^(integer|number)\b/.test(type);
    for (const value of isNumber ? [...NEVER, ...NUMBERS] : [...NEVER, '1', '20261120']) {
      if (fits(type, member, value)) continue;
      yield { what: `${member}: ${value.slice(0, 60)}`, text: withMember(fitting, member, value) };
    }
  }
}

/** True when the value may be valid for the member: a small number for a number, an empty list, a text for a name. */
function fits(type: string, member: string, value: string): boolean {
  return (FITTING[type] ?? []).includes(value) || (member === 'name' && isName(value));
}

const FITTING: Readonly<Record<string, readonly string[]>> = {
  ...{ number: ['0.1'], array: ['[]'], boolean: ['true'], 'string,null': ['null'] },
  // Of a record the member __proto__ is left out before it is looked at.
  object: ['{}', '{"__proto__":{"a":1}}'],
};

/** True for a text that a person may give as a name, however odd. */
function isName(value: string): boolean {
  const name: unknown = value.startsWith('"') ? JSON.parse(value) : undefined;
  return (
    typeof name === 'string' &&
    name.trim() !== '' &&
    name.length <= 40 &&
    !/\p{Cc}/u.test(name.trim())
  );
}

/** The body's text with one member replaced by JSON text. */
function withMember(fitting: Record<string, unknown>, member: string, value: string): string {
  const [name = '', inner] = member.split('.');
  if (inner === undefined) return textOf({ ...fitting, [name]: value }, name);
  const own = (fitting[name] ?? {}) as Record<string, unknown>;
  const object = textOf({ ...own, [inner]: value }, inner);
  return textOf({ ...fitting, [name]: object }, name);
}

function textOf(members: Record<string, unknown>, raw: string): string {
  const parts = Object.entries(members).map(([name, value]) => {
    const text = name === raw ? String(value) : JSON.stringify(value);
    return `${JSON.stringify(name)}:${text}`;
  });
  return `{${parts.join()}}`;
}

/** True for a text that a person may write: any that can be read in one line; a note may be empty. */
export function isPlainText(what: string): boolean {
  if (/^note: " *"$/.test(what)) return true;
  const [, text = ''] = /^(?:reason|basis|note): (".*")$/s.exec(what) ?? [];
  return text !== '' && text.length < 100 && PlainName.safeParse(JSON.parse(text)).success;
}

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

export const HOSTILE = [
  '',
  ' ',
  '0',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  'null',
  '[object Object]',
  '2147483647',
  '2147483648',
  '-2147483649',
  '99999999999',
  '9007199254740991',
  '9223372036854775808',
  '99999999999999999999999',
  '0000-00-00',
  '0000-01-01',
  '0001-01-01',
  '1999-12-31',
  '2000-01-01',
  '2026-02-29',
  '2199-12-31',
  '9999-12-31',
  '+275760-09-13',
  '2026-11-22T00:00:00Z',
  'infinity',
  '0000-01',
  '0001-01',
  '2000-01',
  '2026-00',
  '2026-13',
  '2199-12',
  '9999-12',
  '\0',
  'a\0b',
  '\u0001\u001f\u007f',
  '\ud800',
  '\u202e',
  '𠮷',
  '%',
  '_',
  '\\',
  "' or 1=1 --",
  '$1',
  '{}',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  'x'.repeat(10_000),
] as const;
