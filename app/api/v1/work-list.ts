import { getWorkChoices } from '../../../lib/work-list/choice-queries.ts';
import { WorkChoicesWire, WorkItemBody } from '../../../lib/work-list/choice-wire.ts';
import { listClosingChecks } from '../../../lib/work-list/closing-check-queries.ts';
import {
  ClosingChecksQuery,
  ClosingChecksWire,
} from '../../../lib/work-list/closing-check-wire.ts';
import { getWorkItem } from '../../../lib/work-list/work-item-queries.ts';
import { listWork } from '../../../lib/work-list/work-list-queries.ts';
import {
  WorkItemDetailWire,
  WorkItemQuery,
  WorkListQuery,
  WorkListWire,
} from '../../../lib/work-list/work-list-wire.ts';
import { createResource, protectedRoute } from './resource.ts';

/** The work-list (要確認): readings that a rule doubts, and rows of closings to check for other reasons. */
export const workList = createResource();

workList.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/work-list',
    summary: 'Readings that a rule of validation doubts and that are not decided',
    request: { query: WorkListQuery },
    responses: {
      200: {
        description: 'One page of them, and counts and litres of all',
        content: { 'application/json': { schema: WorkListWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('query'), now };
    return c.json(await read((db) => listWork(db, actor, input)), 200);
  },
);

workList.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    path: '/work-list/closing-rows',
    summary: 'Rows to check of closings that were not issued, but for those of readings in doubt',
    request: { query: ClosingChecksQuery },
    responses: {
      200: {
        description: 'One page of them, by closing and customer',
        content: { 'application/json': { schema: ClosingChecksWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('query'), now };
    return c.json(await read((db) => listClosingChecks(db, actor, input)), 200);
  },
);

workList.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/work-list/item',
    summary: 'An item of the work-list with the days around it',
    request: { query: WorkItemQuery },
    responses: {
      200: {
        description: 'Registers by the hour, their verdicts, and the sound registers around them',
        content: { 'application/json': { schema: WorkItemDetailWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('query'), now };
    return c.json(await read((db) => getWorkItem(db, actor, input)), 200);
  },
);

workList.openapi(
  protectedRoute('reading.edit', {
    method: 'post',
    path: '/work-list/item/preview',
    summary: 'What each decision on an item of the work-list would bill; nothing is written',
    request: {
      body: { required: true, content: { 'application/json': { schema: WorkItemBody } } },
    },
    responses: {
      200: {
        description: 'Each decision with its edits, and the row of the closing as it would be',
        content: { 'application/json': { schema: WorkChoicesWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('json'), now };
    return c.json(await read((db) => getWorkChoices(db, actor, input)), 200);
  },
);
