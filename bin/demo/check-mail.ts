/**
 * Check of the demo's mails: sends a test mail with the operator's command and finds it in the folder of the mail
 * server.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { DEMO_UTILITY } from '../utility.ts';
import { listCaught } from './mail-catcher.ts';
import { ROOT } from './product-processes.ts';

const Sent = z.object({ state: z.literal('sent'), messageId: z.string() });

/** Sends the test mail and returns a line for the report. @throws Error with the reason when no mail arrived */
export async function sendTestMail(options: {
  adminUrl: string;
  login: string;
  folder: string;
}): Promise<string> {
  const { adminUrl, login, folder } = options;
  const verb = ['account', 'test-mail', '--utility', DEMO_UTILITY.code, '--login', login];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'bin/operate.ts', ...verb, '--json'],
    { cwd: ROOT, env: { ...process.env, DATABASE_URL: adminUrl } },
  ).catch((fault: { stdout?: string; message: string }) => {
    throw new Error(fault.stdout || fault.message);
  });
  const { messageId } = Sent.parse(JSON.parse(stdout));
  const mail = listCaught(folder).find((each) => each.messageId === messageId);
  if (!mail) throw new Error(`the mail ${messageId} is not in ${folder}`);
  return `"${mail.subject}" to ${mail.to}`;
}
