import { describe, expect, it } from 'vitest';
import { type EditValues, editBody, editFaults, editSubject, initialEdit } from './edit-values.ts';

const VALUES: EditValues = {
  ...{ kind: 'entered', day: '2026-10-20', hourEnding: '24', indexL: '1,023.5' },
  ...{ reason: 'read-on-site', note: ' 検針票 ' },
};

describe('the form of an edit', () => {
  it('takes day, hour and kind from the address, and leaves out what it cannot read', () => {
    const of = (given: Record<string, string>) => initialEdit((name) => given[name]);
    expect(of({ day: '2026-10-20', hour: '7', kind: 'struck' })).toMatchObject({
      ...{ day: '2026-10-20', hourEnding: '7', kind: 'struck' },
    });
    expect(of({ day: '2026-02-30', hour: '25', kind: 'x' })).toMatchObject({
      ...{ day: '', hourEnding: '24', kind: 'entered' },
    });
  });

  it('reads registers in m³ as litres, in any width', () => {
    expect(editSubject(VALUES)).toEqual({
      ...{ kind: 'entered', day: '2026-10-20', hourEnding: 24, indexL: 1_023_500 },
    });
    expect(editSubject({ ...VALUES, indexL: '１０２３．００５' }).indexL).toBe(1_023_005);
    expect(editSubject({ ...VALUES, kind: 'struck', hourEnding: '' })).toEqual({
      ...{ kind: 'struck', day: '2026-10-20', hourEnding: null },
    });
    expect(editBody(VALUES, ['2026-10-20'])).toMatchObject({
      ...{ note: '検針票', acknowledgedClosings: ['2026-10-20'] },
    });
  });

  it.each([
    [{}, {}],
    [{ day: '' }, { day: 'required' }],
    [{ indexL: '' }, { indexL: 'required' }],
    [{ indexL: '1.2345' }, { indexL: 'noRegister' }],
    [{ hourEnding: '' }, { hourEnding: 'required' }],
    [{ reason: '' as const }, { reason: 'required' }],
    [{ reason: 'other' as const, note: ' ' }, { note: 'required' }],
    [{ kind: 'struck' as const, indexL: '', hourEnding: '' }, {}],
  ])('%j has the faults %j', (given, faults) => {
    expect(editFaults({ ...VALUES, ...given })).toEqual(faults);
  });
});
