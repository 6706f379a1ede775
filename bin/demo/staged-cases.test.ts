import { describe, expect, it } from 'vitest';
import { planDemo } from './demo-fleet.ts';
import { DEMO_HOUSEHOLDS, listDemoCases, listSilent, plannedOn } from './staged-cases.ts';

const TODAY = '2026-11-26';
const plan = planDemo(200, '2025-10-01', TODAY);

describe('the demo’s staged cases', () => {
  const cases = listDemoCases(plan, TODAY);

  it('include a gap, an exchange, a new customer, a rollover, a drift and both silent terminals', () => {
    expect(cases.map(({ what, customerNumber }) => [customerNumber, what])).toEqual([
      ['001030', expect.stringMatching(/^hours missing \(2026-\d\d-\d\d\)$/)],
      ['001090', 'meter exchanged (2026-08-15)'],
      ['009020', 'customer changed (2026-05-29)'],
      ['001050', 'register rolls over'],
      ['002610', 'regulator drifts upwards (2026-09-17)'],
      ['001170', 'silent (2026-11-22)'],
      ['002515', 'silent (2026-11-15)'],
    ]);
  });

  it('have the JST day of an exchange in the early morning', () => {
    const early = new Date('2026-08-15T07:30:00+09:00');
    const moved = plan.map((home, index) =>
      index === 8 ? { ...home, meters: [{ ...home.meters[0]!, removedAt: early }] } : home,
    );
    const whats = listDemoCases(moved, TODAY).map(({ what }) => what);
    expect(whats).toContain('meter exchanged (2026-08-15)');
  });

  it('link to the list of meters, searched for the customer', () => {
    expect(cases[0]?.path).toBe('/meters?q=001030');
  });

  it('of a small demo are those that it has', () => {
    const few = listDemoCases(planDemo(10, '2025-10-01', TODAY), TODAY);
    expect(few.map(({ customerNumber }) => customerNumber)).toEqual([
      '001030',
      '001090',
      '009020',
      '001050',
    ]);
  });

  it('keep their days when the demo is started again on another day', () => {
    const fleet = { terminals: plan.map(({ faults }) => ({ faults })) } as never;
    expect(plannedOn(fleet)).toBe(TODAY);
  });
});

describe('the households that a person can sign in as', () => {
  it('are three of which one has gaps and one an exchanged meter', () => {
    const numbers = DEMO_HOUSEHOLDS.map(
      ({ index }) => plan[index]?.customers.at(-1)?.customerNumber,
    );
    expect(numbers).toEqual(['001010', '001030', '001090']);
    expect(plan[2]?.faults.map(({ kind }) => kind)).toContain('missing-hours');
    expect(plan[8]?.meters).toHaveLength(2);
  });
});

describe('silent terminals of the demo', () => {
  it('are two', () => {
    expect(listSilent(plan).map(({ index }) => index)).toEqual([16, 150]);
  });
});
