/** What the demo says on its terminal. */
import type { StartedDemo } from './demo-started.ts';

const started = Date.now();
let lastShare = -1;

/** One line with the seconds since the start. */
export function say(text: string): void {
  console.log(`[${String(Math.round((Date.now() - started) / 1000)).padStart(3)} s] ${text}`);
}

/** A line whenever another tenth is done. */
export function progress(what: string, done: number, of: number): void {
  const share = of === 0 ? 10 : Math.floor((done / of) * 10);
  if (share === lastShare) return;
  lastShare = share;
  say(`${what}: ${done.toLocaleString('en')} of ${of.toLocaleString('en')}`);
}

export function greet({ url, healthUrl, utilityCode, staff, consumer }: StartedDemo): void {
  const accounts = staff.map(({ role, login, password }) => [
    `  ${role.padEnd(9)} ${url}/sign-in?utility=${utilityCode}`,
    `            login ${login}   password ${password}`,
  ]);
  console.log(
    [
      '',
      `Kenshin runs at ${url}`,
      '',
      ...accounts.flat(),
      `  consumer  ${url}/my/sign-in?utility=${utilityCode}`,
      `            お客様番号 ${consumer.customerNumber}   登録コード ${consumer.registrationCode}`,
      '',
      'Look at:',
      '  analyst   収集状況: yesterday as it arrives, a terminal every few minutes; 圧力: the band by area; one meter by the hour',
      '  billing   締め日検針: choose the closing day and month, look at the preview, download the file',
      '  consumer  this month by day against last month; touch a day for its hours',
      `  metrics   ${healthUrl}/metrics`,
      '',
      'Ctrl-C stops everything and keeps the data.',
    ].join('\n'),
  );
}
