/** Terminal output of the demo. */
import { printable } from '../../lib/printable.ts';
import { alignedLines } from '../text-columns.ts';
import type { CaughtMail } from './caught-mail.ts';
import type { StartedDemo } from './started-demo.ts';

const startedMs = performance.now();
let lastShare = -1;

/** Prints one line with the seconds since the start. */
export function say(text: string): void {
  console.log(
    `[${String(Math.round((performance.now() - startedMs) / 1000)).padStart(3)} s] ${text}`,
  );
}

/** The line of a mail that the demo sent. */
export function caughtLine({ subject, to }: CaughtMail, file: string): string {
  return printable(`mail to ${to}: ${subject} (${file})`);
}

/** Prints a line for each further tenth that is done. */
export function progress(what: string, done: number, of: number): void {
  const share = of === 0 ? 10 : Math.floor((done / of) * 10);
  if (share === lastShare) return;
  lastShare = share;
  say(`${what}: ${done.toLocaleString('en')} of ${of.toLocaleString('en')}`);
}

/** Prints addresses, accounts, and the cases to look at. */
export function greet(demo: StartedDemo): void {
  const { url, healthUrl, utilityCode, staff, households, cases, apiKey, mailFolder } = demo;
  const accounts = [
    ['role', 'login', 'password'],
    ...staff.map(({ role, login, password }) => [role, login, password]),
  ];
  const consumers = [
    ['お客様番号', '登録コード', ''],
    ...households.map(({ customerNumber, registrationCode, shows }) => [
      customerNumber,
      registrationCode,
      shows,
    ]),
  ];
  const staged = [
    ['お客様番号', '無線機ID', '', ''],
    ...cases.map(({ customerNumber, terminalNumber, what, path }) => [
      customerNumber,
      terminalNumber,
      what,
      `${url}${path}`,
    ]),
  ];
  const lines = [
    '',
    `Kenshin runs at ${url}`,
    '',
    `Staff: ${url}/sign-in?utility=${utilityCode}`,
    ...table(accounts),
    '  admin     everything below',
    '  analyst   収集状況: yesterday as it arrives, a terminal every few minutes; 圧力: the band by area; one meter by the hour',
    '  billing   締め日検針: choose the closing day and month, see what is not due yet, open a row, download the file',
    '',
    `Households: ${url}/my/sign-in?utility=${utilityCode}`,
    ...table(consumers),
    '',
    'Staged, as the analyst sees it:',
    ...table(staged),
    '',
    `Programs, with a key for the collection: curl -H 'Authorization: Bearer ${apiKey}' ${url}/api/v1/collection`,
    `Mails to the staff: ${mailFolder}; one more: npm run -s operate -- account test-mail --login analyst`,
    `Metrics: ${healthUrl}/metrics`,
    'Ctrl-C stops everything and keeps the data.',
  ];
  console.log(lines.join('\n'));
}

function table(rows: readonly (readonly string[])[]): string[] {
  return alignedLines(rows, 3).map((line) => `  ${line}`.trimEnd());
}
