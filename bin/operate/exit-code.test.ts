import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../demo/product-processes.ts';

const AWAY = 'postgres://nobody@127.0.0.1:1/none';

async function operate(...args: string[]) {
  const env = { ...process.env, DATABASE_URL: AWAY };
  const run = promisify(execFile);
  return run(process.execPath, ['--import', 'tsx', 'bin/operate.ts', ...args], {
    ...{ cwd: ROOT, env },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      ...{ code, stdout, stderr },
    }),
  );
}

// A child process takes seconds on a busy machine.
describe('the command', { timeout: 60_000 }, () => {
  test('with wrong arguments exits with 2 and says what was meant, for a program as an object', async () => {
    const said = expect.stringContaining('there is no option --cod: did you mean --code?');
    const args = ['utility', 'create', '--cod', 'x'];
    expect(await operate(...args)).toEqual({ code: 2, stdout: '', stderr: said });
    const { code, stdout } = await operate(...args, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      error: { code: 'invalid_input', message: said, details: {} },
    });
  });

  test('with an unreachable database exits with 1, without a stack', async () => {
    const { code, stderr } = await operate('utility', 'list');
    expect(code).toBe(1);
    expect(stderr).toContain('127.0.0.1:1: nothing answers there (ECONNREFUSED)');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
