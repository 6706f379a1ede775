/** Values of the form of a change of a supply point, and the request body made from them. Days are JST. */
import type { RegisterChangeBody } from '../../lib/register/register-change-wire.ts';
import type { SupplyPointWire } from '../../lib/register/supply-point-wire.ts';
import { addDays, isDay } from '../../lib/time.ts';
import { plain } from '../exchange/exchange-values.ts';
import {
  type FittingFault,
  type FittingKind,
  type FittingValues,
  fittingBody,
  fittingFaults,
  fittingField,
  initialFitting,
  isFittingKind,
} from './fitting-values.ts';

/** Changes that have a form, in the order of the menu. */
export const FORM_KINDS = [
  'move-out',
  'move-in',
  'stay-corrected',
  'supply-closed',
  'supply-opened',
  'closing-day',
  'tariff',
  'area',
  'meter-corrected',
  'meter-removed',
  'meter-fitted',
  'terminal-exchanged',
] as const;
export type FormKind = (typeof FORM_KINDS)[number];

/** Named as in the API, so that its faults map to fields; `lastOn` is the day before `toOn`. */
export interface ChangeValues extends FittingValues {
  customerNumber: string;
  occupancyId: string;
  fromOn: string;
  lastOn: string;
  holdsFrom: string;
  closingDay: string;
  areaId: string;
  /** Empty: none. */
  tariffId: string;
}

/** Changes that the state of the supply point allows. */
export function allowedKinds({
  stays,
  closedOn,
  meter,
  meters,
}: Pick<SupplyPointWire, 'stays' | 'closedOn' | 'meter' | 'meters'>): FormKind[] {
  const isOccupied = stays.some(({ toOn }) => toOn === null);
  const isAllowed: Record<FormKind, boolean> = {
    'move-out': isOccupied,
    'move-in': !isOccupied && closedOn === null,
    'stay-corrected': stays.length > 0,
    'supply-closed': closedOn === null,
    'supply-opened': closedOn !== null,
    'closing-day': true,
    tariff: true,
    area: true,
    'meter-corrected': meters.length > 0,
    'meter-removed': meter !== null,
    'meter-fitted': meter === null,
    'terminal-exchanged': true,
  };
  return FORM_KINDS.filter((kind) => isAllowed[kind]);
}

/** The last day of a stay; empty while it goes on. */
function lastDayOf(toOn: string | null): string {
  return toOn === null ? '' : addDays(toOn, -1);
}

/** Initial values: the latest stay, and the closing day as it is. */
export function initialValues(place: SupplyPointWire): ChangeValues {
  const { stays, closingDay, area, tariff } = place;
  const latest = stays.at(-1);
  return {
    customerNumber: '',
    ...stayValues(latest),
    holdsFrom: '',
    closingDay: String(closingDay),
    areaId: String(area.areaId),
    tariffId: tariff ? String(tariff.tariffId) : '',
    ...initialFitting(place),
  };
}

/** Values of a stay that is to be corrected. */
export function stayValues(stay: SupplyPointWire['stays'][number] | undefined) {
  return {
    occupancyId: stay ? String(stay.occupancyId) : '',
    fromOn: stay?.fromOn ?? '',
    lastOn: stay ? lastDayOf(stay.toOn) : '',
  };
}

export type ChangeFaults = Partial<Record<keyof ChangeValues, 'noNumber' | FittingFault>>;

type PlaceKind = Exclude<FormKind, FittingKind>;

const DAY_FIELDS: Record<PlaceKind, readonly ('fromOn' | 'lastOn' | 'holdsFrom')[]> = {
  'move-out': ['lastOn'],
  'move-in': ['fromOn'],
  'stay-corrected': ['fromOn'],
  'supply-closed': ['holdsFrom'],
  'supply-opened': ['holdsFrom'],
  'closing-day': ['holdsFrom'],
  tariff: [],
  area: [],
};

/** Faults found before sending; the others are found by the server. */
export function changeFaults(kind: FormKind, values: ChangeValues): ChangeFaults {
  if (isFittingKind(kind)) return fittingFaults(kind, values);
  const missing = DAY_FIELDS[kind].filter((field) => !isDay(values[field]));
  const isNumber = /^[0-9A-Za-z-]{1,32}$/.test(plain(values.customerNumber));
  return {
    ...Object.fromEntries(missing.map((field) => [field, 'required' as const])),
    ...(kind === 'move-in' && !isNumber && { customerNumber: 'noNumber' as const }),
  };
}

/** Request body of a form without faults. */
export function changeBody(kind: FormKind, values: ChangeValues): RegisterChangeBody {
  return isFittingKind(kind) ? fittingBody(kind, values) : placeBody(kind, values);
}

function placeBody(kind: PlaceKind, values: ChangeValues): RegisterChangeBody {
  const { fromOn, lastOn, holdsFrom } = values;
  const occupancyId = Number(values.occupancyId);
  switch (kind) {
    case 'move-in':
      return { kind, customerNumber: plain(values.customerNumber), fromOn };
    case 'move-out':
      return { kind, occupancyId, toOn: addDays(lastOn, 1) };
    case 'stay-corrected':
      return { kind, occupancyId, fromOn, toOn: isDay(lastOn) ? addDays(lastOn, 1) : null };
    case 'supply-closed':
    case 'supply-opened':
      return { kind, holdsFrom };
    case 'closing-day':
      return { kind, closingDay: Number(values.closingDay), holdsFrom };
    case 'tariff':
      return { kind, tariffId: values.tariffId === '' ? null : Number(values.tariffId) };
    case 'area':
      return { kind, areaId: Number(values.areaId) };
  }
}

/** Request body after the preview, with the filed closings that the user confirmed. */
export function withClosings(body: RegisterChangeBody, closings: string[]): RegisterChangeBody {
  return closings.length === 0
    ? body
    : ({ ...body, acknowledgedClosings: closings } as RegisterChangeBody);
}

/** The field of the form for a field of the API. */
export function formField(field: string): string {
  return field === 'toOn' ? 'lastOn' : fittingField(field);
}
