import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

async function simulate(...args: string[]) {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  return promisify(execFile)(process.execPath, ['--import', 'tsx', main, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      ...{ code, stdout, stderr },
    }),
  );
}

// A child process takes seconds on a busy machine.
describe('the simulate command', { timeout: 60_000 }, () => {
  it('ends with 1 and one line where its file is not there', async () => {
    expect(await simulate('--fleet', '/none.json')).toEqual({
      code: 1,
      stdout: '',
      stderr: '/none.json: there is no such file: check the path\n',
    });
  });

  it('written wrongly ends with 2 and says where the help is', async () => {
    const { code, stdout, stderr } = await simulate('--flet', 'x');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^.*--flet.*\nHelp: npm run -s simulate -- --help\n$/);
  });
});
