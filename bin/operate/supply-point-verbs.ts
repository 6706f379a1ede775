import { closeSupplyPoint } from '../../lib/register/amend-commands.ts';
import { getArea, listSupplyPoints } from '../../lib/register/register-queries.ts';
import { registerSupplyPoint } from '../../lib/register/supply-point-commands.ts';
import { dayOf } from '../../lib/time.ts';
import { LIMIT, listed } from './limited-list.ts';
import { day, optional, required, text, whole } from './option.ts';
import { type Noun, utilityVerb } from './verb.ts';

const create = utilityVerb({
  summary: 'one new supply point; place import registers many with all that is there',
  options: {
    number: required('NUMBER', '設置場所番号: 1 to 32 digits, letters or hyphens', text),
    area: required('CODE', 'the area; it decides the gas kind', text),
    'closing-day': required('DAY', '締め日: 1 to 31, 31 being the end of the month', whole(1, 31)),
    opened: optional('DAY', 'first day of supply (today)', day),
  },
  examples: ['--utility minato --number K-001 --area kita --closing-day 20 --opened 2026-11-01'],
  next: 'customer move-in, meter register and meter fit, terminal register',
  async run({ tx, actor, now }, given) {
    const { number, area, 'closing-day': closingDay, opened: openedOn = dayOf(now) } = given;
    const { areaId, gasKind } = await getArea(tx, actor, area);
    await registerSupplyPoint(tx, actor, { number, areaId, closingDay, openedOn });
    return {
      said: `supply point ${number} in area ${area}, closing day ${closingDay}, from ${openedOn}`,
      data: { number, area, gasKind, closingDay, openedOn },
      next: `customer move-in --supply-point ${number} --customer NUMBER; then meter register, meter fit, terminal register`,
    };
  },
});

const close = utilityVerb({
  summary: 'ends the supply (閉栓); meter and terminal may stay',
  options: {
    number: required('NUMBER', 'the supply point', text),
    on: optional('DAY', 'first day without supply (today)', day),
  },
  examples: ['--utility minato --number K-001 --on 2026-11-20'],
  async run({ tx, actor, now }, { number, on: closedOn = dayOf(now) }) {
    await closeSupplyPoint(tx, actor, { number, closedOn });
    return { said: `supply point ${number} closed on ${closedOn}`, data: { number, closedOn } };
  },
});

const list = utilityVerb({
  summary: 'supply points with customer, meter, terminal and the last day that arrived',
  options: {
    area: optional('CODE', 'of this area only', text),
    limit: LIMIT,
  },
  examples: ['--utility minato', '--utility minato --area kita --json'],
  isReading: true,
  run: ({ tx, actor, now }, { area: areaCode, limit }) =>
    listed({
      of: 'supply point',
      limit,
      headings: [
        ...['number', 'area', 'closingDay', 'customerNumber', 'meterSerial', 'terminalNumber'],
        ...['lastDay', 'openedOn', 'closedOn'],
      ],
      read: (most) => listSupplyPoints(tx, actor, { areaCode, today: dayOf(now), limit: most }),
    }),
});

export const SUPPLY_POINT: Noun = {
  name: 'supply-point',
  summary: '設置場所: where gas is supplied',
  verbs: { create, close, list },
};
