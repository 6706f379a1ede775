import { describe, expect, test } from 'vitest';
import { fittingBody, fittingFaults, fittingField, fittingReason } from './fitting-values.ts';

const EMPTY = {
  ...{ meterId: '5', size: '4', dialL: '10000000', at: '', indexM3: '', serial: '' },
  ...{ registers: false, expiresOn: '', number: '' },
};

describe('the forms of meters and terminals', () => {
  test('send size and dial of the chosen meter, in full width too', () => {
    expect(fittingBody('meter-corrected', { ...EMPTY, size: ' ２.5 ' })).toEqual({
      ...{ kind: 'meter-corrected', meterId: 5, sizeM3PerHour: 2.5, dialL: 10_000_000 },
    });
    expect(fittingFaults('meter-corrected', { ...EMPTY, size: '2.55' })).toEqual({
      size: 'noSize',
    });
  });
  test('send the instant as Japan time and the register in litres', () => {
    const values = { ...EMPTY, at: '2026-03-01T10:30', indexM3: '1,234.5' };
    expect(fittingBody('meter-removed', values)).toEqual({
      ...{ kind: 'meter-removed', removedAt: '2026-03-01T10:30:00+09:00', finalIndexL: 1_234_500 },
    });
    expect(fittingBody('meter-removed', { ...values, indexM3: '' })).not.toHaveProperty(
      'finalIndexL',
    );
  });
  test('register a new meter with its fitting only where it is ticked', () => {
    const values = { ...EMPTY, serial: '００7', at: '2026-03-01T10:30', indexM3: '0' };
    expect(fittingBody('meter-fitted', values)).toEqual({
      ...{ kind: 'meter-fitted', serial: '007', fittedAt: '2026-03-01T10:30:00+09:00' },
      startIndexL: 0,
    });
    expect(fittingBody('meter-fitted', { ...values, registers: true })).toMatchObject({
      newMeter: { size: 4, dialL: 10_000_000 },
    });
  });
  test('ask for what is missing', () => {
    expect(fittingFaults('meter-fitted', { ...EMPTY, indexM3: 'x', size: '' })).toEqual({
      ...{ at: 'required', serial: 'noSerial', indexM3: 'noRegister' },
    });
    expect(fittingFaults('terminal-exchanged', EMPTY)).toEqual({
      ...{ at: 'required', number: 'noTerminal' },
    });
  });
  test('show refusals of the server at their fields, in words that fit', () => {
    expect(['removedAt', 'newMeter.size', 'number'].map(fittingField)).toEqual([
      ...['at', 'size', 'number'],
    ]);
    expect(fittingReason('terminal-exchanged', 'unregistered')).toBe('unregistered-terminal');
    expect(fittingReason('meter-fitted', 'unregistered')).toBe('unregistered');
    expect(fittingReason('meter-removed', 'too-early')).toBe('too-early-fitting');
    expect(fittingReason('meter-removed', 'edited-alike')).toBe('other');
  });
});
