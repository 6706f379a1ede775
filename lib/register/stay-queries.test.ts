import { expect, it } from 'vitest';
import type { StaffActor } from '../actor.ts';
import { listSupplyPointTerminals } from './stay-queries.ts';

it.each(['admin', 'analyst', 'billing'] as const)(
  "the hash of a terminal's secret is not readable by staff: %s",
  async (role) => {
    const actor: StaffActor = { kind: 'staff', utilityId: 1, accountId: 1, role, sessionId: '' };
    const db = undefined as never;
    await expect(listSupplyPointTerminals(db, actor, { supplyPointId: 1 })).rejects.toMatchObject({
      code: 'forbidden',
      details: { capability: 'register.write' },
    });
  },
);
