// [TERM-3] Sign-in of a terminal: registered, under its own number with its own secret, in a clean session without a
// will.
import type { Socket } from 'node:net';
import type { AuthenticateError, Client, ConnectPacket } from 'aedes';
import { networkOf } from '../../lib/client-network.ts';
import { matchesTerminalSecret } from '../../lib/keys/terminal-secret.ts';
import type { ConnectTerminal } from '../../lib/terminals/connect-queries.ts';
import type { TerminalKey } from '../../lib/terminals/owner-commands.ts';
import { TERMINAL_NUMBER } from '../../lib/terminals/terminal-number.ts';
import type { Log } from '../log.ts';
import type { IngestMetrics, RefusalReason } from '../metrics.ts';
import { TooManyLookups } from '../session/register-lookups.ts';
import type { SessionRegistry } from '../session/session-registry.ts';
import type { TerminalOwners } from '../session/terminal-owners.ts';
import type { SessionKeys } from '../session/terminal-session.ts';
import type { UnknownTerminals } from '../session/unknown-terminals.ts';

/** [TERM-3.1] A lost connection is noticed after one and a half times its keep-alive. */
const MAX_KEEP_ALIVE_S = 3600;

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const RETURN_CODE: Record<RefusalReason, 1 | 2 | 3 | 4 | 5> = {
  // Answered before the packet is parsed (broker.ts).
  wrong_protocol: 1,
  identity_mismatch: 2,
  unknown_terminal: 4,
  wrong_secret: 4,
  will: 5,
  persistent_session: 5,
  no_keep_alive: 5,
  keep_alive_too_long: 5,
  key_unavailable: 3,
  database_away: 3,
  too_many_connections: 3,
  busy: 3,
  draining: 3,
};

/** Data of a terminal that may sign in: its register entry, derived keys, and the generation of its connection. */
export interface Admission {
  terminal: ConnectTerminal;
  keys: readonly SessionKeys[];
  ownerGeneration: number;
}

/** Takes the terminals that signed in: Broker (ingest/mqtt/broker.ts). */
export interface AdmittingBroker {
  /** Reason to refuse every sign-in now, before any look-up. */
  closedBecause(): RefusalReason | undefined;
  /** Opens the connection. */
  admit(client: Client, admission: Admission): void;
}

export interface SignInOptions {
  broker: AdmittingBroker;
  registry: SessionRegistry;
  /** Make this process the owner of the terminal before its CONNACK, so that of two CONNECTs the later one counts. */
  owners: Pick<TerminalOwners, 'claim' | 'release'>;
  unknown: Pick<UnknownTerminals, 'note'>;
  metrics: IngestMetrics;
  log: Log;
}

/** Checks CONNECTs. The broker asks twice: with the packet, then for the identity. */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #packetFaults = new WeakMap<Client, RefusalReason>();

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** Checks what only the packet has; the refusal is sent with the CONNACK. */
  examine(client: Client, packet: ConnectPacket): void {
    const fault = faultOf(packet);
    if (fault !== undefined) this.#packetFaults.set(client, fault);
  }

  async authenticate(
    client: Client,
    username: string | undefined,
    secret: Buffer | undefined,
  ): Promise<AuthenticateError | undefined> {
    const reason = await this.#judge(client, username, secret);
    if (reason === undefined) return undefined;
    this.#options.metrics.refused(reason);
    this.#options.log.info({ terminal: shown(client.id), reason }, 'connection refused');
    return Object.assign(new Error(reason), { returnCode: RETURN_CODE[reason] });
  }

  async #judge(
    client: Client,
    username: string | undefined,
    secret: Buffer | undefined,
  ): Promise<RefusalReason | undefined> {
    const early = this.#options.broker.closedBecause() ?? this.#packetFaults.get(client);
    if (early !== undefined) return early;
    // [TERM-3.1] Client id and user name are the terminal number.
    if (username !== client.id || !TERMINAL_NUMBER.test(client.id)) return 'identity_mismatch';
    if (secret === undefined) return 'wrong_secret';
    try {
      const terminal = await this.#options.registry.find(client.id, {
        address: networkOf((client.conn as Partial<Socket>).remoteAddress),
        isWanted: () => !client.closed,
      });
      return await this.#admit(client, secret, terminal);
    } catch (error) {
      if (client.closed) return undefined;
      if (error instanceof TooManyLookups) return 'busy';
      this.#options.log.warn({ err: error }, 'the register cannot be asked');
      return 'database_away';
    }
  }

  async #admit(
    client: Client,
    secret: Buffer,
    terminal: ConnectTerminal | undefined,
  ): Promise<RefusalReason | undefined> {
    if (terminal === undefined) {
      this.#options.unknown.note(client.id);
      return 'unknown_terminal';
    }
    // Keys are unwrapped and derived only for a client with the right secret.
    if (!matchesTerminalSecret(secret, terminal.secretHash)) return 'wrong_secret';
    const { broker, registry, owners } = this.#options;
    const keys = await registry.deriveKeys(client.id, terminal);
    if (keys.length === 0) return 'key_unavailable';
    const ownerGeneration = await owners.claim(terminal);
    // During the look-up, draining may have begun, or another terminal taken the last free connection.
    const closed = broker.closedBecause();
    if (closed === undefined && !client.closed)
      broker.admit(client, { terminal, keys, ownerGeneration });
    else void owners.release({ ...keyOf(terminal), generation: ownerGeneration });
    return closed;
  }
}

function keyOf({ utilityId, terminalId }: ConnectTerminal): TerminalKey {
  return { utilityId, terminalId };
}

function faultOf(packet: ConnectPacket): RefusalReason | undefined {
  if (packet.will !== undefined) return 'will';
  if (packet.clean === false) return 'persistent_session';
  if (!packet.keepalive) return 'no_keep_alive';
  if (packet.keepalive > MAX_KEEP_ALIVE_S) return 'keep_alive_too_long';
  return undefined;
}

/** A client id, which the client chooses, in a form that is safe to log. */
function shown(clientId: string): string {
  return TERMINAL_NUMBER.test(clientId) ? clientId : 'not a terminal number';
}
