import { editReading, secondEdit, takeBackEdit } from '../../../lib/editing/edit-commands.ts';
import { previewDecision, previewEdit } from '../../../lib/editing/edit-preview-queries.ts';
import { getEdit, listEdits, listMeterEdits } from '../../../lib/editing/edit-queries.ts';
import {
  EditDecidedWire,
  EditMadeWire,
  EditPath,
  EditPreviewWire,
  EditsQuery,
  EditsWire,
  MeterEditsWire,
  ReadingEditWire,
  SecondEditBody,
  TakeBackEditBody,
} from '../../../lib/editing/edit-wire.ts';
import { EditSubject, ReadingEditInput } from '../../../lib/editing/reading-edit.ts';
import { MeterPath } from '../../../lib/meters/meter-wire.ts';
import { createResource, protectedRoute } from './resource.ts';
import { KeyHeader, writeOnce } from './write-once.ts';

/** Edits of readings (訂正): preview, act, second look, undo, and all versions. */
export const edits = createResource();

const EditBody = ReadingEditInput.meta({ id: 'EditBody' });
const EditPreviewBody = EditSubject.meta({ id: 'EditPreviewBody' });
const json = <T>(schema: T) => ({ 'application/json': { schema } });

edits.openapi(
  protectedRoute('reading.edit', {
    method: 'post',
    path: '/meters/{meterId}/edits/preview',
    summary: 'What an edit of a reading would change; nothing is written',
    request: { params: MeterPath, body: { required: true, content: json(EditPreviewBody) } },
    responses: {
      200: {
        description: 'Registers, usage and closings before and after, and warnings',
        content: json(EditPreviewWire),
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('json'), ...c.req.valid('param'), now };
    return c.json(await read((db) => previewEdit(db, actor, input)), 200);
  },
);

edits.openapi(
  protectedRoute('reading.edit', {
    method: 'post',
    'x-cost': 'light',
    path: '/meters/{meterId}/edits',
    summary: 'Strike a reading, enter one by hand, or confirm one that a rule doubts',
    request: {
      headers: KeyHeader,
      params: MeterPath,
      body: { required: true, content: json(EditBody) },
    },
    responses: {
      201: {
        description:
          'It stands, or is proposed to a second person; Location says where it is found',
        content: json(EditMadeWire),
      },
    },
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const body = c.req.valid('json');
    const input = { ...body, ...c.req.valid('param'), now };
    const made = await writeOnce(c, body, async (tx) => {
      const done = await editReading(tx, actor, input);
      return { status: 201, location: `/api/v1/edits/${done.editId}`, body: done };
    });
    return c.json(made, 201);
  },
);

edits.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/meters/{meterId}/edits',
    summary: 'All edits of the readings of a meter, whatever became of them',
    request: { params: MeterPath },
    responses: {
      200: { description: 'Latest first, at most 200', content: json(MeterEditsWire) },
    },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    const input = c.req.valid('param');
    return c.json({ edits: await read((db) => listMeterEdits(db, actor, input)) }, 200);
  },
);

edits.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/edits',
    summary: 'Edits of readings in a state, by default those that wait for a second person',
    request: { query: EditsQuery },
    responses: { 200: { description: 'Latest first', content: json(EditsWire) } },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json(await read((db) => listEdits(db, actor, c.req.valid('query'))), 200);
  },
);

edits.openapi(
  protectedRoute('meter.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/edits/{editId}',
    summary: 'An edit of a reading',
    request: { params: EditPath },
    responses: { 200: { description: 'The edit', content: json(ReadingEditWire) } },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json(await read((db) => getEdit(db, actor, c.req.valid('param'))), 200);
  },
);

edits.openapi(
  protectedRoute('reading.edit', {
    method: 'post',
    path: '/edits/{editId}/preview',
    summary: 'What deciding on an edit would change; nothing is written',
    request: { params: EditPath },
    responses: {
      200: {
        description: 'Of a proposed edit that it stands, of a standing one that it is taken back',
        content: json(EditPreviewWire),
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), now };
    return c.json(await read((db) => previewDecision(db, actor, input)), 200);
  },
);

edits.openapi(
  protectedRoute('reading.edit', {
    method: 'post',
    'x-cost': 'light',
    path: '/edits/{editId}/second',
    summary: 'The second look of another person at a proposed edit',
    request: {
      headers: KeyHeader,
      params: EditPath,
      body: { required: true, content: json(SecondEditBody) },
    },
    responses: { 200: { description: 'It stands or is refused', content: json(EditDecidedWire) } },
  }),
  async (c) => {
    const { actor } = c.var.context;
    const { editId } = c.req.valid('param');
    const body = c.req.valid('json');
    const decided = await writeOnce(c, body, async (tx) => ({
      status: 200,
      body: { editId, ...(await secondEdit(tx, actor, { ...body, editId })) },
    }));
    return c.json(decided, 200);
  },
);

edits.openapi(
  protectedRoute('reading.edit', {
    method: 'post',
    'x-cost': 'light',
    path: '/edits/{editId}/take-back',
    summary: 'Take a standing edit back, or withdraw a proposed one',
    request: {
      headers: KeyHeader,
      params: EditPath,
      body: { required: true, content: json(TakeBackEditBody) },
    },
    responses: {
      200: {
        description: 'Its hours count as they were received; an edit that it superseded stays so',
        content: json(EditDecidedWire),
      },
    },
  }),
  async (c) => {
    const { actor } = c.var.context;
    const { editId } = c.req.valid('param');
    const body = c.req.valid('json');
    const decided = await writeOnce(c, body, async (tx) => {
      await takeBackEdit(tx, actor, { ...body, editId });
      return { status: 200, body: { editId, state: 'taken-back' as const } };
    });
    return c.json(decided, 200);
  },
);
