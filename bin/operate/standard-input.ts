import { DomainError } from '../../lib/errors.ts';

const MAX_LENGTH = 1_024;

/**
 * First line of a stream, without its end. Errors: invalid_input on a screen, without a line, or with one that is too
 * long.
 */
export async function readFirstLine(
  stream: NodeJS.ReadableStream & { isTTY?: boolean },
): Promise<string> {
  if (stream.isTTY) {
    throw new DomainError(
      'invalid_input',
      'the screen would show the password as it is typed: send it from a file or a program',
    );
  }
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes('\n') || text.length > MAX_LENGTH) break;
  }
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line !== '' && line.length <= MAX_LENGTH) return line;
  throw new DomainError(
    'invalid_input',
    'standard input holds no password: write it there as one line',
  );
}
