/** The actor in whose name an issue of closings is made, from what the database says of the one who asked. Pure. */
import { type Actor, asKeyScope, asStaffRole } from '../actor.ts';

export interface Asker {
  /** Actor as in the audit: kind and id or name. */
  actor: string;
  account_id: number | null;
  role: string | null;
  api_key_id: number | null;
  name: string;
  scopes: string[] | null;
}

/** A person has no session here: the work goes on after a sign-out. */
export function askerActor(utilityId: number, asker: Asker): Actor {
  const { actor, account_id: accountId, role, api_key_id: keyId, name, scopes } = asker;
  if (accountId !== null && role !== null) {
    return { kind: 'staff', utilityId, accountId, role: asStaffRole(role), sessionId: '' };
  }
  if (keyId !== null) {
    return { kind: 'key', utilityId, keyId, name, scopes: (scopes ?? []).map(asKeyScope) };
  }
  return { kind: 'system', utilityId, name: actor.slice(actor.indexOf(':') + 1) };
}
