/** What a person asked to be told of the shown closing, and what can be asked for. Pure. */
import type { ReadyMailsWire } from '../../lib/readiness/ready-mail-wire.ts';

export type ReadyMailRequest = ReadyMailsWire['requests'][number];

export interface ReadyMailState {
  /** The request that the shown closing's day has: for each month, else for this closing. */
  asked: ReadyMailRequest | undefined;
  /** The mail of the shown closing. */
  sent: ReadyMailsWire['sent'][number] | undefined;
  /** What can be asked for. */
  offers: ('closing' | 'each-month')[];
  isReady: boolean;
}

export function readyMailState(
  { requests, sent }: Pick<ReadyMailsWire, 'requests' | 'sent'>,
  shown: { closingDay: number; closesOn: string; isReady: boolean },
): ReadyMailState {
  const { closingDay, closesOn, isReady } = shown;
  const ofDay = requests.filter((request) => request.closingDay === closingDay);
  const eachMonth = ofDay.find((request) => request.eachMonth);
  const once = ofDay.find((request) => !request.eachMonth && request.closesOn === closesOn);
  // One for each month may begin after the shown closing, for which there is one of its own then.
  const covers = eachMonth !== undefined && eachMonth.closesOn <= closesOn;
  const asked = once !== undefined && !covers ? once : eachMonth;
  const mail = sent.find((each) => each.closingDay === closingDay && each.closesOn === closesOn);
  const offers: ReadyMailState['offers'] = [];
  if (!isReady && !once && !covers) offers.push('closing');
  if (!eachMonth) offers.push('each-month');
  return { asked, sent: mail, offers, isReady };
}
