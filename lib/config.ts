/** Configuration, parsed once at start from the environment and passed down. Only this file reads the environment. */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { MailAddress } from './mail/mail-address.ts';
import { type MailServer, parseSmtpUrl, type SmtpAddress } from './mail/mail-server.ts';

const port = z.coerce.number().int().min(0).max(65_535);

/** Minimum number of different characters of a random secret: 32 random bytes as hex have 14 to 16. */
const SECRET_VARIETY = 8;

const WebConfig = z.object({
  DATABASE_URL: z.url(),
  /** Encrypts the session cookie and signs device cookies; at least 32 characters. */
  NEXTAUTH_SECRET: z
    .string()
    .min(32)
    .refine((secret) => new Set(secret).size >= SECRET_VARIETY, {
      message: 'too few different characters: make it with `openssl rand -base64 32`',
    }),
  NEXTAUTH_URL: z.url(),
  /** Proxies whose `x-forwarded-for` is trusted: addresses and ranges (CIDR) separated by commas; none by default. */
  KENSHIN_TRUSTED_PROXIES: z.string().default('').transform(parseAddresses),
  /** Contact for reports of weaknesses in /.well-known/security.txt: `mailto:…` or `https:…`. */
  KENSHIN_SECURITY_CONTACT: z
    .string()
    .regex(/^(mailto:|https:)[!-~]+$/)
    .optional(),
  /** Health and metrics, on the loopback interface. */
  KENSHIN_WEB_HEALTH_PORT: port.default(9465),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

/** Settings of a process with a worker. */
const MAIL_SETTINGS = {
  /** Mail server; without it mails wait. */
  KENSHIN_SMTP_URL: z.string().optional().transform(readSmtpUrl),
  /** Whether mails may be sent unencrypted to a server on another machine without TLS. */
  KENSHIN_SMTP_TLS: z.enum(['required', 'if-offered']).default('required'),
  /** Sender of the mails. */
  KENSHIN_MAIL_FROM: MailAddress.optional(),
  /** Address of the site as staff open it, for links in mails; without it mails name the page. */
  KENSHIN_SITE_URL: z
    .url({ protocol: /^https?$/ })
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
};
const WHOLE_MAIL_SERVER = { message: 'KENSHIN_SMTP_URL and KENSHIN_MAIL_FROM go together' };
const MAIL_PASSWORD_IN_CLEAR = {
  message:
    'with a password in KENSHIN_SMTP_URL, KENSHIN_SMTP_TLS is required: the password would go in clear',
};

const IngestConfig = z
  .object({
    DATABASE_URL: z.url(),
    /** Folder with one key-encryption key per utility: `<utility code>.key`, 32 bytes as hex. */
    KENSHIN_KEK_DIRECTORY: z.string().min(1),
    KENSHIN_MQTT_HOST: z.string().default('127.0.0.1'),
    KENSHIN_MQTT_PORT: port.default(1883),
    KENSHIN_MQTT_TLS_CERT: z.string().optional(),
    KENSHIN_MQTT_TLS_KEY: z.string().optional(),
    /** Maximum number of connected terminals; further ones are refused and retry later. */
    KENSHIN_MQTT_MAX_CONNECTIONS: z.coerce.number().int().min(1).default(20_000),
    /** Waiting sign-ins of one address; 0 sets no limit, for a load balancer that hides the addresses. */
    KENSHIN_MQTT_MAX_SIGN_INS_OF_ADDRESS: z.coerce.number().int().min(0).default(1000),
    /** Health and metrics, on the loopback interface. */
    KENSHIN_HEALTH_PORT: port.default(9464),
    /** As kenshin_worker: has a worker run in the process of the sidecar; without it none does. */
    KENSHIN_WORKER_DATABASE_URL: z.url().optional(),
    ...MAIL_SETTINGS,
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .refine(
    (config) => Boolean(config.KENSHIN_MQTT_TLS_CERT) === Boolean(config.KENSHIN_MQTT_TLS_KEY),
    {
      message: 'KENSHIN_MQTT_TLS_CERT and KENSHIN_MQTT_TLS_KEY go together',
    },
  )
  .refine(
    (config) => Boolean(config.KENSHIN_MQTT_TLS_CERT) || isLoopback(config.KENSHIN_MQTT_HOST),
    {
      message:
        'without a certificate the broker listens on loopback only: set KENSHIN_MQTT_TLS_CERT',
    },
  )
  .refine(hasWholeMailServer, WHOLE_MAIL_SERVER)
  .refine(keepsMailPassword, MAIL_PASSWORD_IN_CLEAR);

const WorkerConfig = z
  .object({
    DATABASE_URL: z.url(),
    /** Health and metrics, on the loopback interface. */
    KENSHIN_WORKER_HEALTH_PORT: port.default(9466),
    ...MAIL_SETTINGS,
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .refine(hasWholeMailServer, WHOLE_MAIL_SERVER)
  .refine(keepsMailPassword, MAIL_PASSWORD_IN_CLEAR);

export type WebConfig = z.infer<typeof WebConfig>;
export type IngestConfig = z.infer<typeof IngestConfig>;
export type WorkerConfig = z.infer<typeof WorkerConfig>;
export type Environment = Record<string, string | undefined>;

/** @throws Error that names each missing or wrong variable, without its value */
export function readWebConfig(environment: Environment = process.env): WebConfig {
  return parse(WebConfig, environment);
}

/**
 * Log level of the web process; read separately because a build, which has no other configuration, loads the log too.
 */
export function readWebLogLevel(environment: Environment = process.env): WebConfig['LOG_LEVEL'] {
  return parse(WebConfig.pick({ LOG_LEVEL: true }), environment).LOG_LEVEL;
}

/** @throws Error that names each missing or wrong variable, without its value */
export function readIngestConfig(environment: Environment = process.env): IngestConfig {
  return parse(IngestConfig, environment);
}

/** @throws Error that names each missing or wrong variable, without its value */
export function readWorkerConfig(environment: Environment = process.env): WorkerConfig {
  return parse(WorkerConfig, environment);
}

/** Settings of a worker's mail server as read. */
interface MailConfig {
  KENSHIN_SMTP_URL?: SmtpAddress | undefined;
  KENSHIN_SMTP_TLS: 'required' | 'if-offered';
  KENSHIN_MAIL_FROM?: string | undefined;
}

function hasWholeMailServer({ KENSHIN_SMTP_URL, KENSHIN_MAIL_FROM }: MailConfig): boolean {
  return Boolean(KENSHIN_SMTP_URL) === Boolean(KENSHIN_MAIL_FROM);
}

/** False when a machine in between could remove STARTTLS and read the password. */
function keepsMailPassword({ KENSHIN_SMTP_URL: server, KENSHIN_SMTP_TLS }: MailConfig): boolean {
  if (!server?.auth || KENSHIN_SMTP_TLS === 'required') return true;
  return server.isEncrypted || isLoopback(server.host);
}

/** Mail server of a worker; undefined when none is configured. */
export function mailServerOf(config: MailConfig): MailServer | undefined {
  const { KENSHIN_SMTP_URL: address, KENSHIN_SMTP_TLS: chosen, KENSHIN_MAIL_FROM: from } = config;
  if (!address || from === undefined) return undefined;
  const { host, port, auth, isEncrypted } = address;
  const clear = isLoopback(host) ? 'none' : chosen;
  return { host, port, auth, from, tls: isEncrypted ? 'from-start' : clear };
}

/** True under `next dev`, whose scripts need a weaker content security policy than a built site. */
export function isDevelopment(environment: Environment = process.env): boolean {
  return environment.NODE_ENV === 'development';
}

function parse<T>(schema: z.ZodType<T>, environment: Environment): T {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `  ${path.join('.') || 'configuration'}: ${message}`,
  );
  throw new Error(`The configuration is not complete:\n${faults.join('\n')}`);
}

function readSmtpUrl(text: string | undefined, context: z.RefinementCtx): SmtpAddress | undefined {
  if (text === undefined) return undefined;
  const address = parseSmtpUrl(text);
  if (!address) {
    const message = 'give smtp://HOST:PORT or smtps://USER:PASSWORD@HOST:PORT';
    context.addIssue({ code: 'custom', message });
  }
  return address;
}

function parseAddresses(text: string, context: z.RefinementCtx): BlockList {
  const list = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry && !addAddress(list, entry)) {
      context.addIssue({ code: 'custom', message: 'not a list of addresses and ranges' });
    }
  }
  return list;
}

/** Adds `10.0.0.7` or `10.0.0.0/8`, IPv6 likewise; false for anything else. */
function addAddress(list: BlockList, entry: string): boolean {
  const [address = '', length] = entry.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (length === undefined) list.addAddress(address, family);
  else if (!/^\d{1,3}$/.test(length) || Number(length) > (version === 6 ? 128 : 32)) return false;
  else list.addSubnet(address, Number(length), family);
  return true;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
