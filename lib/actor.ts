/**
 * The kinds of actor and what each may do. Deny is the default: a capability that is not listed is refused. Roles and
 * capabilities are listed here alone; lib/actor.db.test.ts compares the checks of the tables.
 */
import { DomainError } from './errors.ts';

export const STAFF_ROLES = ['admin', 'analyst', 'billing'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

export const CAPABILITIES = [
  'collection.read',
  'pressure.read',
  'meter.read',
  'closing.read',
  'closing.export',
  'register.write',
  'own-usage.read',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

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

/** A command at the operator's own machine, or a job; named in the audit. */
export interface SystemActor {
  kind: 'system';
  utilityId: number;
  name: string;
}

export type Actor = StaffActor | ConsumerActor | SystemActor;

const STAFF_CAPABILITIES: Record<StaffRole, readonly Capability[]> = {
  admin: ['collection.read', 'pressure.read', 'meter.read', 'closing.read', 'closing.export'],
  analyst: ['collection.read', 'pressure.read', 'meter.read'],
  billing: ['closing.read', 'closing.export'],
};

const SYSTEM_CAPABILITIES: readonly Capability[] = [
  'collection.read',
  'pressure.read',
  'meter.read',
  'closing.read',
  'closing.export',
  'register.write',
];

/** A role as the database has it. @throws Error for a text that is no role. */
export function asStaffRole(text: string): StaffRole {
  return oneOf(STAFF_ROLES, text, 'role');
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
    case 'system':
      return SYSTEM_CAPABILITIES;
  }
}

/** @throws DomainError `forbidden` when the actor does not have the capability. */
export function requireCapability(actor: Actor, capability: Capability): void {
  if (!capabilitiesOf(actor).includes(capability)) {
    throw new DomainError('forbidden', `this needs the right "${capability}"`, { capability });
  }
}

/** The actor as `kind:id`, as the audit writes it. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'staff':
      return `staff:${actor.accountId}`;
    case 'consumer':
      return `consumer:${actor.occupancyId}`;
    case 'system':
      return `system:${actor.name}`;
  }
}
