import {
  recordCircumstance,
  setEstimation,
  setVolumeFactor,
  withdrawCircumstance,
} from '../../../lib/estimation/estimation-commands.ts';
import { getEstimation, getPlaceEstimation } from '../../../lib/estimation/estimation-queries.ts';
import {
  CircumstanceBody,
  CircumstancePath,
  DoneWire,
  EstimationBody,
  EstimationWire,
  PlaceEstimationWire,
  PlaceQuery,
  RecordedCircumstanceWire,
  VolumeFactorBody,
} from '../../../lib/estimation/estimation-wire.ts';
import { createResource, protectedRoute } from './resource.ts';
import { KeyHeader, writeOnce } from './write-once.ts';

/** Estimation: how the utility estimates, what is known of a place, decisions on the usage of a closing row. */
export const estimation = createResource();

const DONE = { done: true } as const;
const done = (description: string) => ({
  200: { description, content: { 'application/json': { schema: DoneWire } } },
});

estimation.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/estimation',
    summary: 'How the utility estimates',
    responses: {
      200: {
        description: 'The setting; nothing is estimated until it is set',
        content: { 'application/json': { schema: EstimationWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json(await read((db) => getEstimation(db, actor)), 200);
  },
);

estimation.openapi(
  protectedRoute('estimation.write', {
    method: 'put',
    'x-cost': 'light',
    path: '/estimation',
    summary: 'Set how the utility estimates, from the next closing that is made',
    request: {
      headers: KeyHeader,
      body: { required: true, content: { 'application/json': { schema: EstimationBody } } },
    },
    responses: done('It is set; the former setting is in the audit'),
  }),
  async (c) => {
    const { actor } = c.var.context;
    const body = c.req.valid('json');
    const answer = await writeOnce(c, body, async (tx) => {
      await setEstimation(tx, actor, body);
      return { status: 200, body: DONE };
    });
    return c.json(answer, 200);
  },
);

estimation.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/estimation/place',
    summary: 'Days of absence and disaster of a supply point, and its volume factors',
    request: { query: PlaceQuery },
    responses: {
      200: {
        description: 'Those that stand, latest first, at most 50 of each',
        content: { 'application/json': { schema: PlaceEstimationWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    const query = c.req.valid('query');
    return c.json(await read((db) => getPlaceEstimation(db, actor, query)), 200);
  },
);

estimation.openapi(
  protectedRoute('usage.decide', {
    method: 'post',
    'x-cost': 'light',
    path: '/estimation/circumstances',
    summary:
      'Record days of a supply point on which nobody was there, or a disaster kept it from being read',
    request: {
      ...{ headers: KeyHeader, query: PlaceQuery },
      body: { required: true, content: { 'application/json': { schema: CircumstanceBody } } },
    },
    responses: {
      201: {
        description: 'It is recorded',
        content: { 'application/json': { schema: RecordedCircumstanceWire } },
      },
    },
  }),
  async (c) => {
    const { actor } = c.var.context;
    const input = { ...c.req.valid('json'), ...c.req.valid('query') };
    const answer = await writeOnce(c, input, async (tx) => ({
      status: 201,
      body: await recordCircumstance(tx, actor, input),
    }));
    return c.json(answer, 201);
  },
);

estimation.openapi(
  protectedRoute('usage.decide', {
    method: 'delete',
    'x-cost': 'light',
    path: '/estimation/circumstances/{circumstanceId}',
    summary: 'Withdraw recorded days of a supply point',
    request: { headers: KeyHeader, params: CircumstancePath },
    responses: done('Closings that are made from now on do not know them'),
  }),
  async (c) => {
    const { actor } = c.var.context;
    const input = c.req.valid('param');
    const answer = await writeOnce(c, input, async (tx) => {
      await withdrawCircumstance(tx, actor, input);
      return { status: 200, body: DONE };
    });
    return c.json(answer, 200);
  },
);

estimation.openapi(
  protectedRoute('estimation.write', {
    method: 'put',
    'x-cost': 'light',
    path: '/estimation/factors',
    summary: 'Set the volume factor of a supply point for the periods that begin on a day or later',
    request: {
      ...{ headers: KeyHeader, query: PlaceQuery },
      body: { required: true, content: { 'application/json': { schema: VolumeFactorBody } } },
    },
    responses: done('It is set; 1 ends a factor'),
  }),
  async (c) => {
    const { actor } = c.var.context;
    const input = { ...c.req.valid('json'), ...c.req.valid('query') };
    const answer = await writeOnce(c, input, async (tx) => {
      await setVolumeFactor(tx, actor, input);
      return { status: 200, body: DONE };
    });
    return c.json(answer, 200);
  },
);
