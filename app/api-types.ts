/**
 * What the API takes and answers, for the pages' client (app/api-client.ts). Written from docs/openapi.json by
 * `npm run openapi`, not by hand.
 */

/** Shapes by their names in the document. */
export interface ApiShapes {
  Session: { kind: "staff" | "consumer"; displayName: string; role: "admin" | "analyst" | "billing" | null; capabilities: ("collection.read" | "pressure.read" | "meter.read" | "closing.read" | "closing.export" | "meter.exchange" | "register.write" | "own-usage.read")[]; utility: { code: string; name: string } };
  Problem: { type: string; title: string; status: number; code: string; detail: string; reference: string; faults?: ({ field: string; message: string; reason?: "to-come" | "too-early" | "beyond-dial" | "unregistered" | "registered" | "other-gas" | "fitted-elsewhere" | "same-meter" | "key-used" | "closing-filed" })[]; capability?: string; until?: string; retryAfterS?: number };
  EndedSessions: { sessions: number };
  ClosingDays: { days: ({ closingDay: number; supplyPoints: number; latest: { closesOn: string; previousOn: string } })[] };
  ClosingPreview: { closesOn: string; previousOn: string | null; closed: boolean; counts: { total: number; quality: { actual: number; substituted: number; none: number }; remarks: { exchanged?: number; "rolled-over"?: number; "index-fell"?: number; "index-missing"?: number; "no-previous"?: number; corrected?: number } }; toCheck: number; total: number; rows: (ApiShapes["ClosingRow"])[] };
  ClosingRow: { customerNumber: string; supplyPointNumber: string; areaName: string; terminalNumber: string | null; meterSerial: string | null; closesOn: string; indexL: number | null; readAt: string | null; lagHours: number | null; previousIndexL: number | null; usageL: number | null; usageM3: string | null; quality: "actual" | "substituted" | "none"; remarks: ("exchanged" | "rolled-over" | "index-fell" | "index-missing" | "no-previous" | "corrected")[] };
  Collection: { day: string; total: ApiShapes["CollectionCount"]; areas: ({ areaId: number; code: string; name: string; gasKind: "city" | "lp"; count: ApiShapes["CollectionCount"] })[] };
  CollectionCount: { expected: number; onTime: number; late: number; backFill: number; requested: number; incomplete: number; missing: number; notYetDue: number };
  CollectionHistory: { days: ({ day: string; count: ApiShapes["CollectionCount"] })[] };
  CollectionPoints: { total: number; rows: (ApiShapes["CollectionPoint"])[] };
  CollectionPoint: { supplyPointId: number; supplyPointNumber: string; customerNumber: string | null; areaName: string; meterId: number; meterSerial: string; terminalNumber: string; state: "missing" | "notYetDue" | "incomplete" | "late" | "requested" | "backFill" | "onTime"; indexCount: number | null; expectedCount: number; receivedAt: string | null; dueAt: string; lastDay: string | null; lastSeenAt: string | null; askedCount: number; lastAskedAt: string | null; advice: "registerMeter" | "checkFitting" | "checkKey" | "checkClock" | "checkCounter" | "askOperator" | "checkTerminal" | "neverConnected" | "silent" | "askedAtNextContact" | "waitForContact" | "beyondRequests" | null; refusal: { refusalId: number; receivedAt: string; reason: string; isAuthentic: boolean; meterSerial: string | null; day: string | null; namedMeter: "unregistered" | "notFitted" | "fitted" | null } | null; refused: { count: number; latest: ApiShapes["Refusal"] } | null };
  Refusal: { refusalId: number; receivedAt: string; reason: string; isAuthentic: boolean; meterSerial: string | null; day: string | null; namedMeter: "unregistered" | "notFitted" | "fitted" | null };
  Areas: { areas: (ApiShapes["Area"])[] };
  Area: { areaId: number; parentAreaId: number | null; code: string; name: string; gasKind: "city" | "lp"; limits: { lowPa: number; highPa: number } };
  AreaPressure: { area: ApiShapes["Area"]; period: { from: string; to: string; step: "hour" | "day" }; coverage: { meters: number; fittedMeters: number; meterDays: number; fittedMeterDays: number }; points: (ApiShapes["PressureBandPoint"])[]; summary: { lowPa: number | null; averagePa: number | null; highPa: number | null; values: number; below: number; above: number; faults: number } };
  PressureBandPoint: { day: string; hourEnding: number | null; lowPa: number; averagePa: number; highPa: number; values: number; below: number; above: number };
  MeterPressures: { total: number; rows: (ApiShapes["MeterPressure"])[] };
  MeterPressure: { meterId: number; meterSerial: string; customerNumber: string | null; terminalNumber: string | null; lowPa: number | null; averagePa: number | null; highPa: number | null; values: number; below: number; above: number; faults: number };
  PressureExcursions: { total: number; rows: (ApiShapes["PressureExcursion"])[] };
  PressureExcursion: { meterId: number; meterSerial: string; customerNumber: string | null; day: string; hourEnding: number; pressurePa: number; side: "low" | "high" | "fault"; usageL: number | null; flow: "flowing" | "still" | "unknown" };
  MeterPage: { total: number; rows: (ApiShapes["MeterRow"])[] };
  MeterRow: { meterId: number; meterSerial: string; gasKind: "city" | "lp"; areaName: string; supplyPointNumber: string; customerNumber: string | null; terminalNumber: string | null; lastSeenAt: string | null; batteryMv: number | null; signalDbm: number | null };
  MeterDetail: { meterId: number; meterSerial: string; gasKind: "city" | "lp"; sizeM3PerHour: number; dialL: number; verificationExpiresOn: string | null; fitted: boolean; supplyPointNumber: string; area: { areaId: number; name: string; lowPa: number; highPa: number }; closingDay: number; customerNumber: string | null; terminal: { terminalNumber: string; model: "external" | "us" | "jo"; reportMinute: number; reportWindowMinutes: number; lastSeenAt: string | null; batteryMv: number | null; signalDbm: number | null; link: "wan" | "fan" | null; firmware: number | null; clockOffsetS: number | null; refused: { count: number; latest: ApiShapes["Refusal"] } | null } | null; fittings: ({ meterId: number; meterSerial: string; fittedAt: string; removedAt: string | null; startIndexL: number | null; finalIndexL: number | null })[]; firstDay: string | null; lastDay: string | null };
  MeterReadings: { from: string; to: string; step: "hour" | "day"; days: (ApiShapes["DayReading"])[]; gaps: (ApiShapes["UsageGap"])[] };
  DayReading: { day: string; gap: "notYetDue" | "notArrived" | "missingInReport" | "indexBeyondDial" | "withoutMeter" | null; usageL: number | null; enteringL: number; fromHour: number | null; untilHour: number | null; missingHours: number; lowPa: number | null; averagePa: number | null; highPa: number | null; arrival: "onTime" | "late" | "backFill" | "requested" | null; receivedAt: string | null; revision: number; marks: (ApiShapes["UsageMark"])[]; faults: ({ kind: "index" | "pressure"; hourEnding: number; value: number })[]; hours?: (ApiShapes["HourReading"])[] };
  UsageMark: "rolled-over" | "fallen" | "exchanged" | "unnoted" | "implausible" | "without-meter";
  HourReading: { hourEnding: number; indexL: number | null; pressurePa: number | null; usageL: number | null; state: "measured" | "spanned" | "fallen" | "missing"; gap: "notYetDue" | "notArrived" | "missingInReport" | "indexBeyondDial" | "withoutMeter" | null; indexFaultL: number | null; pressureFaultPa: number | null; marks: (ApiShapes["UsageMark"])[] };
  UsageGap: { from: ApiShapes["DayHour"]; to: ApiShapes["DayHour"]; usageL: number | null; marks: (ApiShapes["UsageMark"])[] };
  DayHour: { day: string; hourEnding: number };
  MeterRevisions: { revisions: (ApiShapes["MeterRevision"])[] };
  MeterRevision: { meterId: number; day: string; revision: number; change: "completed" | "corrected"; changedAt: string; arrival: "onTime" | "late" | "backFill" | "requested"; hours: ({ hourEnding: number; indexL: { before: number | null; after: number | null } | null; indexFaultL: number | null; pressurePa: { before: number | null; after: number | null } | null })[] };
  Refusals: { total: number; rows: (ApiShapes["Refusal"])[] };
  ExchangePreview: { removed: { meterId: number; meterSerial: string; lastIndexL: number | null; lastReadAt: string | null }; fitted: { meterSerial: string; sizeM3PerHour: number; dialL: number; registered: boolean }; hour: { day: string; hourEnding: number; before: { usageL: number | null; marks: (ApiShapes["UsageMark"])[] }; after: { usageL: number | null; marks: (ApiShapes["UsageMark"])[] } }; days: ({ day: string; before: { usageL: number | null; marks: (ApiShapes["UsageMark"])[] }; after: { usageL: number | null; marks: (ApiShapes["UsageMark"])[] } })[]; closings: ({ closesOn: string; customerNumber: string; before: { usageL: number | null; usageM3: string | null; quality: "actual" | "substituted" | "none"; remarks: ("exchanged" | "rolled-over" | "index-fell" | "index-missing" | "no-previous" | "corrected")[] }; after: { usageL: number | null; usageM3: string | null; quality: "actual" | "substituted" | "none"; remarks: ("exchanged" | "rolled-over" | "index-fell" | "index-missing" | "no-previous" | "corrected")[] } })[]; filed: ({ closesOn: string; begunAt: string })[]; period: { fromOn: string; closesOn: string; before: { usageL: number | null; marks: (ApiShapes["UsageMark"])[] }; after: { usageL: number | null; marks: (ApiShapes["UsageMark"])[] } }; warnings: ({ code: "final-rolled-over" | "final-below-last" | "final-implausible" | "final-not-noted" | "start-not-noted" | "start-not-zero" | "removed-reported-later" | "fitted-reported-earlier" | "will-be-registered" | "verification-expired" | "verification-unknown"; field: string | null; indexL: number | null; at: string | null; day: string | null })[]; unknown: ("new-meter-unread" | "closing-to-come" | "further-days" | "further-closings")[] };
  ExchangeBody: { exchangedAt: string; finalIndexL?: number; newSerial: string; startIndexL?: number; newMeter?: { size: number; dialL: number; verificationExpiresOn?: string }; acknowledgedClosings?: (string)[] };
  Exchanged: { exchangeId: number; removedMeterId: number; fittedMeterId: number };
  Exchanges: { exchanges: ({ exchangeId: number; supplyPointNumber: string; exchangedAt: string; recordedAt: string; removed: { meterId: number; meterSerial: string; finalIndexL: number | null }; fitted: { meterId: number; meterSerial: string; startIndexL: number | null }; registeredMeter: boolean })[] };
  Exchange: { exchangeId: number; supplyPointNumber: string; exchangedAt: string; recordedAt: string; removed: { meterId: number; meterSerial: string; finalIndexL: number | null }; fitted: { meterId: number; meterSerial: string; startIndexL: number | null }; registeredMeter: boolean; resting: ({ kind: "removal" | "fitting" | "move-in" | "move-out" | "supply-end" | "closing-file"; at: string; named: string | null })[] };
  UndoneExchange: { keptMeter: boolean };
  Search: { hits: (ApiShapes["SearchHit"])[] };
  SearchHit: { meterId: number; match: "customerNumber" | "terminalNumber" | "meterSerial" | "supplyPointNumber" | "unregisteredMeter"; matched: string; meterSerial: string; terminalNumber: string | null; customerNumber: string | null; areaName: string; supplyPointNumber: string; current: boolean };
  OwnMonth: { customerNumber: string; gasKind: "city" | "lp"; period: "calendar" | "billing"; closingDay: number; progress: "running" | "over"; usage: ApiShapes["MonthUsage"]; lastMonth: ApiShapes["MonthComparison"]; lastYear: ApiShapes["MonthComparison"]; firstMonth: string; finalMonth: string; firstDay: string; finalDay: string };
  MonthUsage: { month: string; firstDay: string; lastDay: string; days: (ApiShapes["MonthDay"])[]; totalL: number | null; leastL: number; mostL: number | null; from: ApiShapes["DayHour"] | null; until: ApiShapes["DayHour"] | null; complete: boolean; gaps: (ApiShapes["UsageGap"])[]; marks: (ApiShapes["UsageMark"])[] };
  MonthDay: { day: string; usageL: number | null; enteringL: number; fromHour: number | null; untilHour: number | null; hoursWithout: number; marks: (ApiShapes["UsageMark"])[]; leastL: number; mostL: number | null; state: "whole" | "partial" | "missing" | "awaited" | "outside" };
  MonthComparison: { usage: ApiShapes["MonthUsage"]; comparableL: number | null; direction: "more" | "less" | null };
  OwnDay: { usage: ApiShapes["DayUsage"]; hours: (ApiShapes["OwnHour"])[]; gaps: (ApiShapes["UsageGap"])[]; firstDay: string; finalDay: string };
  DayUsage: { day: string; usageL: number | null; enteringL: number; fromHour: number | null; untilHour: number | null; hoursWithout: number; marks: (ApiShapes["UsageMark"])[] };
  OwnHour: { hourEnding: number; startsAt: string; endsAt: string; state: "measured" | "spanned" | "fallen" | "missing"; usageL: number | null; marks: (ApiShapes["UsageMark"])[] };
}

/** By method and path. */
export interface ApiOperations {
  get: {
    "/session": { request: { path?: never; query?: never; header?: never; body?: never }; answer: ApiShapes["Session"] };
    "/closing-days": { request: { path?: never; query?: never; header?: never; body?: never }; answer: ApiShapes["ClosingDays"] };
    "/closings": { request: { path?: never; query: { closingDay: number; month: string; show?: "all" | "actual" | "substituted" | "none" | "check"; limit?: number; offset?: number | null }; header?: never; body?: never }; answer: ApiShapes["ClosingPreview"] };
    "/closings/file": { request: { path?: never; query: { closingDay: number; from: string; to: string; format: "machine" | "office-cp932" | "office-utf8"; identifiers?: "excel" | "plain"; rounding?: "floor-of-difference" | "difference-of-floors" | "difference-of-floors-0.1" }; header?: never; body?: never }; answer: Response };
    "/collection": { request: { path?: never; query?: { day?: string }; header?: never; body?: never }; answer: ApiShapes["Collection"] };
    "/collection/history": { request: { path?: never; query?: { day?: string; days?: number; areaId?: number }; header?: never; body?: never }; answer: ApiShapes["CollectionHistory"] };
    "/collection/points": { request: { path?: never; query?: { day?: string; state?: "missing" | "notYetDue" | "incomplete" | "late" | "requested" | "backFill" | "onTime"; areaId?: number; limit?: number; offset?: number | null }; header?: never; body?: never }; answer: ApiShapes["CollectionPoints"] };
    "/areas": { request: { path?: never; query?: never; header?: never; body?: never }; answer: ApiShapes["Areas"] };
    "/pressure/areas/{areaId}": { request: { path: { areaId: number }; query?: { from?: string; to?: string; step?: "hour" | "day" }; header?: never; body?: never }; answer: ApiShapes["AreaPressure"] };
    "/pressure/areas/{areaId}/meters": { request: { path: { areaId: number }; query?: { from?: string; to?: string; limit?: number; offset?: number | null; sort?: "outside" | "lowPa" | "averagePa" | "highPa"; order?: "asc" | "desc" }; header?: never; body?: never }; answer: ApiShapes["MeterPressures"] };
    "/pressure/areas/{areaId}/excursions": { request: { path: { areaId: number }; query?: { from?: string; to?: string; limit?: number; offset?: number | null; meterId?: number }; header?: never; body?: never }; answer: ApiShapes["PressureExcursions"] };
    "/meters": { request: { path?: never; query?: { q?: string; areaId?: number; sort?: "customerNumber" | "terminalNumber" | "meterSerial" | "area" | "lastSeenAt" | "batteryMv" | "signalDbm"; order?: "asc" | "desc"; limit?: number; offset?: number | null }; header?: never; body?: never }; answer: ApiShapes["MeterPage"] };
    "/meters/{meterId}": { request: { path: { meterId: number }; query?: never; header?: never; body?: never }; answer: ApiShapes["MeterDetail"] };
    "/meters/{meterId}/readings": { request: { path: { meterId: number }; query?: { from?: string; to?: string; step?: "hour" | "day" }; header?: never; body?: never }; answer: ApiShapes["MeterReadings"] };
    "/meters/{meterId}/revisions": { request: { path: { meterId: number }; query?: { from?: string; to?: string }; header?: never; body?: never }; answer: ApiShapes["MeterRevisions"] };
    "/meters/{meterId}/refusals": { request: { path: { meterId: number }; query?: { limit?: number; offset?: number | null }; header?: never; body?: never }; answer: ApiShapes["Refusals"] };
    "/meters/{meterId}/exchanges": { request: { path: { meterId: number }; query?: never; header?: never; body?: never }; answer: ApiShapes["Exchanges"] };
    "/exchanges/{exchangeId}": { request: { path: { exchangeId: number }; query?: never; header?: never; body?: never }; answer: ApiShapes["Exchange"] };
    "/search": { request: { path?: never; query: { q: string }; header?: never; body?: never }; answer: ApiShapes["Search"] };
    "/my/usage": { request: { path?: never; query?: { month?: string; period?: "calendar" | "billing" }; header?: never; body?: never }; answer: ApiShapes["OwnMonth"] };
    "/my/hours": { request: { path?: never; query: { day: string }; header?: never; body?: never }; answer: ApiShapes["OwnDay"] };
  };
  post: {
    "/meters/{meterId}/exchanges/preview": { request: { path: { meterId: number }; query?: never; header?: never; body: ApiShapes["ExchangeBody"] }; answer: ApiShapes["ExchangePreview"] };
    "/meters/{meterId}/exchanges": { request: { path: { meterId: number }; query?: never; header: { "Idempotency-Key": string }; body: ApiShapes["ExchangeBody"] }; answer: ApiShapes["Exchanged"] };
  };
  delete: {
    "/session": { request: { path?: never; query?: never; header?: never; body?: never }; answer: undefined };
    "/sessions": { request: { path?: never; query?: never; header?: never; body?: never }; answer: ApiShapes["EndedSessions"] };
    "/exchanges/{exchangeId}": { request: { path: { exchangeId: number }; query?: never; header: { "Idempotency-Key": string }; body?: never }; answer: ApiShapes["UndoneExchange"] };
  };
}
