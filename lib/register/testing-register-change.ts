/** Fixtures of tests of register changes, on those of exchanges: the household of a customer since 2019, read daily. */

import { changeRegister, undoRegisterChange } from './register-change-commands.ts';
import { previewRegisterChange } from './register-change-preview-queries.ts';
import { listRegisterChanges } from './register-change-queries.ts';
import type { RegisterChangeBody } from './register-change-wire.ts';
import { getSupplyPointOn } from './supply-point-record-queries.ts';
import { admin, home, NOW, work } from './testing-exchange.ts';

const given = (body: RegisterChangeBody) => ({
  ...body,
  supplyPointId: home.supplyPointId,
  now: NOW,
});
export const previewChange = (body: RegisterChangeBody) =>
  work.read((db) => previewRegisterChange(db, admin, given(body)));
export const change = (body: RegisterChangeBody) =>
  work.transact((tx) => changeRegister(tx, admin, given(body)));
export const undoChange = (changeId: number) =>
  work.transact((tx) => undoRegisterChange(tx, admin, { changeId }));
export const changes = () => work.read((db) => listRegisterChanges(db, admin, home));
export const supplyPointOn = (on?: string) =>
  work.read((db) =>
    getSupplyPointOn(db, admin, { supplyPointId: home.supplyPointId, on, now: NOW }),
  );
export const moveOut = (toOn: string, acknowledgedClosings?: string[]): RegisterChangeBody => ({
  ...{ kind: 'move-out', occupancyId: home.occupancyId, toOn },
  ...(acknowledgedClosings && { acknowledgedClosings }),
});
