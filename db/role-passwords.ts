/** Passwords of a private server's roles that processes and commands connect as. */
import { randomBytes } from 'node:crypto';
import type { ProcessRole } from './grants.ts';

export type RolePasswords = Record<ProcessRole, string>;

/** A password for each role; known ones are kept. */
export function rolePasswords(known: Partial<RolePasswords> = {}): RolePasswords {
  return {
    kenshin_web: newPassword(),
    kenshin_ingest: newPassword(),
    kenshin_worker: newPassword(),
    kenshin_app: newPassword(),
    ...known,
  };
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
