import { fitMeter, registerMeter, removeMeter } from '../../lib/register/meter-commands.ts';
import { getSupplyPoint, listRegisteredMeters } from '../../lib/register/register-queries.ts';
import { formatJst } from '../../lib/time.ts';
import { LIMIT, listed } from './limited-list.ts';
import { exchange, exchanges, undo } from './meter-exchange-verbs.ts';
import {
  day,
  gasKind,
  INSTANT_HELP,
  instant,
  optional,
  present,
  required,
  text,
  whole,
} from './option.ts';
import { type Noun, utilityVerb } from './verb.ts';

const MAX_L = 2_147_483_647;
const SERIAL = required('DIGITS', 'the serial on its plate, 1 to 12 digits', text);
const SUPPLY_POINT = required('NUMBER', 'the supply point', text);
const AT = optional('WHEN', `${INSTANT_HELP} (now)`, instant);
const START = optional('LITRES', 'register when fitted; without it, not noted', whole(0, MAX_L));
const FINAL = optional('LITRES', 'register when removed; without it, not noted', whole(0, MAX_L));
const size = text.transform(Number).refine((value) => value > 0, 'give the size, such as 4 or 1.6');

const register = utilityVerb({
  summary: 'a meter as it was delivered',
  options: {
    serial: SERIAL,
    gas: required('city|lp', 'for which gas', gasKind),
    size: required('M3H', 'size (号), such as 4 or 1.6', size),
    'dial-l': required(
      'LITRES',
      'after how many litres the register begins again: 10000000 for 9,999.999 m³',
      whole(1_000, MAX_L),
    ),
    'verification-expires': optional('DAY', 'last day of the verification term (検定満期)', day),
  },
  examples: ['--utility minato --serial 00123456 --gas city --size 4 --dial-l 10000000'],
  next: 'meter fit',
  async run({ tx, actor }, given) {
    const { serial, gas, 'dial-l': dialL, 'verification-expires': verificationExpiresOn } = given;
    await registerMeter(tx, actor, {
      ...{ serial, gasKind: gas, size: given.size, dialL },
      ...(verificationExpiresOn ? { verificationExpiresOn } : {}),
    });
    return {
      said: `meter ${serial} registered`,
      data: { serial, gasKind: gas, size: given.size, dialL },
      next: `meter fit --serial ${serial} --supply-point NUMBER --start-l LITRES`,
    };
  },
});

const fit = utilityVerb({
  summary: 'a registered meter comes to a supply point that has none',
  options: { serial: SERIAL, 'supply-point': SUPPLY_POINT, at: AT, 'start-l': START },
  examples: ['--utility minato --serial 00123456 --supply-point K-001 --at 2026-11-01 --start-l 0'],
  next: 'terminal register --supply-point …',
  async run({ tx, actor, now }, given) {
    const { serial, 'supply-point': number, at: fittedAt = now, 'start-l': startIndexL } = given;
    const { supplyPointId } = await getSupplyPoint(tx, actor, number);
    await fitMeter(tx, actor, {
      serial,
      supplyPointId,
      fittedAt,
      now,
      ...present({ startIndexL }),
    });
    return {
      said: `meter ${serial} fitted at ${number}, ${formatJst(fittedAt)}`,
      data: { serial, supplyPoint: number, fittedAt },
    };
  },
});

const remove = utilityVerb({
  summary: 'the fitted meter goes and none comes',
  options: { 'supply-point': SUPPLY_POINT, at: AT, 'final-l': FINAL },
  examples: ['--utility minato --supply-point K-001 --final-l 4711000 --at 2026-11-20T10:30'],
  async run({ tx, actor, now }, given) {
    const { 'supply-point': number, at: removedAt = now, 'final-l': finalIndexL } = given;
    const { supplyPointId, meter } = await getSupplyPoint(tx, actor, number);
    await removeMeter(tx, actor, { supplyPointId, removedAt, now, ...present({ finalIndexL }) });
    return {
      said: `meter ${meter?.serial} removed from ${number}, ${formatJst(removedAt)}`,
      data: { serial: meter?.serial, supplyPoint: number, removedAt },
    };
  },
});

const list = utilityVerb({
  summary: 'registered meters and where they are',
  options: { limit: LIMIT },
  examples: ['--utility minato'],
  isReading: true,
  run: ({ tx, actor }, { limit }) =>
    listed({
      of: 'meter',
      limit,
      headings: ['serial', 'gasKind', 'size', 'dialL', 'supplyPoint', 'fittedAt'],
      read: (most) => listRegisteredMeters(tx, actor, { limit: most }),
    }),
});

export const METER: Noun = {
  name: 'meter',
  summary: 'メーター: registered, fitted, exchanged, removed',
  verbs: { register, fit, exchange, exchanges, 'undo-exchange': undo, remove, list },
};
