/** Expected properties of the API's routes. A route that is missing here fails app/api/v1/openapi.test.ts. */
import type { Cost } from '../../fair-shares.ts';
import type { RouteRight } from './resource.ts';

/** Right of every route. */
export const RIGHTS: Record<string, RouteRight> = {
  'GET /api/v1/session': 'signed-in',
  'DELETE /api/v1/session': 'signed-in',
  'DELETE /api/v1/sessions': 'signed-in',
  'GET /api/v1/closing-days': 'closing.read',
  'GET /api/v1/closings': 'closing.read',
  'GET /api/v1/closings/row': 'closing.read',
  'GET /api/v1/closings/file': 'closing.export',
  'GET /api/v1/closings/runs': 'closing.read',
  'GET /api/v1/closings/runs/{runId}': 'closing.read',
  'GET /api/v1/closings/runs/{runId}/rows': 'closing.read',
  'GET /api/v1/closings/runs/{runId}/differences': 'closing.read',
  'GET /api/v1/closings/runs/{runId}/changes': 'closing.read',
  'GET /api/v1/closings/runs/{runId}/file': 'closing.export',
  'GET /api/v1/estimation': 'closing.read',
  'PUT /api/v1/estimation': 'estimation.write',
  'GET /api/v1/estimation/place': 'closing.read',
  'POST /api/v1/estimation/circumstances': 'usage.decide',
  'DELETE /api/v1/estimation/circumstances/{circumstanceId}': 'usage.decide',
  'PUT /api/v1/estimation/factors': 'estimation.write',
  'POST /api/v1/usage-decisions/certified/preview': 'usage.decide',
  'POST /api/v1/usage-decisions/certified': 'usage.decide',
  'POST /api/v1/usage-decisions/corrections/preview': 'usage.decide',
  'POST /api/v1/usage-decisions/corrections': 'usage.decide',
  'DELETE /api/v1/usage-decisions/{decisionId}': 'usage.decide',
  'GET /api/v1/closings/layouts': 'closing.read',
  'POST /api/v1/closings/layouts': 'closing.layout',
  'GET /api/v1/closings/layouts/{layoutId}': 'closing.read',
  'DELETE /api/v1/closings/layouts/{layoutId}': 'closing.layout',
  'POST /api/v1/closings/layouts/{layoutId}/versions': 'closing.layout',
  'POST /api/v1/closings/layouts/{layoutId}/restore': 'closing.layout',
  'GET /api/v1/collection': 'collection.read',
  'GET /api/v1/collection/history': 'collection.read',
  'GET /api/v1/collection/points': 'collection.read',
  'GET /api/v1/areas': 'meter.read',
  'GET /api/v1/pressure/areas/{areaId}': 'pressure.read',
  'GET /api/v1/pressure/areas/{areaId}/meters': 'pressure.read',
  'GET /api/v1/pressure/areas/{areaId}/excursions': 'pressure.read',
  'GET /api/v1/meters': 'meter.read',
  'GET /api/v1/meters/{meterId}': 'meter.read',
  'GET /api/v1/meters/{meterId}/readings': 'meter.read',
  'GET /api/v1/meters/{meterId}/refusals': 'meter.read',
  'GET /api/v1/meters/{meterId}/revisions': 'meter.read',
  'POST /api/v1/meters/{meterId}/exchanges': 'meter.exchange',
  'POST /api/v1/meters/{meterId}/exchanges/preview': 'meter.exchange',
  'GET /api/v1/meters/{meterId}/exchanges': 'meter.read',
  'GET /api/v1/meters/{meterId}/reported-serials': 'meter.read',
  'GET /api/v1/exchanges/{exchangeId}': 'meter.read',
  'DELETE /api/v1/exchanges/{exchangeId}': 'meter.exchange',
  'GET /api/v1/supply-points/{supplyPointId}': 'meter.read',
  'GET /api/v1/supply-points/{supplyPointId}/changes': 'meter.read',
  'POST /api/v1/supply-points/{supplyPointId}/changes': 'register.change',
  'POST /api/v1/supply-points/{supplyPointId}/changes/preview': 'register.change',
  'GET /api/v1/register-changes/{changeId}': 'meter.read',
  'DELETE /api/v1/register-changes/{changeId}': 'register.change',
  'POST /api/v1/meters/{meterId}/edits': 'reading.edit',
  'POST /api/v1/meters/{meterId}/edits/preview': 'reading.edit',
  'GET /api/v1/meters/{meterId}/edits': 'meter.read',
  'GET /api/v1/edits': 'meter.read',
  'GET /api/v1/edits/{editId}': 'meter.read',
  'POST /api/v1/edits/{editId}/preview': 'reading.edit',
  'POST /api/v1/edits/{editId}/second': 'reading.edit',
  'POST /api/v1/edits/{editId}/take-back': 'reading.edit',
  'GET /api/v1/work-list': 'meter.read',
  'GET /api/v1/work-list/closing-rows': 'closing.read',
  'GET /api/v1/work-list/item': 'meter.read',
  'POST /api/v1/work-list/item/preview': 'reading.edit',
  'GET /api/v1/work-list/marks': 'meter.read',
  'POST /api/v1/work-list/marks/seen': 'reading.edit',
  'GET /api/v1/search': 'meter.read',
  'GET /api/v1/my/usage': 'own-usage.read',
  'GET /api/v1/my/hours': 'own-usage.read',
};

/** Cost of the routes that are not heavy. A new route counts as heavy until it is listed here. */
export const COSTS: Record<string, Cost> = {
  'GET /api/v1/session': 'light',
  'DELETE /api/v1/session': 'light',
  'DELETE /api/v1/sessions': 'light',
  'GET /api/v1/closing-days': 'light',
  'GET /api/v1/closings/row': 'light',
  'GET /api/v1/closings/file': 'file',
  'GET /api/v1/closings/runs': 'light',
  'GET /api/v1/closings/runs/{runId}': 'light',
  'GET /api/v1/closings/runs/{runId}/file': 'file',
  'GET /api/v1/estimation': 'light',
  'PUT /api/v1/estimation': 'light',
  'GET /api/v1/estimation/place': 'light',
  'POST /api/v1/estimation/circumstances': 'light',
  'DELETE /api/v1/estimation/circumstances/{circumstanceId}': 'light',
  'PUT /api/v1/estimation/factors': 'light',
  'POST /api/v1/usage-decisions/certified/preview': 'light',
  'POST /api/v1/usage-decisions/certified': 'light',
  'POST /api/v1/usage-decisions/corrections/preview': 'light',
  'POST /api/v1/usage-decisions/corrections': 'light',
  'DELETE /api/v1/usage-decisions/{decisionId}': 'light',
  'GET /api/v1/closings/layouts': 'light',
  'POST /api/v1/closings/layouts': 'light',
  'GET /api/v1/closings/layouts/{layoutId}': 'light',
  'DELETE /api/v1/closings/layouts/{layoutId}': 'light',
  'POST /api/v1/closings/layouts/{layoutId}/versions': 'light',
  'POST /api/v1/closings/layouts/{layoutId}/restore': 'light',
  'GET /api/v1/collection': 'light',
  'GET /api/v1/areas': 'light',
  'GET /api/v1/meters/{meterId}': 'light',
  'GET /api/v1/meters/{meterId}/revisions': 'light',
  'POST /api/v1/meters/{meterId}/exchanges': 'light',
  'GET /api/v1/meters/{meterId}/exchanges': 'light',
  'GET /api/v1/meters/{meterId}/reported-serials': 'light',
  'GET /api/v1/exchanges/{exchangeId}': 'light',
  'DELETE /api/v1/exchanges/{exchangeId}': 'light',
  'GET /api/v1/supply-points/{supplyPointId}': 'light',
  'GET /api/v1/supply-points/{supplyPointId}/changes': 'light',
  'POST /api/v1/supply-points/{supplyPointId}/changes': 'light',
  'GET /api/v1/register-changes/{changeId}': 'light',
  'DELETE /api/v1/register-changes/{changeId}': 'light',
  'POST /api/v1/meters/{meterId}/edits': 'light',
  'GET /api/v1/meters/{meterId}/edits': 'light',
  'GET /api/v1/edits': 'light',
  'GET /api/v1/edits/{editId}': 'light',
  'POST /api/v1/edits/{editId}/second': 'light',
  'POST /api/v1/edits/{editId}/take-back': 'light',
  'GET /api/v1/work-list': 'light',
  'GET /api/v1/work-list/item': 'light',
  'GET /api/v1/work-list/marks': 'light',
  'POST /api/v1/work-list/marks/seen': 'light',
  'GET /api/v1/my/usage': 'light',
  'GET /api/v1/my/hours': 'light',
};

/** Routes that change something without an Idempotency-Key, with the reason. */
export const WITHOUT_KEY: Record<string, string> = {
  'DELETE /api/v1/session': 'a session that has ended has ended',
  'DELETE /api/v1/sessions': 'the same',
  'POST /api/v1/meters/{meterId}/exchanges/preview': 'it writes nothing',
  'POST /api/v1/usage-decisions/certified/preview': 'the same',
  'POST /api/v1/usage-decisions/corrections/preview': 'the same',
  'POST /api/v1/work-list/item/preview': 'the same',
  'POST /api/v1/supply-points/{supplyPointId}/changes/preview': 'the same',
  'POST /api/v1/meters/{meterId}/edits/preview': 'the same',
  'POST /api/v1/edits/{editId}/preview': 'the same',
};

/** A row of a closing; tests put the numbers of their own in. */
export const ROW = {
  ...{ closingDay: 15, month: '2026-11', customer: '1', supplyPoint: '1', kind: 'regular' },
};

const LAYOUT = {
  name: '販売管理',
  body: {
    ...{ encoding: 'cp932', lineEnd: 'crlf', form: 'comma', quoting: 'needed' },
    ...{ protection: 'apostrophe', header: true, dates: 'slash', clock: 'colon' },
    ...{ negative: 'minus', quality: 'words', kind: 'words', remarks: 'words' },
    ...{ basis: 'words', basisCodes: {} },
    ...{ qualityCodes: {}, kindCodes: {}, remarkCodes: {} },
    columns: [{ field: 'customerNumber', header: 'お客様番号' }],
  },
};

/** A valid body by the name of its schema. */
export const BODIES: Record<string, object> = {
  MarkSeenBody: { meterId: 1, rule: 'stuck-register', fromOn: '2026-11-01', isSeen: true },
  WorkItemBody: { meterId: 1, fromOn: '2026-11-01' },
  LayoutInput: LAYOUT,
  LayoutChange: { ...LAYOUT, name: '請求', version: 1 },
  EditBody: {
    ...{ day: '2025-11-19', kind: 'entered', hourEnding: 24, indexL: 2_000 },
    ...{ reason: 'read-on-site', note: '' },
  },
  EditPreviewBody: { day: '2025-11-19', kind: 'entered', hourEnding: 24, indexL: 2_000 },
  SecondEditBody: { agreed: true },
  TakeBackEditBody: {},
  ExchangeBody: {
    ...{ exchangedAt: '2025-11-20T10:30:00+09:00', finalIndexL: 2_000, newSerial: '123' },
    ...{ startIndexL: 0, newMeter: { size: 4, dialL: 10_000_000 } },
  },
  EstimationBody: { missedReading: 'last-usage', interpolateMaxHours: 4 },
  CircumstanceBody: { kind: 'absence', fromOn: '2025-11-01', toOn: '2025-11-30', reason: '届出' },
  VolumeFactorBody: { fromOn: '2026-11-21', factor: '1.0197', basis: '契約' },
  CertifiedBody: { row: ROW, usageM3: '23', reason: '電話で申告' },
  CorrectionBody: {
    ...{ row: ROW, closings: 1, percent: '4.5', direction: 'fast', reason: '器差試験' },
  },
  RegisterChangeBody: {
    ...{ kind: 'closing-day', closingDay: 7, holdsFrom: '2026-11-21', acknowledgedClosings: [] },
  },
};

/** A valid query for the route, for checks that run after input validation. */
export function fitting(path: string): string {
  if (path.endsWith('/closings')) return 'closingDay=20&month=2026-10';
  if (path.endsWith('/file')) return 'closingDay=20&from=2026-10&to=2026-10&format=machine';
  if (path.endsWith('/row')) return 'closingDay=20&month=2026-10&customer=1&supplyPoint=1';
  if (/\/estimation\/(place|circumstances|factors)$/.test(path)) return 'supplyPoint=1';
  if (path.endsWith('/item')) return 'meterId=1&fromOn=2026-10-01';
  if (path.endsWith('/search')) return 'q=1';
  return path.endsWith('/my/hours') ? 'day=2026-10-01' : '';
}
