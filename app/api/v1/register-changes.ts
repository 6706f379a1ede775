import {
  changeRegister,
  undoRegisterChange,
} from '../../../lib/register/register-change-commands.ts';
import { previewRegisterChange } from '../../../lib/register/register-change-preview-queries.ts';
import {
  getRegisterChange,
  listRegisterChanges,
} from '../../../lib/register/register-change-queries.ts';
import {
  RegisterChangeBody,
  RegisterChangedWire,
  RegisterChangePath,
  RegisterChangePreviewWire,
  RegisterChangesWire,
  RegisterChangeWire,
  SupplyPointPath,
  UndoneChangeWire,
} from '../../../lib/register/register-change-wire.ts';
import { listReportedTerminals } from '../../../lib/register/reported-terminals-queries.ts';
import { getSupplyPointOn } from '../../../lib/register/supply-point-record-queries.ts';
import {
  OnQuery,
  ReportedTerminalsWire,
  SupplyPointWire,
  TariffsWire,
} from '../../../lib/register/supply-point-wire.ts';
import { listTariffs } from '../../../lib/register/tariff-queries.ts';
import { createResource, protectedRoute } from './resource.ts';
import { KeyHeader, writeOnce } from './write-once.ts';

/** Supply points (設置場所) as the register has them, and their changes: preview, registration, list, undo. */
export const registerChanges = createResource();

const body = { required: true, content: { 'application/json': { schema: RegisterChangeBody } } };

registerChanges.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/supply-points/{supplyPointId}',
    summary: 'A supply point as the register has it for a day',
    request: { params: SupplyPointPath, query: OnQuery },
    responses: {
      200: {
        description: 'With corrections that were made since, and without later changes',
        content: { 'application/json': { schema: SupplyPointWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), ...c.req.valid('query'), now };
    return c.json(await read((db) => getSupplyPointOn(db, actor, input)), 200);
  },
);

registerChanges.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/supply-points/{supplyPointId}/changes',
    summary: 'Changes of a supply point that people registered, also those that were undone',
    request: { params: SupplyPointPath },
    responses: {
      200: {
        description: 'Latest first, at most 50; exchanges of meters have a list of their own',
        content: { 'application/json': { schema: RegisterChangesWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    const input = c.req.valid('param');
    return c.json({ changes: await read((db) => listRegisterChanges(db, actor, input)) }, 200);
  },
);

registerChanges.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/supply-points/{supplyPointId}/reported-terminals',
    summary: 'Terminals that report the meter of a supply point at which they are not fitted',
    request: { params: SupplyPointPath },
    responses: {
      200: {
        description:
          'Of authentic reports of the last 30 days, which are kept in quarantine; the one that reported last first',
        content: { 'application/json': { schema: ReportedTerminalsWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), now };
    return c.json({ terminals: await read((db) => listReportedTerminals(db, actor, input)) }, 200);
  },
);

registerChanges.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/tariffs',
    summary: 'The utility’s tariffs',
    responses: {
      200: {
        description: 'All tariffs, by code',
        content: { 'application/json': { schema: TariffsWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json({ tariffs: await read((db) => listTariffs(db, actor)) }, 200);
  },
);

registerChanges.openapi(
  protectedRoute('register.change', {
    method: 'post',
    path: '/supply-points/{supplyPointId}/changes/preview',
    summary: 'What a change of a supply point would change; nothing is written',
    request: { params: SupplyPointPath, body },
    responses: {
      200: {
        description: 'Closings and vacant stretches before and after',
        content: { 'application/json': { schema: RegisterChangePreviewWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('json'), ...c.req.valid('param'), now };
    return c.json(await read((db) => previewRegisterChange(db, actor, input)), 200);
  },
);

registerChanges.openapi(
  protectedRoute('register.change', {
    method: 'post',
    'x-cost': 'light',
    path: '/supply-points/{supplyPointId}/changes',
    summary: 'Change a supply point in the register',
    request: { headers: KeyHeader, params: SupplyPointPath, body },
    responses: {
      201: {
        description: 'It is registered; Location says where it is found',
        content: { 'application/json': { schema: RegisterChangedWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const { supplyPointId } = c.req.valid('param');
    const given = c.req.valid('json');
    const changed = await writeOnce(c, given, async (tx) => {
      const done = await changeRegister(tx, actor, { ...given, supplyPointId, now });
      return { status: 201, location: `/api/v1/register-changes/${done.changeId}`, body: done };
    });
    return c.json(changed, 201);
  },
);

registerChanges.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/register-changes/{changeId}',
    summary: 'A change of a supply point, and what rests on it',
    request: { params: RegisterChangePath },
    responses: {
      200: {
        description: 'The change',
        content: { 'application/json': { schema: RegisterChangeWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    const input = c.req.valid('param');
    return c.json(await read((db) => getRegisterChange(db, actor, input)), 200);
  },
);

registerChanges.openapi(
  protectedRoute('register.change', {
    method: 'delete',
    'x-cost': 'light',
    path: '/register-changes/{changeId}',
    summary: 'Undo a change on which nothing rests',
    request: { headers: KeyHeader, params: RegisterChangePath },
    responses: {
      200: {
        description: 'The supply point is what it was before the change',
        content: { 'application/json': { schema: UndoneChangeWire } },
      },
    },
  }),
  async (c) => {
    const { actor } = c.var.context;
    const input = c.req.valid('param');
    const undone = await writeOnce(c, input, async (tx) => ({
      status: 200,
      body: await undoRegisterChange(tx, actor, input),
    }));
    return c.json(undone, 200);
  },
);
