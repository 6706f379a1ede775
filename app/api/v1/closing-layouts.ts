import { removeLayout, restoreLayout, saveLayout } from '../../../lib/layouts/layout-commands.ts';
import { getLayout, listLayouts } from '../../../lib/layouts/layout-queries.ts';
import {
  LayoutChange,
  LayoutInput,
  LayoutPath,
  LayoutsWire,
  LayoutWire,
} from '../../../lib/layouts/layout-wire.ts';
import { createResource, protectedRoute } from './resource.ts';
import { KeyHeader, writeOnce } from './write-once.ts';

/** Layouts of closing files that the utility makes for itself. */
export const closingLayouts = createResource();

const layout = (description: string) => ({
  description,
  content: { 'application/json': { schema: LayoutWire } },
});

closingLayouts.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/closings/layouts',
    summary: 'The layouts of closing files that the utility made, in their latest versions',
    responses: {
      200: {
        description: 'By name; removed ones behind the others, at most 200',
        content: { 'application/json': { schema: LayoutsWire } },
      },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json({ layouts: await read((db) => listLayouts(db, actor)) }, 200);
  },
);

closingLayouts.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/closings/layouts/{layoutId}',
    summary: 'A layout of closing files in its latest version',
    request: { params: LayoutPath },
    responses: { 200: layout('The layout') },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json(await read((db) => getLayout(db, actor, c.req.valid('param'))), 200);
  },
);

closingLayouts.openapi(
  protectedRoute('closing.layout', {
    method: 'post',
    'x-cost': 'light',
    path: '/closings/layouts',
    summary: 'Make a layout of closing files',
    request: {
      headers: KeyHeader,
      body: { required: true, content: { 'application/json': { schema: LayoutInput } } },
    },
    responses: { 201: layout('It is offered from now on; Location says where it is found') },
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const body = c.req.valid('json');
    const saved = await writeOnce(c, body, async (tx) => {
      const made = await saveLayout(tx, actor, { ...body, now });
      const location = `/api/v1/closings/layouts/${made.layoutId}`;
      return { status: 201, location, body: made };
    });
    return c.json(saved, 201);
  },
);

closingLayouts.openapi(
  protectedRoute('closing.layout', {
    method: 'post',
    'x-cost': 'light',
    path: '/closings/layouts/{layoutId}/versions',
    summary: 'Change a layout: its next version; files can still be written with the former ones',
    request: {
      headers: KeyHeader,
      params: LayoutPath,
      body: { required: true, content: { 'application/json': { schema: LayoutChange } } },
    },
    responses: { 201: layout('The layout in its new version') },
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const { layoutId } = c.req.valid('param');
    const { version, ...body } = c.req.valid('json');
    const saved = await writeOnce(c, { version, ...body }, async (tx) => {
      const of = { layoutId, version };
      return { status: 201, body: await saveLayout(tx, actor, { ...body, now, of }) };
    });
    return c.json(saved, 201);
  },
);

closingLayouts.openapi(
  protectedRoute('closing.layout', {
    method: 'delete',
    'x-cost': 'light',
    path: '/closings/layouts/{layoutId}',
    summary: 'Remove a layout from those that are offered; files that were written with it stay',
    request: { headers: KeyHeader, params: LayoutPath },
    responses: { 200: layout('The layout with the instant of its removal') },
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const { layoutId } = c.req.valid('param');
    const removed = await writeOnce(c, { layoutId }, async (tx) => ({
      status: 200,
      body: await removeLayout(tx, actor, { layoutId, now }),
    }));
    return c.json(removed, 200);
  },
);

closingLayouts.openapi(
  protectedRoute('closing.layout', {
    method: 'post',
    'x-cost': 'light',
    path: '/closings/layouts/{layoutId}/restore',
    summary: 'Offer a removed layout again',
    request: { headers: KeyHeader, params: LayoutPath },
    responses: { 200: layout('The layout') },
  }),
  async (c) => {
    const { actor } = c.var.context;
    const { layoutId } = c.req.valid('param');
    const restored = await writeOnce(c, { layoutId }, async (tx) => ({
      status: 200,
      body: await restoreLayout(tx, actor, { layoutId }),
    }));
    return c.json(restored, 200);
  },
);
