/**
 * Verbs that read the register, refusals and tests, each with the rows that it is about: see lib/testing/rows-read.ts.
 */
import { LARGE } from '../../db/testing/large-utility.ts';
import { getScope } from '../closing/closing-queries.ts';
import { listIndexFaults } from '../meters/index-fault-queries.ts';
import { findTerminalRefusals, listMeterRefusals } from '../readings/refusal-queries.ts';
import { REFUSALS_COUNTED } from '../readings/refusals.ts';
import {
  getArea,
  getSupplyPoint,
  listAreas,
  listRegisteredMeters,
  listSupplyPoints,
} from '../register/register-queries.ts';
import {
  listCustomerStays,
  listSupplyPointMeters,
  listSupplyPointTerminals,
} from '../register/stay-queries.ts';
import { areasByCode, findSupplyPointFaults } from '../register/supply-point-file-queries.ts';
import { listFittedTerminals } from '../terminals/fitted-terminal-queries.ts';
import { getTerminal, listTerminals } from '../terminals/terminal-queries.ts';
import { requestTerminalTest } from '../terminals/terminal-test-commands.ts';
import { getTerminalTest } from '../terminals/terminal-test-queries.ts';
import { days, HISTORY, type LargeScene, newEntry, PAGE, type RowsCase } from './rows-case.ts';

const { meters } = LARGE;
/** Rows of a list, and entries of a file. */
const MANY = 500;

const numberOf = (at: number): string => String(at + 1).padStart(10, '0');

const LIST_CASES: RowsCase[] = [
  {
    ...{ verb: 'register/register-queries:listAreas', about: meters },
    run: ({ actor }, tx) => listAreas(tx, actor),
  },
  {
    ...{ verb: 'register/register-queries:getArea', about: LARGE.smallArea },
    run: ({ actor }, tx) => getArea(tx, actor, 'A1'),
  },
  {
    ...{ verb: 'register/register-queries:listSupplyPoints', about: meters + PAGE.limit * HISTORY },
    run: ({ actor, utility }, tx) =>
      listSupplyPoints(tx, actor, {
        ...{ areaCode: undefined, today: utility.lastDay, limit: PAGE.limit },
      }),
  },
  {
    ...{ verb: 'register/register-queries:getSupplyPoint', about: 5 },
    run: ({ actor, home }, tx) => getSupplyPoint(tx, actor, home.serial),
  },
  {
    ...{ verb: 'register/register-queries:listRegisteredMeters', about: MANY },
    run: ({ actor }, tx) => listRegisteredMeters(tx, actor, { limit: MANY }),
  },
  {
    ...{ verb: 'terminals/terminal-queries:listTerminals', about: MANY },
    run: ({ actor }, tx) => listTerminals(tx, actor, { limit: MANY }),
  },
  {
    ...{ verb: 'terminals/fitted-terminal-queries:listFittedTerminals', about: 5 },
    run: ({ home }, tx) => listFittedTerminals(tx, home.supplyPointId),
  },
  {
    ...{ verb: 'terminals/terminal-queries:getTerminal', about: 5 },
    run: ({ actor, home }, tx) => getTerminal(tx, actor, home.terminalNumber),
  },
  {
    ...{ verb: 'terminals/terminal-test-queries:getTerminalTest', about: 10 },
    run: async ({ actor, home, now }, tx) => {
      const requested = await requestTerminalTest(tx, actor, { number: home.terminalNumber, now });
      return getTerminalTest(tx, actor, requested.testId);
    },
  },
  {
    ...{ verb: 'closing/closing-queries:getScope', about: 1 },
    run: ({ actor }, tx) => getScope(tx, actor),
  },
];

const SUPPLY_POINT_CASES: RowsCase[] = [
  {
    ...{ verb: 'register/stay-queries:listCustomerStays', about: 5 },
    run: ({ actor, home }, tx) => listCustomerStays(tx, actor, home),
  },
  {
    ...{ verb: 'register/stay-queries:listSupplyPointMeters', about: 5 },
    run: ({ actor, home }, tx) => listSupplyPointMeters(tx, actor, home),
  },
  {
    ...{ verb: 'register/stay-queries:listSupplyPointTerminals', about: 5 },
    run: ({ actor, home }, tx) => listSupplyPointTerminals(tx, actor, home),
  },
  {
    ...{ verb: 'register/supply-point-file-queries:areasByCode', about: 2 },
    run: ({ actor }, tx) => areasByCode(tx, actor),
  },
  {
    ...{
      verb: 'register/supply-point-file-queries:findSupplyPointFaults',
      asks: 'of a new supply point',
      about: 5,
    },
    run: ({ actor }, tx) =>
      findSupplyPointFaults(tx, actor, { entries: [newEntry(0)], fromOn: '2026-02-01' }),
  },
  {
    ...{
      verb: 'register/supply-point-file-queries:findSupplyPointFaults',
      asks: 'of known supply points',
      about: 4 * MANY,
    },
    run: ({ actor }, tx) => {
      const entries = Array.from({ length: MANY }, (_, at) => {
        const number = numberOf(at);
        const known = { supplyPoint: number, customer: number, meterSerial: number };
        return { ...newEntry(at), ...known, terminal: number };
      });
      return findSupplyPointFaults(tx, actor, { entries, fromOn: '2026-02-01' });
    },
  },
];

const REFUSAL_CASES: RowsCase[] = [
  {
    ...{ verb: 'readings/refusal-queries:findTerminalRefusals', asks: 'of a terminal', about: 10 },
    run: (scene, tx) => refusals(scene, tx, [scene.home.terminalNumber]),
  },
  {
    ...{ verb: 'readings/refusal-queries:findTerminalRefusals', asks: 'of a page of terminals' },
    about: PAGE.limit * 10,
    run: (scene, tx) =>
      refusals(
        scene,
        tx,
        Array.from({ length: PAGE.limit }, (_, at) => numberOf(at)),
      ),
  },
  {
    ...{ verb: 'readings/refusal-queries:findTerminalRefusals', asks: 'of one that always fails' },
    about: REFUSALS_COUNTED,
    run: (scene, tx) => refusals(scene, tx, [numberOf(meters - 1)]),
  },
  {
    ...{ verb: 'readings/refusal-queries:listMeterRefusals', about: 10 },
    run: ({ actor, home, now }, tx) =>
      listMeterRefusals(tx, actor, { meterId: home.meterId, now, ...PAGE }),
  },
  {
    ...{ verb: 'readings/refusal-queries:listMeterRefusals', asks: 'of one that always fails' },
    about: REFUSALS_COUNTED,
    run: async ({ actor, utility, now }, tx) => {
      const { meterId } = await utility.home(meters);
      return listMeterRefusals(tx, actor, { meterId, now, ...PAGE });
    },
  },
  {
    ...{ verb: 'meters/index-fault-queries:listIndexFaults', asks: 'of a month', about: 31 },
    run: (scene, tx) =>
      listIndexFaults(tx, [scene.home.meterId], { ...days(scene, 31), unhealed: false }),
  },
  {
    ...{ verb: 'meters/index-fault-queries:listIndexFaults', asks: 'unhealed', about: 31 },
    run: (scene, tx) =>
      listIndexFaults(tx, [scene.home.meterId], { ...days(scene, 31), unhealed: true }),
  },
];

function refusals(
  { now, utility }: LargeScene,
  tx: Parameters<RowsCase['run']>[1],
  numbers: string[],
) {
  return findTerminalRefusals(tx, numbers, { day: utility.lastDay, now });
}

export const REGISTER_READ_CASES: readonly RowsCase[] = [
  ...LIST_CASES,
  ...SUPPLY_POINT_CASES,
  ...REFUSAL_CASES,
];
