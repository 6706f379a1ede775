import { askReadyMail, withdrawReadyMail } from '../../../lib/readiness/ready-mail-commands.ts';
import { getReadyMails } from '../../../lib/readiness/ready-mail-queries.ts';
import {
  ReadyMailInput,
  ReadyMailPath,
  ReadyMailsWire,
} from '../../../lib/readiness/ready-mail-wire.ts';
import { createResource, protectedRoute } from './resource.ts';
import { KeyHeader, writeOnce } from './write-once.ts';

/** Mails to the signed-in person when a closing is ready. */
export const readyMails = createResource();

const mails = (description: string) => ({
  description,
  content: { 'application/json': { schema: ReadyMailsWire } },
});

readyMails.openapi(
  protectedRoute('closing.ready-mail', {
    method: 'get',
    'x-cost': 'light',
    path: '/closings/ready-mails',
    summary: 'What the signed-in person asked to be told of closings, and to which address',
    responses: { 200: mails('Of this person alone') },
  }),
  async (c) => {
    const { actor, read } = c.var.context;
    return c.json(await read((db) => getReadyMails(db, actor)), 200);
  },
);

readyMails.openapi(
  protectedRoute('closing.ready-mail', {
    method: 'post',
    path: '/closings/ready-mails',
    summary: 'Ask for a mail when a closing is ready: of one month, or each month',
    request: {
      headers: KeyHeader,
      body: { required: true, content: { 'application/json': { schema: ReadyMailInput } } },
    },
    responses: {
      201: mails(
        'One mail comes when the day has closed and no report is awaited. 409 where the closing is ready already, the mail is asked for, or the account has no mail address',
      ),
    },
  }),
  async (c) => {
    const { actor, now } = c.var.context;
    const body = c.req.valid('json');
    const asked = await writeOnce(c, body, async (tx) => {
      await askReadyMail(tx, actor, { ...body, now });
      return { status: 201, body: await getReadyMails(tx, actor) };
    });
    return c.json(asked, 201);
  },
);

readyMails.openapi(
  protectedRoute('closing.ready-mail', {
    method: 'delete',
    'x-cost': 'light',
    path: '/closings/ready-mails/{requestId}',
    summary: 'Take back what was asked for; a mail that was entered already still comes',
    request: { headers: KeyHeader, params: ReadyMailPath },
    responses: { 200: mails('What is still asked for') },
  }),
  async (c) => {
    const { actor } = c.var.context;
    const { requestId } = c.req.valid('param');
    const left = await writeOnce(c, { requestId }, async (tx) => {
      await withdrawReadyMail(tx, actor, { requestId });
      return { status: 200, body: await getReadyMails(tx, actor) };
    });
    return c.json(left, 200);
  },
);
