/**
 * A text mail that the demo's mail server received, for people and tests: headers unfolded and decoded, the body as
 * text.
 */

export interface CaughtMail {
  /** Headers by name in lower case; of a repeated header the first. */
  headers: ReadonlyMap<string, string>;
  messageId: string;
  from: string;
  to: string;
  subject: string;
  /** Body with `\n` between lines. */
  text: string;
}

/** Reads a text mail with one part in UTF-8 or ASCII; attachments and other character sets are not supported. */
export function readMail(raw: string): CaughtMail {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const [, name = '', value = ''] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
    if (!headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), decodeWords(value));
  }
  const body = rest.join('\r\n\r\n');
  const encoding = headers.get('content-transfer-encoding') ?? '7bit';
  const text = (BODIES[encoding.toLowerCase()] ?? asItIs)(body).replaceAll('\r\n', '\n');
  const header = (name: string) => headers.get(name) ?? '';
  return {
    headers,
    messageId: header('message-id'),
    from: header('from'),
    to: header('to'),
    subject: header('subject'),
    text,
  };
}

const asItIs = (body: string): string => body;
const BODIES: Readonly<Record<string, (body: string) => string>> = {
  base64: (body) => Buffer.from(body, 'base64').toString(),
  'quoted-printable': (body) => decodeQuoted(body.replace(/=\r\n/g, '')),
};

/** Decodes the encoded words of a header (RFC 2047); blanks between two encoded words are dropped. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_word, kind: string, coded: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(coded, 'base64').toString()
        : decodeQuoted(coded.replaceAll('_', ' ')),
    );
}

function decodeQuoted(coded: string): string {
  const bytes = coded.replace(/=([0-9A-F]{2})/gi, (_hex, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
