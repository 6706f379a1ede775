import {
  CertifiedBody,
  CorrectionBody,
  DecidedUsageWire,
  DecisionPath,
  DoneWire,
  UsageDecisionPreviewWire,
} from '../../../lib/estimation/estimation-wire.ts';
import {
  certifyUsage,
  correctUsage,
  withdrawUsageDecision,
} from '../../../lib/estimation/usage-decision-commands.ts';
import {
  previewCertified,
  previewCorrection,
} from '../../../lib/estimation/usage-decision-queries.ts';
import { createResource, protectedRoute } from './resource.ts';
import { KeyHeader, writeOnce } from './write-once.ts';

/** Decisions on the usage of a closing row: 認定, and corrections of a meter outside tolerance. */
export const usageDecisions = createResource();

const PREVIEWED = {
  200: {
    description: 'The row before and after, and the calculation of a correction',
    content: { 'application/json': { schema: UsageDecisionPreviewWire } },
  },
};
const DECIDED = {
  201: {
    description: 'It is decided',
    content: { 'application/json': { schema: DecidedUsageWire } },
  },
};

usageDecisions.openapi(
  protectedRoute('usage.decide', {
    method: 'post',
    'x-cost': 'light',
    path: '/usage-decisions/certified/preview',
    summary: 'What a closing row would bill with a usage that is decided; nothing is written',
    request: {
      body: { required: true, content: { 'application/json': { schema: CertifiedBody } } },
    },
    responses: PREVIEWED,
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('json'), now };
    return c.json(await read((db) => previewCertified(db, actor, input)), 200);
  },
);

usageDecisions.openapi(
  protectedRoute('usage.decide', {
    method: 'post',
    'x-cost': 'light',
    path: '/usage-decisions/certified',
    summary:
      'Decide the usage of a closing row without a reading, in place of a former decision on it',
    request: {
      headers: KeyHeader,
      body: { required: true, content: { 'application/json': { schema: CertifiedBody } } },
    },
    responses: DECIDED,
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const body = c.req.valid('json');
    const answer = await writeOnce(c, body, async (tx) => ({
      status: 201,
      body: await certifyUsage(tx, actor, { ...body, now }),
    }));
    return c.json(answer, 201);
  },
);

usageDecisions.openapi(
  protectedRoute('usage.decide', {
    method: 'post',
    'x-cost': 'light',
    path: '/usage-decisions/corrections/preview',
    summary: 'What a correction of a meter outside tolerance would bill; nothing is written',
    request: {
      body: { required: true, content: { 'application/json': { schema: CorrectionBody } } },
    },
    responses: PREVIEWED,
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('json'), now };
    return c.json(await read((db) => previewCorrection(db, actor, input)), 200);
  },
);

usageDecisions.openapi(
  protectedRoute('usage.decide', {
    method: 'post',
    'x-cost': 'light',
    path: '/usage-decisions/corrections',
    summary:
      'Correct what the last closings billed by a meter outside tolerance; billed with the row, beside its usage',
    request: {
      headers: KeyHeader,
      body: { required: true, content: { 'application/json': { schema: CorrectionBody } } },
    },
    responses: DECIDED,
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const body = c.req.valid('json');
    const answer = await writeOnce(c, body, async (tx) => ({
      status: 201,
      body: await correctUsage(tx, actor, { ...body, now }),
    }));
    return c.json(answer, 201);
  },
);

usageDecisions.openapi(
  protectedRoute('usage.decide', {
    method: 'delete',
    'x-cost': 'light',
    path: '/usage-decisions/{decisionId}',
    summary: 'Withdraw a decision with which no closing stands issued',
    request: { headers: KeyHeader, params: DecisionPath },
    responses: {
      200: {
        description: 'It stays to be seen as withdrawn',
        content: { 'application/json': { schema: DoneWire } },
      },
    },
  }),
  async (c) => {
    const { actor } = c.var.context;
    const input = c.req.valid('param');
    const answer = await writeOnce(c, input, async (tx) => {
      await withdrawUsageDecision(tx, actor, input);
      return { status: 200, body: { done: true } as const };
    });
    return c.json(answer, 200);
  },
);
