import { PlainName } from '../../lib/plain-name.ts';
import { setAreaLimits } from '../../lib/register/amend-commands.ts';
import { getArea, listAreas } from '../../lib/register/register-queries.ts';
import { registerArea } from '../../lib/register/supply-point-commands.ts';
import { gasKind, optional, required, text, whole } from './option.ts';
import { counted } from './outcome-text.ts';
import { type Noun, utilityVerb } from './verb.ts';

const LIMITS = {
  'min-pa': required('PA', 'lower limit of supply pressure in pascals', whole(-32_768, 32_767)),
  'max-pa': required('PA', 'upper limit', whole(-32_768, 32_767)),
};

const create = utilityVerb({
  summary: 'a new supply area with its limits of pressure',
  explanation: `Its supply points have its gas kind. Usual limits: city gas 1000 to 2500 Pa, LP gas 2300 to 3300 Pa; your terms of delivery
decide.`,
  options: {
    code: required('CODE', '1 to 32 letters, digits or hyphens', text),
    name: required('NAME', 'the name that the staff know the area by', PlainName),
    gas: required('city|lp', '都市ガス or LPガス', gasKind),
    ...LIMITS,
    parent: optional('CODE', 'the area of which it is a part', text),
  },
  examples: ['--utility minato --code kita --name 北地区 --gas city --min-pa 1000 --max-pa 2500'],
  next: 'place template and place import: supply points, customers, meters and terminals at once',
  async run({ tx, actor, utilityCode }, given) {
    const { code, name, gas, parent } = given;
    const parentAreaId = parent && (await getArea(tx, actor, parent)).areaId;
    await registerArea(tx, actor, {
      code,
      name,
      gasKind: gas,
      pressureMinPa: given['min-pa'],
      pressureMaxPa: given['max-pa'],
      ...(parentAreaId ? { parentAreaId } : {}),
    });
    return {
      said: `area ${code} (${name}) registered`,
      data: { code, name, gasKind: gas },
      next: `place template --utility ${utilityCode} --area ${code} > ~/${utilityCode}/places.csv   (or supply-point create, one by one)`,
    };
  },
});

const limits = utilityVerb({
  summary: 'other limits of pressure',
  explanation: 'Readings of all times are judged by them from now on.',
  options: { code: required('CODE', "the area's code", text), ...LIMITS },
  examples: ['--utility minato --code kita --min-pa 1100 --max-pa 2400'],
  async run({ tx, actor }, given) {
    const { code, 'min-pa': pressureMinPa, 'max-pa': pressureMaxPa } = given;
    await setAreaLimits(tx, actor, { code, pressureMinPa, pressureMaxPa });
    return {
      said: `area ${code}: limits ${pressureMinPa} to ${pressureMaxPa} Pa`,
      data: { code, pressureMinPa, pressureMaxPa },
    };
  },
});

const list = utilityVerb({
  summary: 'all areas',
  options: {},
  examples: ['--utility minato'],
  isReading: true,
  async run({ tx, actor }) {
    const rows = (await listAreas(tx, actor)).map(({ areaId: _id, ...row }) => row);
    const headings = ['code', 'name', 'gasKind', 'pressureMinPa', 'pressureMaxPa', 'supplyPoints'];
    return { said: counted(rows.length, 'area'), table: { headings, rows } };
  },
});

export const AREA: Noun = {
  name: 'area',
  summary: '供給エリア: supply areas with their limits of pressure',
  verbs: { create, limits, list },
};
