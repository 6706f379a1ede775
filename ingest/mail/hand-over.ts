// Sending of one mail over SMTP, with the outcome: accepted, refused for good, or deferred.
import { createTransport, type NodemailerError, type SMTPTransportOptions } from 'nodemailer';
import { messageOf } from '../../lib/errors.ts';
import { domainOf, MailAddress } from '../../lib/mail/mail-address.ts';
import type { MailHandOver } from '../../lib/mail/mail-sending-commands.ts';
import type { MailServer, SmtpTls } from '../../lib/mail/mail-server.ts';
import { printable } from '../../lib/printable.ts';

/** Time limits of a sending, in milliseconds. */
export interface SmtpTimes {
  connectMs: number;
  greetingMs: number;
  /** Longest silence of the server. */
  silenceMs: number;
  wholeMs: number;
}

export const SMTP_TIMES: SmtpTimes = {
  connectMs: 10_000,
  greetingMs: 20_000,
  silenceMs: 30_000,
  wholeMs: 90_000,
};

export interface OutgoingMail {
  /** Address of the one recipient. */
  to: string;
  subject: string;
  text: string;
  /** Message-ID with its angle brackets. */
  messageId: string;
  date: Date;
}

/**
 * Commands whose refusal concerns this one mail. Other refusals concern the server, the sender or the sign-in: a person
 * can correct those.
 */
const OF_THE_MAIL: readonly (string | undefined)[] = ['RCPT TO', 'DATA'];
/** Reply codes that require or refuse a sign-in, after any command. */
const OF_THE_SIGN_IN: readonly (number | undefined)[] = [530, 534, 535, 538];
const TLS: Record<SmtpTls, Pick<SMTPTransportOptions, 'secure' | 'requireTLS' | 'ignoreTLS'>> = {
  'from-start': { secure: true },
  required: { secure: false, requireTLS: true },
  'if-offered': { secure: false },
  none: { secure: false, ignoreTLS: true },
};
const MAX_TEXT = 500;
/** Maximum length of a reply that is processed, in characters. */
const MAX_READ = 2000;

export async function handOver(
  server: MailServer,
  mail: OutgoingMail,
  { signal, times = SMTP_TIMES }: { signal?: AbortSignal | undefined; times?: SmtpTimes } = {},
): Promise<MailHandOver> {
  // nodemailer extracts an address from surrounding text; such text is refused here.
  if (!MailAddress.safeParse(mail.to).success) {
    return { outcome: 'refused', error: 'the address of the account is no plain mail address' };
  }
  const transport = createTransport(transportOptions(server, times));
  const whole = AbortSignal.timeout(times.wholeMs);
  try {
    const { response } = await transport.sendMail({
      from: { name: 'Kenshin', address: server.from },
      to: { name: '', address: mail.to },
      envelope: { from: server.from, to: [mail.to] },
      subject: mail.subject,
      text: mail.text,
      messageId: mail.messageId,
      date: mail.date,
      // Suppresses automatic replies such as holiday notices (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
      xMailer: false,
      disableFileAccess: true,
      disableUrlAccess: true,
      signal: signal ? AbortSignal.any([signal, whole]) : whole,
    });
    return { outcome: 'accepted', reply: plainText(response, server) };
  } catch (error) {
    // Errors of other kinds lack these fields.
    const outcome = isForGood(error as NodemailerError) ? 'refused' : 'deferred';
    return { outcome, error: plainText(messageOf(error), server) };
  } finally {
    transport.close();
  }
}

/** Message-ID of a mail; it stays the same at every attempt. */
export function newMessageId(server: Pick<MailServer, 'from'>, id: string): string {
  return `<${id}@${domainOf(server.from)}>`;
}

function transportOptions(server: MailServer, times: SmtpTimes): SMTPTransportOptions {
  const { host, port, auth, tls, ca } = server;
  return {
    host,
    port,
    ...TLS[tls],
    // `forceAuth`: a configured password is used, or nothing is sent.
    ...(auth && { auth: { user: auth.user, pass: auth.password }, forceAuth: true }),
    ...(ca !== undefined && { tls: { ca } }),
    dnsTimeout: times.connectMs,
    connectionTimeout: times.connectMs,
    greetingTimeout: times.greetingMs,
    socketTimeout: times.silenceMs,
  };
}

function isForGood({ command, responseCode, permanent }: NodemailerError): boolean {
  return (
    permanent === true && OF_THE_MAIL.includes(command) && !OF_THE_SIGN_IN.includes(responseCode)
  );
}

/**
 * Reply or error as one line for outbox, log and screen, without addresses and password: servers often repeat what they
 * are told.
 */
function plainText(text: string, { auth }: MailServer): string {
  const line = printable(beginningOf(text).replace(/\s+/g, ' ').trim());
  return withoutPassword(line, auth)
    .replace(/[^\s<>()",:;]+@[^\s<>()",:;]+/g, '(address)')
    .slice(0, MAX_TEXT);
}

/**
 * A server may reply with a megabyte, and the search for addresses takes the square of the length. The last 254
 * characters of what is cut are left out, back to a blank, as they may be part of an address.
 */
function beginningOf(text: string): string {
  return text.length <= MAX_READ ? text : text.slice(0, MAX_READ).replace(/\S{1,254}$/, '');
}

function withoutPassword(text: string, auth: MailServer['auth']): string {
  if (auth === undefined) return text;
  const { user, password } = auth;
  const coded = [`\0${user}\0${password}`, password].map((each) =>
    Buffer.from(each).toString('base64'),
  );
  return [...coded, password].reduce((rest, each) => rest.replaceAll(each, '(password)'), text);
}
