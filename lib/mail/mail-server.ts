/** Mail server of the worker's configuration. */

/**
 * Encryption of the connection. `from-start`: from its first byte (smtps). `required`: by STARTTLS, or nothing is sent.
 * `if-offered`: by STARTTLS when the server offers it. `none`: never, for a server on the same machine.
 */
export type SmtpTls = 'from-start' | 'required' | 'if-offered' | 'none';

export interface SmtpAddress {
  host: string;
  port: number;
  /** True for smtps. */
  isEncrypted: boolean;
  auth: { user: string; password: string } | undefined;
}

export interface MailServer extends Pick<SmtpAddress, 'host' | 'port' | 'auth'> {
  tls: SmtpTls;
  /** Sender address of all mails. */
  from: string;
  /** PEM of a trusted authority in place of Node's list; for tests. */
  ca?: string;
}

const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;

/**
 * Parses `smtp://HOST[:PORT]` or `smtps://…`, with percent-encoded `USER:PASSWORD@` before the host for a sign-in.
 * Undefined for anything else.
 */
export function parseSmtpUrl(text: string): SmtpAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isEncrypted = url.protocol === 'smtps:';
  const isBare = /^\/?$/.test(url.pathname) && url.search === '' && url.hash === '';
  const hasBothOrNone = (url.username === '') === (url.password === '');
  if (!(isEncrypted || url.protocol === 'smtp:') || !isBare || !hasBothOrNone) return undefined;
  // An IPv6 address is in brackets.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') return undefined;
  const port =
    url.port === '' ? (isEncrypted ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(url.port);
  try {
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    return { host, port, isEncrypted, auth: user === '' ? undefined : { user, password } };
  } catch {
    return undefined;
  }
}
