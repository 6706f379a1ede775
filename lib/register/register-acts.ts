// Audit acts of registering a supply point: the same for a single one and for a file of them.
import type { Act } from '../audit/audit-commands.ts';

export function supplyPointRegistered(
  supplyPointId: number,
  { number, closingDay, openedOn }: { number: string; closingDay: number; openedOn: string },
): Act {
  return {
    act: 'supply-point.registered',
    subject: `supply-point:${supplyPointId}`,
    detail: { number, closingDay, openedOn },
  };
}

export function occupancyBegun(
  supplyPointId: number,
  { customerNumber, fromOn }: { customerNumber: string; fromOn: string },
): Act {
  return {
    act: 'occupancy.begun',
    subject: `supply-point:${supplyPointId}`,
    detail: { customerNumber, fromOn },
  };
}

export function meterRegistered(
  meterId: number,
  { serial, size, dialL }: { serial: string; size: number; dialL: number },
): Act {
  return {
    act: 'meter.registered',
    subject: `meter:${meterId}`,
    detail: { serial, size, dialL },
  };
}

export function meterFitted(
  supplyPointId: number,
  fitting: { serial: string; fittedAt: Date; startIndexL?: number | undefined },
): Act {
  return {
    act: 'meter.fitted',
    subject: `supply-point:${supplyPointId}`,
    detail: {
      serial: fitting.serial,
      fittedAt: fitting.fittedAt.toISOString(),
      startIndexL: fitting.startIndexL ?? null,
    },
  };
}

export function terminalFitted(
  supplyPointId: number,
  { number, fromAt }: { number: string; fromAt: Date },
): Act {
  return {
    act: 'terminal.fitted',
    subject: `supply-point:${supplyPointId}`,
    detail: { number, fromAt: fromAt.toISOString() },
  };
}
