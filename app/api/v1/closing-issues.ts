import { askIssue, cancelIssue } from '../../../lib/closing/issue-commands.ts';
import { getIssue, listIssues } from '../../../lib/closing/issue-queries.ts';
import {
  ClosingIssueBody,
  ClosingIssuesQuery,
  ClosingIssuesWire,
  ClosingIssueWire,
  IssuePath,
} from '../../../lib/closing/issue-wire.ts';
import { createResource, protectedRoute } from './resource.ts';
import { KeyHeader, writeOnce } from './write-once.ts';

/** Issuing of closings as work that goes on without the client. */
export const closingIssues = createResource();

const issue = (description: string) => ({
  description,
  content: { 'application/json': { schema: ClosingIssueWire } },
});

closingIssues.openapi(
  protectedRoute('closing.export', {
    method: 'post',
    'x-cost': 'light',
    path: '/closings/issues',
    summary:
      'Have closings issued, without waiting for it: the files are taken from the runs once the state is issued',
    request: {
      headers: KeyHeader,
      body: { required: true, content: { 'application/json': { schema: ClosingIssueBody } } },
    },
    responses: {
      202: issue(
        'It is being worked on; Location says where its progress is found. Where the same closings are being issued already, that issue',
      ),
    },
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const body = c.req.valid('json');
    const asked = await writeOnce(c, body, async (tx) => {
      const { issue: made } = await askIssue(tx, actor, { ...body, now });
      const location = `/api/v1/closings/issues/${made.issueId}`;
      return { status: 202, location, body: made };
    });
    return c.json(asked, 202);
  },
);

closingIssues.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/closings/issues',
    summary: 'Issues of closings that were asked for, with their progress or their end',
    request: { query: ClosingIssuesQuery },
    responses: {
      200: {
        description: 'The latest first',
        content: { 'application/json': { schema: ClosingIssuesWire } },
      },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('query'), now };
    return c.json(await read((db) => listIssues(db, actor, input)), 200);
  },
);

closingIssues.openapi(
  protectedRoute('closing.read', {
    method: 'get',
    'x-cost': 'light',
    path: '/closings/issues/{issueId}',
    summary: 'An issue of closings: how far it is, or how it ended',
    request: { params: IssuePath },
    responses: { 200: issue('The issue') },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const input = { ...c.req.valid('param'), now };
    return c.json(await read((db) => getIssue(db, actor, input)), 200);
  },
);

closingIssues.openapi(
  protectedRoute('closing.export', {
    method: 'post',
    'x-cost': 'light',
    path: '/closings/issues/{issueId}/cancel',
    summary: 'Cancel an issue of closings: nothing of it is issued, and its work stops',
    request: { headers: KeyHeader, params: IssuePath },
    responses: { 200: issue('The cancelled issue; 409 when it has ended already') },
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const { issueId } = c.req.valid('param');
    const cancelled = await writeOnce(c, { issueId }, async (tx) => ({
      status: 200,
      body: await cancelIssue(tx, actor, { issueId, now }),
    }));
    return c.json(cancelled, 200);
  },
);
