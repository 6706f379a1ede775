/** Verbs that write, each with the rows that it is about: see lib/testing/rows-read.ts. */
import { LARGE } from '../../db/testing/large-utility.ts';
import { forgetTries } from '../accounts/sign-in-try-commands.ts';
import { exportClosing, recordClosingPage, recordClosingRow } from '../closing/closing-commands.ts';
import { latestClosing } from '../closing/closing-day.ts';
import { parseKek } from '../keys/kek.ts';
import { closeSupplyPoint, setAreaLimits } from '../register/amend-commands.ts';
import { beginEarlier } from '../register/begin-earlier-commands.ts';
import { fitMeter, registerMeter, removeMeter } from '../register/meter-commands.ts';
import {
  moveIn,
  moveOut,
  registerArea,
  registerSupplyPoint,
} from '../register/supply-point-commands.ts';
import { registerSupplyPoints } from '../register/supply-point-file-commands.ts';
import { callTerminal } from '../terminals/owner-commands.ts';
import { moveTerminal, removeTerminal, retireTerminal } from '../terminals/removal-commands.ts';
import {
  fitTerminal,
  getTerminalInService,
  registerTerminal,
  registerTerminals,
  reissueTerminal,
  type TerminalRegistration,
} from '../terminals/terminal-commands.ts';
import { requestTerminalTest } from '../terminals/terminal-test-commands.ts';
import { newEntry, type RowsCase } from './rows-case.ts';

/** Supply points and terminals registered at once. */
const NEW = 100;
const KEK = parseKek('a5'.repeat(32), 'a test');

const REGISTER_CASES: RowsCase[] = [
  {
    ...{ verb: 'register/supply-point-commands:registerArea', about: 5 },
    run: ({ actor }, tx) =>
      registerArea(tx, actor, {
        code: 'A9',
        name: 'new',
        gasKind: 'city',
        pressureMinPa: 1,
        pressureMaxPa: 2,
      }),
  },
  {
    ...{ verb: 'register/supply-point-commands:registerSupplyPoint', about: 5 },
    run: ({ actor, home }, tx) =>
      registerSupplyPoint(tx, actor, {
        number: 'N1',
        areaId: home.areaId,
        closingDay: 5,
        openedOn: '2026-02-01',
      }),
  },
  {
    ...{ verb: 'register/supply-point-commands:moveOut', about: 10 },
    run: ({ actor, home }, tx) => moveOut(tx, actor, { ...home, toOn: '2026-02-01' }),
  },
  {
    ...{ verb: 'register/supply-point-commands:moveIn', asks: 'after a move out', about: 15 },
    run: async ({ actor, home }, tx) => {
      await moveOut(tx, actor, { ...home, toOn: '2026-02-01' });
      return moveIn(tx, actor, { ...home, customerNumber: 'N1', fromOn: '2026-02-01' });
    },
  },
  {
    verb: 'register/meter-commands:registerMeter',
    about: 5,
    run: ({ actor }, tx) => registerMeter(tx, actor, NEW_METER),
  },
  {
    ...{ verb: 'register/meter-commands:fitMeter', about: 20 },
    run: async ({ actor, home, now }, tx) => {
      const supplyPointId = await registerSupplyPoint(tx, actor, {
        ...{ number: 'N1', areaId: home.areaId, closingDay: 5, openedOn: '2026-02-01' },
      });
      await registerMeter(tx, actor, NEW_METER);
      return fitMeter(tx, actor, { now, serial: NEW_METER.serial, supplyPointId, fittedAt: now });
    },
  },
  {
    ...{ verb: 'register/begin-earlier-commands:beginEarlier', about: 20 },
    run: ({ actor, home }, tx) => beginEarlier(tx, actor, { ...home, fromOn: '2019-06-01' }),
  },
  {
    ...{ verb: 'terminals/terminal-commands:registerTerminal', about: 10 },
    run: ({ actor }, tx) => registerTerminal(tx, actor, NEW_TERMINAL),
  },
  {
    ...{ verb: 'terminals/terminal-commands:reissueTerminal', about: 10 },
    run: ({ actor, home, now }, tx) =>
      reissueTerminal(tx, actor, { number: home.terminalNumber, kek: KEK, now }),
  },
  {
    ...{ verb: 'terminals/terminal-commands:fitTerminal', about: 20 },
    run: async ({ actor, home, now }, tx) => {
      const supplyPointId = await registerSupplyPoint(tx, actor, {
        ...{ number: 'N1', areaId: home.areaId, closingDay: 5, openedOn: '2026-02-01' },
      });
      await registerTerminal(tx, actor, NEW_TERMINAL);
      return fitTerminal(tx, actor, {
        now,
        number: NEW_TERMINAL.number,
        supplyPointId,
        fromAt: now,
      });
    },
  },
  {
    ...{ verb: 'accounts/sign-in-try-commands:forgetTries', about: 1 },
    run: ({ utilityId, home }, tx) =>
      forgetTries(tx, { kind: 'consumer', utilityId, name: home.customerNumber }),
  },
];

const AMEND_CASES: RowsCase[] = [
  {
    ...{ verb: 'register/amend-commands:setAreaLimits', about: 5 },
    run: ({ actor }, tx) =>
      setAreaLimits(tx, actor, { code: 'A1', pressureMinPa: 1, pressureMaxPa: 2 }),
  },
  {
    ...{ verb: 'register/amend-commands:closeSupplyPoint', asks: 'after a move out', about: 20 },
    run: async ({ actor, home }, tx) => {
      await moveOut(tx, actor, { ...home, toOn: '2026-02-01' });
      return closeSupplyPoint(tx, actor, { number: home.serial, closedOn: '2026-02-02' });
    },
  },
  {
    ...{ verb: 'register/meter-commands:removeMeter', about: 10 },
    run: ({ actor, home: { supplyPointId }, now }, tx) =>
      removeMeter(tx, actor, { supplyPointId, removedAt: now, now }),
  },
  {
    ...{ verb: 'terminals/removal-commands:removeTerminal', about: 10 },
    run: ({ actor, home, now }, tx) =>
      removeTerminal(tx, actor, { number: home.terminalNumber, removedAt: now, now }),
  },
  {
    ...{ verb: 'terminals/removal-commands:moveTerminal', about: 30 },
    run: async ({ actor, home, now }, tx) => {
      const supplyPointId = await registerSupplyPoint(tx, actor, {
        ...{ number: 'N1', areaId: home.areaId, closingDay: 5, openedOn: '2026-02-01' },
      });
      const move = { supplyPointId, movedAt: now, now };
      await moveTerminal(tx, actor, { number: home.terminalNumber, ...move });
    },
  },
  {
    ...{ verb: 'terminals/removal-commands:retireTerminal', about: 15 },
    run: ({ actor, home, now }, tx) =>
      retireTerminal(tx, actor, { number: home.terminalNumber, retiredAt: now, now }),
  },
  {
    ...{ verb: 'terminals/owner-commands:callTerminal', about: 2 },
    run: ({ home }, tx) => callTerminal(tx, home.terminalId),
  },
  {
    ...{ verb: 'terminals/terminal-test-commands:requestTerminalTest', about: 10 },
    run: ({ actor, home, now }, tx) =>
      requestTerminalTest(tx, actor, { number: home.terminalNumber, now }),
  },
  {
    ...{ verb: 'terminals/terminal-commands:getTerminalInService', about: 1 },
    run: ({ actor, home }, tx) => getTerminalInService(tx, actor, home.terminalNumber),
  },
  {
    ...{ verb: 'terminals/terminal-commands:registerTerminals', asks: 'a hundred', about: 5 * NEW },
    run: ({ actor }, tx) => {
      const terminals = Array.from({ length: NEW }, (_, at) => ({
        ...{ number: String(999_999_999_999_000 + at), model: 'external' as const },
        ...{ reportMinute: 60, reportWindowMinutes: 240 },
      }));
      return registerTerminals(tx, actor, { terminals, kek: KEK });
    },
  },
  {
    ...{
      verb: 'register/supply-point-file-commands:registerSupplyPoints',
      asks: 'a hundred',
      about: LARGE.meters + 20 * NEW,
    },
    run: ({ actor, now }, tx) => {
      const entries = Array.from({ length: NEW }, (_, at) => newEntry(at));
      const registration = { fromOn: '2026-02-01', reportWindowMinutes: 240, kek: KEK, now };
      return registerSupplyPoints(tx, actor, { entries, ...registration });
    },
  },
  {
    ...{ verb: 'closing/closing-commands:recordClosingPage', about: 2 },
    run: ({ actor }, tx) =>
      recordClosingPage(tx, actor, {
        ...{ closingDay: 20, month: '2026-01', show: 'all' as const },
        ...{ offset: 50, limit: 50, rows: 50 },
      }),
  },
  {
    ...{ verb: 'closing/closing-commands:recordClosingRow', about: 2 },
    run: ({ actor, home }, tx) =>
      recordClosingRow(tx, actor, {
        ...{ closingDay: 20, month: '2026-01', customer: home.customerNumber },
        ...{ supplyPoint: '0000000007', kind: 'regular' as const },
      }),
  },
];

const NEW_METER = {
  serial: '999999999999',
  gasKind: 'city',
  size: 2.5,
  dialL: 100_000_000,
} as const;
const NEW_TERMINAL: TerminalRegistration = {
  ...{ number: '9999999999999999', model: 'external' as const, kek: KEK },
  ...{ reportMinute: 60, reportWindowMinutes: 240 },
};

export const WRITE_CASES: readonly RowsCase[] = [
  ...REGISTER_CASES,
  ...AMEND_CASES,
  {
    ...{
      verb: 'closing/closing-commands:exportClosing',
      // The register once more, for the account.
      about: 2 * LARGE.meters + Math.ceil(LARGE.meters / 31) * 20,
    },
    run: ({ actor, now }, tx) =>
      exportClosing(
        { read: (fn) => fn(tx), record: (fn) => fn(tx), issue: (fn) => fn(tx) },
        actor,
        {
          selection: { closingDay: 20, closings: [latestClosing(20, now)], now },
          kind: { format: 'office-utf8', identifiers: 'plain' },
          now,
        },
        async () => undefined,
      ),
  },
];
