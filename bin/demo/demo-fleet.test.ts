import { describe, expect, test } from 'vitest';
import { demoFirstDay, planDemo } from './demo-fleet.ts';

const TODAY = '2026-03-21';
const FIRST = demoFirstDay(TODAY, 13);
const households = planDemo(200, FIRST, TODAY);

describe('the demo fleet', () => {
  test('thirteen whole months lie before the present one', () => {
    expect(FIRST).toBe('2025-02-01');
  });

  test('three of five households have city gas, the others LP gas', () => {
    expect(households.filter((household) => household.gasKind === 'city')).toHaveLength(120);
    expect(households.filter((household) => household.gasKind === 'lp')).toHaveLength(80);
  });

  test('no number is given twice', () => {
    const numbers = (of: (household: (typeof households)[number]) => string[]) => {
      const all = households.flatMap(of);
      expect(new Set(all).size).toBe(all.length);
    };
    numbers((household) => [household.terminalNumber]);
    numbers((household) => [household.supplyPointNumber]);
    numbers((household) => household.meters.map((meter) => meter.serial));
    numbers((household) => household.customers.map((customer) => customer.customerNumber));
  });

  test('customer and terminal numbers begin with zeros, so that losing them would show', () => {
    for (const household of households) {
      expect(household.terminalNumber).toMatch(/^0[0-9]{11}$/);
      for (const { customerNumber } of household.customers) {
        expect(customerNumber).toMatch(/^0[0-9]{5}$/);
      }
    }
  });

  test('report windows are spread so that something arrives every quarter of an hour', () => {
    const minutes = households.map(({ reportMinute }) => reportMinute).sort((a, b) => a - b);
    const gaps = minutes.map((minute, i) => minute - (minutes[i - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15);
  });

  test('an exchange, a rollover, a change of customer and each fault are among them', () => {
    expect(households.filter((household) => household.meters.length === 2)).toHaveLength(2);
    expect(households.filter((household) => household.customers.length === 2)).toHaveLength(1);
    const rollover = households.filter(({ meters }) => meters[0]!.startIndexL > 9_900_000);
    expect(rollover).toHaveLength(1);
    const kinds = new Set(households.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual([
      'clock-drift',
      'duplicates',
      'late-days',
      'missing-hours',
      'pressure-drift',
      'replay',
      'silent',
      'wrong-key',
    ]);
  });

  test('at an exchange the office notes what the old meter showed', () => {
    for (const { meters } of households.filter((household) => household.meters.length === 2)) {
      const [old, next] = meters;
      expect(old!.finalIndexL).toBeGreaterThan(old!.startIndexL);
      expect(next!.fittedAt).toEqual(old!.removedAt);
    }
  });
});
