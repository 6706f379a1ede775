/** Verbs for exchanges of a meter: register, list, undo, as by the API. */
import { z } from 'zod';
import { DomainError } from '../../lib/errors.ts';
import { exchangeMeter, undoExchange } from '../../lib/register/exchange-commands.ts';
import { getExchange, listMeterExchanges } from '../../lib/register/exchange-queries.ts';
import { getSupplyPoint } from '../../lib/register/register-queries.ts';
import { formatJst, isDay } from '../../lib/time.ts';
import { day, INSTANT_HELP, instant, optional, present, required, text, whole } from './option.ts';
import { counted } from './outcome-text.ts';
import { utilityVerb } from './verb.ts';

const MAX_L = 2_147_483_647;
const SUPPLY_POINT = required('NUMBER', 'the supply point', text);
const days = z
  .string()
  .transform((given) => given.split(',').map((each) => each.trim()))
  .refine((given) => given.every(isDay), 'give days as YYYY-MM-DD, with commas between');

const size = text.transform(Number).refine((value) => value > 0, 'give the size, such as 4 or 1.6');
const NEW_METER = {
  size: optional('M3H', 'size (号) of a new meter that is registered with the exchange', size),
  'dial-l': optional(
    'LITRES',
    'of such a meter: after how many litres its register begins again',
    whole(1_000, MAX_L),
  ),
  'verification-expires': optional('DAY', 'of such a meter: last day of its term (検定満期)', day),
};

interface NewMeterGiven {
  size: number | undefined;
  'dial-l': number | undefined;
  'verification-expires': string | undefined;
}

/** The new meter to register with the exchange; undefined when none of its options is given. */
function newMeterOf(given: NewMeterGiven) {
  const { size, 'dial-l': dialL, 'verification-expires': verificationExpiresOn } = given;
  if (size === undefined && dialL === undefined && verificationExpiresOn === undefined) return;
  if (size === undefined || dialL === undefined) {
    const message = 'a meter is registered with the exchange by --size and --dial-l together';
    throw new DomainError('invalid_input', message);
  }
  return { size, dialL, ...present({ verificationExpiresOn }) };
}

export const exchange = utilityVerb({
  summary: 'the fitted meter goes and another comes (取替)',
  explanation:
    'A new meter that is not registered yet is registered with it: give --size and --dial-l. Where a file was made of a closing at\nor after the exchange, its usage will differ from the register: the refusal names it, and --filed-closings confirms it.',
  options: {
    'supply-point': SUPPLY_POINT,
    'new-serial': required('DIGITS', 'the serial on its plate, 1 to 12 digits', text),
    at: optional('WHEN', `${INSTANT_HELP} (now)`, instant),
    'final-l': optional('LITRES', 'register when removed; without it, not noted', whole(0, MAX_L)),
    'start-l': optional('LITRES', 'register when fitted; without it, not noted', whole(0, MAX_L)),
    ...NEW_METER,
    'filed-closings': optional('DAY,…', 'closings of which a file was made, all of them', days),
  },
  examples: [
    '--utility minato --supply-point K-001 --new-serial 00123457 --final-l 4711000 --start-l 0 --at 2026-11-20T10:30',
    '--utility minato --supply-point K-001 --new-serial 00123458 --size 4 --dial-l 10000000 --filed-closings 2026-10-20',
  ],
  next: 'meter exchanges --supply-point …',
  async run({ tx, actor, now }, given) {
    const { 'supply-point': number, 'new-serial': newSerial, at: exchangedAt = now } = given;
    const { supplyPointId, meter } = await getSupplyPoint(tx, actor, number);
    const { exchangeId } = await exchangeMeter(tx, actor, {
      ...{ supplyPointId, exchangedAt, newSerial, now },
      ...present({ finalIndexL: given['final-l'], startIndexL: given['start-l'] }),
      ...present({ newMeter: newMeterOf(given), acknowledgedClosings: given['filed-closings'] }),
    });
    return {
      said: `meter ${meter?.serial} exchanged for ${newSerial} at ${number}, ${formatJst(exchangedAt)} (exchange ${exchangeId})`,
      data: {
        ...{ exchange: exchangeId, removed: meter?.serial, fitted: newSerial },
        ...{ supplyPoint: number, exchangedAt },
      },
    };
  },
});

export const exchanges = utilityVerb({
  summary: 'the exchanges of the meter that is fitted at a supply point, and what rests on each',
  options: { 'supply-point': SUPPLY_POINT },
  examples: ['--utility minato --supply-point K-001'],
  isReading: true,
  next: 'meter undo-exchange --exchange …',
  async run({ tx, actor }, { 'supply-point': number }) {
    const { meter } = await getSupplyPoint(tx, actor, number);
    const listed = meter ? await listMeterExchanges(tx, actor, meter) : [];
    const rows = await Promise.all(
      listed.map(({ exchangeId }) => getExchange(tx, actor, { exchangeId })),
    );
    return {
      said: counted(rows.length, 'exchange'),
      table: {
        headings: ['exchange', 'exchangedAt', 'removed', 'fitted', 'resting'],
        rows: rows.map(({ exchangeId, exchangedAt, removed, fitted, resting }) => ({
          ...{ exchange: exchangeId, exchangedAt },
          ...{ removed: removed.meterSerial, fitted: fitted.meterSerial },
          resting: resting.map(({ kind }) => kind).join(' '),
        })),
      },
    };
  },
});

const MAX_ID = 2_147_483_647;

export const undo = utilityVerb({
  summary: 'undoes an exchange on which nothing rests',
  options: {
    exchange: required('NUMBER', 'as "meter exchanges" lists it', whole(1, MAX_ID)),
  },
  examples: ['--utility minato --exchange 7'],
  async run({ tx, actor }, { exchange: exchangeId }) {
    const { removed, fitted, supplyPointNumber } = await getExchange(tx, actor, { exchangeId });
    const { keptMeter } = await undoExchange(tx, actor, { exchangeId });
    const kept = keptMeter ? 'stays registered' : 'is not registered any more';
    return {
      said: `meter ${removed.meterSerial} is fitted at ${supplyPointNumber} as before; meter ${fitted.meterSerial} ${kept}`,
      data: {
        ...{ exchange: exchangeId, supplyPoint: supplyPointNumber },
        ...{ fitted: removed.meterSerial, removed: fitted.meterSerial, keptMeter },
      },
    };
  },
});
