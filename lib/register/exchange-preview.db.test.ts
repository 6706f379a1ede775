/** Preview of an exchange: billed usage, warnings, and refusals. */
import { describe, expect, test } from 'vitest';
import { fitHousehold, fitMeter, rising, steady, storeDay } from '../../db/testing/fixtures.ts';
import { instantOf } from '../time.ts';
import { exchangeMeter, undoExchange } from './exchange-commands.ts';
import { previewExchange } from './exchange-preview-queries.ts';
import type { MeterExchange } from './register.ts';
import {
  act,
  admin,
  allRows,
  arrangeExchanges,
  audit,
  closingFile,
  database,
  exchange,
  home,
  NEW_METER,
  oldIndexAt,
  preview,
  readOld,
  utilityId,
  work,
} from './testing-exchange.ts';
import { change } from './testing-register-change.ts';

arrangeExchanges();

describe('the preview of an exchange', () => {
  test('states what is billed before and after', async () => {
    await readOld('2024-03-25');
    const finalIndexL = oldIndexAt(new Date('2024-03-10T10:00:00+09:00')) + 20_000;
    const seen = await preview(exchange({ finalIndexL }));
    // The registers 1,000,288 L and 1,021,172 L, each in whole m³.
    expect(seen.closings).toMatchObject([
      {
        closesOn: '2024-03-20',
        before: { usageL: 29 * 48, quality: 'actual', remarks: [] },
        after: { usageL: 18 * 48 + 10 * 2 + 20_000, usageM3: '21', quality: 'substituted' },
      },
    ]);
    expect(seen.hour).toMatchObject({ day: '2024-03-10', hourEnding: 11, before: { usageL: 2 } });
    expect(seen.unknown).toEqual(['new-meter-unread', 'closing-to-come']);
    expect(seen.removed.lastIndexL).toBe(oldIndexAt(new Date('2024-03-10T10:00:00+09:00')));
    expect(seen.removed.lastReadAt).toEqual(new Date('2024-03-10T10:00:00+09:00'));
  });

  test('computes past closings by the closing day that the supply point had then', async () => {
    await readOld('2024-04-01');
    await change({ kind: 'closing-day', closingDay: 31, holdsFrom: '2024-03-25' });
    const finalIndexL = oldIndexAt(new Date('2024-03-10T10:00:00+09:00')) + 20_000;
    const seen = await preview(exchange({ finalIndexL }));
    expect(seen.closings).toMatchObject([
      { closesOn: '2024-03-20', before: { usageL: 29 * 48 } },
      { closesOn: '2024-03-31', before: { usageL: 11 * 48 } },
    ]);
    expect(seen.period).toMatchObject({ fromOn: '2024-03-31', closesOn: '2024-04-30' });
  });

  test('writes nothing', async () => {
    await readOld('2024-03-12');
    const before = await allRows();
    await preview(exchange());
    expect([await allRows(), await audit()]).toEqual([before, []]);
  });

  /** The old meter was last read at 12:00 on 10 March, at 1,001,176 L. */
  const cases: [string, Partial<MeterExchange>, object[]][] = [
    [
      'a final index below the last reading',
      { finalIndexL: 900_000 },
      [{ code: 'final-below-last', field: 'finalIndexL', indexL: 1_001_172 }],
    ],
    ['a final index that was not noted', { finalIndexL: undefined }, [{ code: 'final-not-noted' }]],
    [
      'more gas than the meter lets through',
      { finalIndexL: 1_500_000 },
      [{ code: 'final-implausible', field: 'finalIndexL' }],
    ],
    ['a start index that is not 0', { startIndexL: 12 }, [{ code: 'start-not-zero' }]],
    ['a start index that was not noted', { startIndexL: undefined }, [{ code: 'start-not-noted' }]],
    [
      'a verification that has expired',
      { newMeter: { ...NEW_METER, verificationExpiresOn: '2024-03-09' } },
      [{ code: 'verification-expired', field: 'newSerial', day: '2024-03-09' }],
    ],
    [
      'a verification whose end nobody noted',
      { newMeter: { size: 4, dialL: 10_000_000 } },
      [{ code: 'verification-unknown' }],
    ],
    [
      'an instant before registers of the old meter',
      { exchangedAt: new Date('2024-03-10T09:30:00+09:00'), finalIndexL: 1_001_171 },
      [{ code: 'removed-reported-later', field: 'exchangedAt', indexL: 1_001_172 }],
    ],
  ];
  test.each(cases)('warns of %s', async (_what, given, expected) => {
    await readOld('2024-03-09');
    const day = '2024-03-10';
    const indexL = rising(oldIndexAt(instantOf(day, 0)) + 2, 2).map((index, at) =>
      at < 10 ? index : null,
    );
    await storeDay(database.adminPool, utilityId, { ...home, day, indexL });
    const { warnings } = await preview(exchange(given));
    const others = warnings.filter(({ code }) => code !== 'will-be-registered');
    expect(others).toMatchObject(expected);
    expect(others).toHaveLength(expected.length);
  });

  test('marks a final index past the end of the dial as a rollover, and counts it so', async () => {
    const dialL = 100_000_000;
    const indexL = steady(dialL - 500);
    await storeDay(database.adminPool, utilityId, { ...home, day: '2024-02-20', indexL });
    await storeDay(database.adminPool, utilityId, { ...home, day: '2024-03-09', indexL });
    const seen = await preview(exchange({ finalIndexL: 300 }));
    expect(seen.warnings).toContainEqual(
      expect.objectContaining({ code: 'final-rolled-over', indexL: dialL - 500 }),
    );
    expect(seen.closings[0]?.after).toMatchObject({
      usageL: 800,
      remarks: expect.arrayContaining(['rolled-over']),
    });
  });

  test('bills no usage for a final index that fell otherwise', async () => {
    await readOld('2024-03-09');
    const seen = await preview(exchange({ finalIndexL: 900_000 }));
    expect(seen.closings[0]?.after).toMatchObject({
      usageL: null,
      usageM3: null,
      remarks: expect.arrayContaining(['index-fell']),
    });
  });

  test('a final index below the last reading only has a usage in the closing, but none up to that reading', async () => {
    await readOld('2024-03-09');
    const seen = await preview(exchange({ finalIndexL: 1_001_000 }));
    expect(seen.warnings).toContainEqual(
      expect.objectContaining({ code: 'final-below-last', indexL: 1_001_152 }),
    );
    expect(seen.hour.after.usageL).toBeNull();
    // The register of the closing before is 1,000,288 L.
    expect(seen.closings[0]?.after).toMatchObject({ usageL: 712, remarks: ['exchanged'] });
  });

  test('names the closings of which a file was already made', async () => {
    await readOld('2024-03-25');
    await closingFile('2024-02-20');
    expect((await preview(exchange())).filed).toEqual([]);
    await closingFile('2024-03-20');
    const { filed } = await preview(exchange());
    expect(filed).toEqual([{ closesOn: '2024-03-20', begunAt: expect.any(Date) }]);
  });

  test('is refused like the exchange itself, naming the field', async () => {
    const other = await fitHousehold(database.adminPool, utilityId);
    const lp = await fitMeter(database.adminPool, utilityId, {
      ...{ supplyPointId: other.supplyPointId, gasKind: 'lp' },
      ...{ fittedAt: '2010-01-01T00:00:00Z', removedAt: '2011-01-01T00:00:00Z' },
    });
    const beyond = { finalIndexL: 100_000_000, startIndexL: 10_000_000 };
    const refusals: [Partial<MeterExchange>, string, string[]][] = [
      [{ exchangedAt: new Date('2024-04-02T12:01:00+09:00') }, 'invalid_input', ['exchangedAt']],
      [{ exchangedAt: new Date('2019-12-31T00:00:00Z') }, 'conflict', ['exchangedAt']],
      [{ newMeter: undefined }, 'invalid_input', ['newMeter.size', 'newMeter.dialL']],
      [{ newSerial: home.serial }, 'invalid_input', ['newSerial']],
      [{ newSerial: other.serial }, 'conflict', ['newMeter']],
      [{ newSerial: other.serial, newMeter: undefined }, 'conflict', ['newSerial']],
      [{ newSerial: lp.serial, newMeter: undefined }, 'conflict', ['newSerial']],
      [beyond, 'invalid_input', ['finalIndexL', 'startIndexL']],
      [{ newMeter: { ...NEW_METER, size: -1 } }, 'invalid_input', ['newMeter.size']],
    ];
    for (const [given, code, fields] of refusals) {
      for (const verb of [preview, act]) {
        const error = await verb(exchange(given)).catch((thrown: unknown) => thrown);
        const { details } = error as { details: { faults?: unknown; fields?: unknown } };
        expect(error).toMatchObject({ code });
        const named = (details.faults ?? details.fields) as { field: string }[];
        expect(named.map(({ field }) => field)).toEqual(fields);
      }
    }
    expect(await audit()).toEqual([]);
  });

  test('requires the right to write the register', async () => {
    const analyst = { ...admin, role: 'analyst' } as const;
    await expect(work.read((db) => previewExchange(db, analyst, exchange()))).rejects.toMatchObject(
      { code: 'forbidden', details: { capability: 'meter.exchange' } },
    );
    for (const verb of [
      work.transact((tx) => exchangeMeter(tx, analyst, exchange())),
      work.transact((tx) => undoExchange(tx, analyst, { exchangeId: 1 })),
    ]) {
      await expect(verb).rejects.toMatchObject({ code: 'forbidden' });
    }
  });
});
