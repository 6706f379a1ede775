/** Verbs for estimation: how the utility estimates, volume factors, absence and disaster, as by the API. */
import { z } from 'zod';
import {
  recordCircumstance,
  setEstimation,
  setVolumeFactor,
  withdrawCircumstance,
} from '../../lib/estimation/estimation-commands.ts';
import { CIRCUMSTANCE_KINDS } from '../../lib/estimation/estimation-inputs.ts';
import { getEstimation, getPlaceEstimation } from '../../lib/estimation/estimation-queries.ts';
import { MISSED_READING_RULES } from '../../lib/estimation/estimation-scope.ts';
import { pressureFactor } from '../../lib/estimation/volume-factor.ts';
import { day, optional, present, required, text, whole } from './option.ts';
import { counted } from './outcome-text.ts';
import { type Noun, utilityVerb } from './verb.ts';

const SUPPLY_POINT = required('NUMBER', 'the supply point', text);
const MAX_ID = 2_147_483_647;

const show = utilityVerb({
  summary: 'how closings without a reading are billed; with --supply-point, what is known of it',
  options: { 'supply-point': optional('NUMBER', 'its circumstances and volume factors', text) },
  examples: ['--utility minato', '--utility minato --supply-point K-001'],
  isReading: true,
  async run({ tx, actor }, { 'supply-point': supplyPoint }) {
    if (supplyPoint === undefined) {
      const setting = await getEstimation(tx, actor);
      const { missedReading, interpolateMaxHours } = setting;
      const hours = interpolateMaxHours === null ? 'never' : `up to ${interpolateMaxHours} hours`;
      return {
        said: `missed reading: ${missedReading}; interpolation: ${hours}`,
        data: { ...setting },
      };
    }
    const { circumstances, factors } = await getPlaceEstimation(tx, actor, { supplyPoint });
    const rows = [
      ...circumstances.map(({ circumstanceId: id, kind, fromOn, toOn, reason }) => ({
        ...{ id, kind, fromOn, toOn, reason },
      })),
      ...factors.map(({ fromOn, factor, basis }) => ({
        ...{ id: null, kind: `factor ${factor}`, fromOn, toOn: null, reason: basis },
      })),
    ];
    return {
      said: counted(rows.length, 'record', 'records'),
      table: { headings: ['id', 'kind', 'fromOn', 'toOn', 'reason'], rows },
    };
  },
});

const set = utilityVerb({
  summary: 'set how closings without a reading are billed, from the next one that is made',
  explanation: `none: a closing without a reading has no usage and is to be checked. last-usage: the usage of the last period; the
next reading settles it. last-usage-by-days: the same in proportion to the days. docs/estimation.md has the rules and
their source. The former setting stays in the audit.`,
  options: {
    'missed-reading': required(
      'RULE',
      MISSED_READING_RULES.join(', '),
      z.enum(MISSED_READING_RULES, `give ${MISSED_READING_RULES.join(', ')}`),
    ),
    'interpolate-max-hours': optional(
      'HOURS',
      'interpolate a missing closing hour between registers at most so far apart; without it, never',
      whole(2, 72),
    ),
  },
  examples: ['--utility minato --missed-reading last-usage --interpolate-max-hours 4'],
  async run({ tx, actor }, given) {
    const { 'missed-reading': missedReading, 'interpolate-max-hours': hours } = given;
    const input = { missedReading, ...present({ interpolateMaxHours: hours }) };
    await setEstimation(tx, actor, input);
    return { said: `missed reading: ${missedReading}`, data: { ...input } };
  },
});

const factor = utilityVerb({
  summary: 'set the volume factor (圧力換算係数) of a supply point',
  explanation: `It multiplies the billed m³ of the periods that begin on the day or later; 1 ends it. Give the factor of the contract, or
the pressure above atmosphere, from which it is reckoned with four decimals.`,
  options: {
    'supply-point': SUPPLY_POINT,
    from: required('DAY', 'later than every issued closing of the place', day),
    factor: optional('DECIMAL', 'as 1.0197', text),
    kpa: optional('DECIMAL', 'pressure in kPa, in place of the factor', text),
    basis: required('TEXT', 'from where it is', text),
  },
  examples: [
    '--utility minato --supply-point K-001 --from 2026-11-21 --factor 1.0197 --basis 契約別表',
    '--utility minato --supply-point K-001 --from 2026-11-21 --kpa 2.9 --basis 供給圧力2.9kPa',
  ],
  async run({ tx, actor }, given) {
    const { 'supply-point': supplyPoint, from: fromOn, basis, kpa } = given;
    const value = given.factor ?? (kpa === undefined ? '' : pressureFactor(kpa));
    await setVolumeFactor(tx, actor, { supplyPoint, fromOn, factor: value, basis });
    return {
      said: `${supplyPoint}: factor ${value} for periods that begin on ${fromOn} or later`,
      data: { supplyPoint, fromOn, factor: value, basis },
    };
  },
});

const circumstance = utilityVerb({
  summary: 'record days of absence (不在) or disaster (災害) of a supply point',
  options: {
    'supply-point': SUPPLY_POINT,
    kind: required(
      'KIND',
      'absence or disaster',
      z.enum(CIRCUMSTANCE_KINDS, 'give absence or disaster'),
    ),
    from: required('DAY', 'first day', day),
    to: optional('DAY', 'last day; without it, until further notice', day),
    reason: required('TEXT', 'how it is known, in one line', text),
  },
  examples: [
    '--utility minato --supply-point K-001 --kind absence --from 2026-10-21 --to 2026-12-20 --reason 長期不在の届出',
  ],
  next: 'estimation show --supply-point …',
  async run({ tx, actor }, given) {
    const { 'supply-point': supplyPoint, kind, from: fromOn, to: toOn, reason } = given;
    const input = { supplyPoint, kind, fromOn, reason, ...present({ toOn }) };
    const { circumstanceId } = await recordCircumstance(tx, actor, input);
    return {
      said: `${kind} of ${supplyPoint} recorded (${circumstanceId})`,
      data: { circumstance: circumstanceId, ...input },
    };
  },
});

const withdraw = utilityVerb({
  summary: 'withdraw recorded days of absence or disaster',
  options: { circumstance: required('ID', 'as estimation show has it', whole(1, MAX_ID)) },
  examples: ['--utility minato --circumstance 3'],
  async run({ tx, actor }, { circumstance: circumstanceId }) {
    await withdrawCircumstance(tx, actor, { circumstanceId });
    return { said: `withdrawn (${circumstanceId})`, data: { circumstance: circumstanceId } };
  },
});

export const ESTIMATION: Noun = {
  name: 'estimation',
  summary: '推定: how closings without a reading are billed',
  verbs: { show, set, factor, circumstance, withdraw },
};
