import { expect, test, vi } from 'vitest';
import {
  countLines,
  fileNameOf,
  handOver,
  handOverAddress,
  isSavedByBrowser,
} from './download-file.ts';

test('lines are counted over the ends of blocks', () => {
  const bytes = new TextEncoder().encode('a,b\r\n1,2\r\n3,');
  expect(countLines(bytes)).toBe(2);
  expect(countLines(new Uint8Array())).toBe(0);
});

test('a file has the name that the answer gives it', () => {
  expect(fileNameOf('attachment; filename="closing-2026-11-20.csv"')).toBe(
    'closing-2026-11-20.csv',
  );
  expect(fileNameOf(null)).toBe('closing.csv');
});

test('the browser saves a large file by itself, from its address', () => {
  expect([99_999, 100_000].map(isSavedByBrowser)).toEqual([false, true]);
  const link = { href: '', download: 'x', click: vi.fn() };
  const page = { createElement: () => link as unknown as HTMLElement };
  handOverAddress('/api/v1/closings/runs/7/file?format=machine', page as unknown as Document);
  expect(link).toMatchObject({ href: '/api/v1/closings/runs/7/file?format=machine', download: '' });
  expect(link.click).toHaveBeenCalledOnce();
});

test('a download stays available to a browser that reads it after the click, and its memory is freed later', () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const link = { href: '', download: '', click: vi.fn() };
  // The code under test uses only the creation of a link, and of the link these three fields.
  const page = { createElement: () => link as unknown as HTMLElement };
  const revoked = vi.spyOn(URL, 'revokeObjectURL');
  handOver(new Blob(['a,b']), 'closing.csv', page as unknown as Document);
  expect(link.click).toHaveBeenCalledOnce();
  expect(link.download).toBe('closing.csv');
  vi.advanceTimersByTime(10_000);
  expect(revoked).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(revoked).toHaveBeenCalledWith(link.href);
  vi.useRealTimers();
});
