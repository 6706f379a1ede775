/**
 * Kinds of actor and their rights. Deny is the default: a capability that is not listed is refused. Roles, capabilities
 * and key scopes are defined only here; lib/actor.db.test.ts compares the check constraints of the tables.
 */
import { DomainError } from './errors.ts';

export const STAFF_ROLES = ['admin', 'analyst', 'billing'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/**
 * `usage.decide`: decides usages and corrections, records absence; `estimation.write`: sets how the utility estimates, and
 * volume factors.
 * `closing.ready-mail`: asks for a mail to oneself when a closing is ready. `register.change`: a change of a supply point with its preview and undo. `register.write` is the operator's; it includes accounts, API
 * keys and terminal secrets.
 */
export const CAPABILITIES = [
  'collection.read',
  'pressure.read',
  'meter.read',
  'closing.read',
  'closing.export',
  'closing.layout',
  'closing.ready-mail',
  'meter.exchange',
  'usage.decide',
  'estimation.write',
  'register.change',
  'reading.edit',
  'register.write',
  'own-usage.read',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Scopes of API keys: reading, and the closing file, with which a run of the closing is issued. */
export const KEY_SCOPES = [
  'collection.read',
  'pressure.read',
  'meter.read',
  'closing.read',
  'closing.export',
] as const satisfies readonly Capability[];
export type KeyScope = (typeof KEY_SCOPES)[number];

export interface StaffActor {
  kind: 'staff';
  utilityId: number;
  accountId: number;
  role: StaffRole;
  sessionId: string;
}

export interface ConsumerActor {
  kind: 'consumer';
  utilityId: number;
  occupancyId: number;
  customerNumber: string;
  sessionId: string;
}

/** A program of the utility that calls the API with a key. */
export interface ApiKeyActor {
  kind: 'key';
  utilityId: number;
  keyId: number;
  /** Purpose of the key, as it was issued. */
  name: string;
  scopes: readonly KeyScope[];
}

/** A command on the operator's own machine, or a job; named in the audit. */
export interface SystemActor {
  kind: 'system';
  utilityId: number;
  name: string;
}

export type Actor = StaffActor | ConsumerActor | ApiKeyActor | SystemActor;

const STAFF_CAPABILITIES: Record<StaffRole, readonly Capability[]> = {
  admin: [
    'collection.read',
    'pressure.read',
    'meter.read',
    'closing.read',
    'closing.export',
    'closing.layout',
    'closing.ready-mail',
    'meter.exchange',
    'usage.decide',
    'estimation.write',
    'register.change',
    'reading.edit',
  ],
  analyst: ['collection.read', 'pressure.read', 'meter.read'],
  // The meter's page says why a closing reading is missing, and what an exchange was.
  billing: [
    ...([
      'meter.read',
      'closing.read',
      'closing.export',
      'closing.layout',
      'closing.ready-mail',
      'reading.edit',
    ] as const),
    'usage.decide',
  ],
};

const SYSTEM_CAPABILITIES: readonly Capability[] = [
  'collection.read',
  'pressure.read',
  'meter.read',
  'closing.read',
  'closing.export',
  'closing.layout',
  'meter.exchange',
  'usage.decide',
  'estimation.write',
  'register.change',
  'reading.edit',
  'register.write',
];

/** A role as the database stores it. @throws Error for an unknown role. */
export function asStaffRole(text: string): StaffRole {
  return oneOf(STAFF_ROLES, text, 'role');
}

/** A scope as the database stores it. @throws Error for an unknown scope. */
export function asKeyScope(text: string): KeyScope {
  return oneOf(KEY_SCOPES, text, 'scope of a key');
}

function oneOf<const T extends string>(known: readonly T[], text: string, what: string): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new Error(`"${text}" is no ${what}`);
  return found;
}

export function capabilitiesOf(actor: Actor): readonly Capability[] {
  switch (actor.kind) {
    case 'staff':
      return STAFF_CAPABILITIES[actor.role];
    case 'consumer':
      return ['own-usage.read'];
    case 'key':
      return actor.scopes;
    case 'system':
      return SYSTEM_CAPABILITIES;
  }
}

/** @throws DomainError `forbidden` when the actor lacks the capability */
export function requireCapability(actor: Actor, capability: Capability): void {
  requireOneOf(actor, [capability]);
}

/** Requires any one of several capabilities. @throws DomainError `forbidden`, which names the first of them. */
export function requireOneOf(
  actor: Actor,
  capabilities: readonly [Capability, ...Capability[]],
): void {
  const own = capabilitiesOf(actor);
  if (capabilities.some((capability) => own.includes(capability))) return;
  const [capability] = capabilities;
  throw new DomainError('forbidden', `this needs the right "${capability}"`, { capability });
}

/** The actor as `kind:id`, as in the audit. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'staff':
      return `staff:${actor.accountId}`;
    case 'consumer':
      return `consumer:${actor.occupancyId}`;
    case 'key':
      return `key:${actor.keyId}`;
    case 'system':
      return `system:${actor.name}`;
  }
}
