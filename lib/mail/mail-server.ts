/** Mail server of the configuration: where the worker hands mails to, and as what. */

/**
 * When a connection is encrypted. `from-start`: from its first byte (smtps). `required`: by STARTTLS, or nothing is sent.
 * `if-offered`: by STARTTLS where the server has it. `none`: never, for a server on this machine.
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
  /** Address in whose name mails are sent. */
  from: string;
  /** PEM of an authority that is trusted in place of those that Node knows; tests have one of their own. */
  ca?: string;
}

const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;

/**
 * Reads `smtp://HOST[:PORT]` or `smtps://…`, with `USER:PASSWORD@` before the host where the server asks for them, percent-encoded.
 * Undefined for anything else.
 */
export function parseSmtpUrl(text: string): SmtpAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isEncrypted = url.protocol === 'smtps:';
  const isBare = /^\/?$/.test(url.pathname) && url.search === '' && url.hash === '';
  const hasBothOrNone = (url.username === '') === (url.password === '');
  if (!(isEncrypted || url.protocol === 'smtp:') || !isBare || !hasBothOrNone) return undefined;
  // An IPv6 address stands in brackets.
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
