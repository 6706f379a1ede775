import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MODULE = new URL('./run-command.ts', import.meta.url).pathname;

test('the message of an error cannot control the terminal, whatever text it quotes', async () => {
  const script = `
    const { runCommand } = await import(${JSON.stringify(MODULE)});
    await runCommand({ main: async () => { throw new Error('refused:\\n  "\\u001b[2J\\u202e"') } });`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const ended = promisify(execFile)(process.execPath, args);
  await expect(ended).rejects.toMatchObject({
    code: 1,
    stderr: 'refused:\n  "\\u001b[2J\\u202e"\n',
  });
});
