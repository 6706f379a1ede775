import { expect, test } from 'vitest';
import { Area, acceptInput, MeterExchange } from './register.ts';

const AREA = {
  code: 'A1',
  name: '北地区',
  gasKind: 'city',
  pressureMinPa: 1000,
  pressureMaxPa: 2500,
} as const;
const NOW = new Date('2026-11-26T10:00:00+09:00');

const CODE = 'give 1 to 32 letters, digits or hyphens';
const LIMITS = 'give a lower limit below the upper one';
const SERIAL = 'give 1 to 12 decimal digits, as text';
const TO_COME = 'that is still to come: register it once it is done';

test.each([
  ['one field', Area, { ...AREA, code: '' }, [{ field: 'code', message: CODE }]],
  [
    'two fields',
    Area,
    { ...AREA, code: '', name: ' ' },
    [
      { field: 'code', message: CODE },
      { field: 'name', message: 'give a name' },
    ],
  ],
  [
    'fields that do not go together',
    Area,
    { ...AREA, pressureMinPa: 3000 },
    [{ field: 'pressureMinPa', message: LIMITS }],
  ],
  [
    'a field of its own name in this input',
    MeterExchange,
    { supplyPointId: 1, exchangedAt: NOW, newSerial: 'x', now: NOW },
    [{ field: 'newSerial', message: SERIAL }],
  ],
  [
    'an instant to come',
    MeterExchange,
    { supplyPointId: 1, exchangedAt: new Date(NOW.getTime() + 1), newSerial: '1', now: NOW },
    [{ field: 'exchangedAt', message: TO_COME, reason: 'to-come' }],
  ],
])('%s at fault: each is named with what to give instead', (_what, schema, input, faults) => {
  const message = faults.map((fault) => `${fault.field}: ${fault.message}`).join('; ');
  expect(() => acceptInput<unknown>(schema, input)).toThrow(
    expect.objectContaining({ code: 'invalid_input', message, details: { faults } }),
  );
});
