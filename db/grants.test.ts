import { describe, expect, it } from 'vitest';
import { GRANTS } from './grants.ts';

describe('the web process', () => {
  it('writes no whole table: a function does what a person asks for, or an insert of named columns', () => {
    const whole = Object.entries(GRANTS.kenshin_web.relations).filter(([, rights]) =>
      (['insert', 'update', 'delete'] as const).some((right) => rights[right] === true),
    );
    expect(whole).toEqual([]);
  });
});
