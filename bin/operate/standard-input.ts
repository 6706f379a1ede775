import { DomainError } from '../../lib/errors.ts';

const MAX_LENGTH = 1_024;

/** The first line of a stream, without its end. Errors: invalid_input when there is none, or it is too long. */
export async function readFirstLine(stream: NodeJS.ReadableStream): Promise<string> {
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
