/**
 * Mail server for tests: a real SMTP server on the loopback interface with scripted refusals; it keeps accepted mails.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { type CaughtMail, readMail } from '../../bin/demo/caught-mail.ts';
import type { MailServer } from '../../lib/mail/mail-server.ts';
import type { TestCertificate } from './certificate.ts';

export interface AcceptedMail extends CaughtMail {
  raw: string;
  /** Recipients of the envelope. */
  recipients: string[];
  sender: string;
  isEncrypted: boolean;
  user: unknown;
}

/** One refusal of a command. */
export interface Refusal {
  at: 'greeting' | 'sender' | 'recipient' | 'data';
  code: number;
  says: string;
}

export interface TestMailServer {
  /** Settings of this server for the worker. */
  settings: MailServer;
  accepted: AcceptedMail[];
  /** Senders of all mails, accepted or refused. */
  senders: string[];
  /** Pending refusals; each is used once, in this order per command. */
  refusals: Refusal[];
  /** Called before a mail is accepted. */
  beforeAccepting: (mail: AcceptedMail) => Promise<void>;
  close(): Promise<void>;
}

export interface TestMailServerOptions {
  /** Certificate; STARTTLS is offered with it. */
  certificate?: TestCertificate;
  /** Password of the required sign-in, after STARTTLS when that is offered. */
  password?: string;
  /** Reply to a wrong password. */
  repeats?: string;
}

export async function startMailServer(
  { certificate, password, repeats }: TestMailServerOptions = {},
  port = 0,
): Promise<TestMailServer> {
  const test: Omit<TestMailServer, 'settings' | 'close'> = {
    ...{ accepted: [], senders: [], refusals: [] },
    beforeAccepting: async () => undefined,
  };
  const refuse = (at: Refusal['at']): Error | null => {
    const found = test.refusals.findIndex((each) => each.at === at);
    const [refusal] = found < 0 ? [] : test.refusals.splice(found, 1);
    return refusal ? Object.assign(new Error(refusal.says), { responseCode: refusal.code }) : null;
  };
  const server = new SMTPServer({
    ...(certificate
      ? { cert: readFileSync(certificate.certificateFile), key: readFileSync(certificate.keyFile) }
      : {}),
    disabledCommands: [...(certificate ? [] : ['STARTTLS']), ...(password ? [] : ['AUTH'])],
    ...{ disableReverseLookup: true, allowInsecureAuth: true, authOptional: !password },
    onAuth: (auth, _session, done) =>
      auth.password === password
        ? done(null, { user: auth.username })
        : done(Object.assign(new Error(repeats ?? 'wrong'), { responseCode: 535 })),
    onConnect: (_session, done) => done(refuse('greeting')),
    onMailFrom: ({ address }, _session, done) => {
      test.senders.push(address);
      done(refuse('sender'));
    },
    onRcptTo: (_address, _session, done) => done(refuse('recipient')),
    onData: (stream, session, done) => void receive(stream, session, done),
  } satisfies SMTPServerOptions);
  const receive: NonNullable<SMTPServerOptions['onData']> = async (stream, session, done) => {
    const raw = await text(stream);
    const refusal = refuse('data');
    if (refusal) return done(refusal);
    const mail = {
      ...readMail(raw),
      raw,
      recipients: session.envelope.rcptTo.map(({ address }) => address),
      sender: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
      isEncrypted: session.secure,
      user: session.user as unknown,
    };
    test.accepted.push(mail);
    await test.beforeAccepting(mail);
    done(null, `queued as ${test.accepted.length}`);
  };
  server.on('error', () => undefined);
  const listener = server.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  const { port: taken } = listener.address() as AddressInfo;
  return Object.assign(test, {
    settings: settingsOf(taken),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

/** Starts a server that accepts connections and sends nothing, not even a greeting. */
export async function startSilentServer(): Promise<{
  settings: MailServer;
  connections: () => number;
  close: () => Promise<void>;
}> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    settings: settingsOf((server.address() as AddressInfo).port),
    connections: () => sockets.length,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

export function settingsOf(port: number): MailServer {
  return {
    ...{ host: '127.0.0.1', port, auth: undefined, tls: 'none' },
    from: 'kenshin@cloud.example',
  };
}
