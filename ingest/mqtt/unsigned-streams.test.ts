import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { UnsignedStreams } from './unsigned-streams.ts';

function unsignedOf(maxSilent: number): { unsigned: UnsignedStreams; dropped: string[] } {
  const dropped: string[] = [];
  const onDropped = (reason: string) => dropped.push(reason);
  return {
    unsigned: new UnsignedStreams({ maxSilent, maxUnsigned: 10, signInMs: 1000, onDropped }),
    dropped,
  };
}

describe('streams that have not signed in', () => {
  it('and have sent nothing give way to newer ones, others do not', () => {
    const { unsigned, dropped } = unsignedOf(2);
    const [spoke, oldest, second, newest] = Array.from({ length: 4 }, () => new PassThrough());
    for (const stream of [spoke!, oldest!, second!]) {
      unsigned.add(stream);
      if (stream === spoke) unsigned.spoke(stream);
    }
    unsigned.add(newest!);
    expect([spoke, oldest, second, newest].map((stream) => stream!.destroyed)).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(dropped).toEqual(['too_many_silent']);
    unsigned.destroyAll();
  });

  it('are closed at the deadline, whether they sent something or not; signed-in ones stay', () => {
    vi.useFakeTimers();
    try {
      const { unsigned, dropped } = unsignedOf(10);
      const [silent, spoke, signed] = Array.from({ length: 3 }, () => new PassThrough());
      for (const stream of [silent!, spoke!, signed!]) unsigned.add(stream);
      unsigned.spoke(spoke!);
      unsigned.forget(signed!);
      vi.advanceTimersByTime(1000);
      expect([silent, spoke, signed].map((stream) => stream!.destroyed)).toEqual([
        true,
        true,
        false,
      ]);
      expect(dropped).toEqual(['sign_in_timeout', 'sign_in_timeout']);
      expect(unsigned.size).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('of the address with the most of them are closed, not those of others', () => {
    const { unsigned, dropped } = unsignedOf(3);
    const streams = Array.from({ length: 4 }, () => new PassThrough());
    const [other, first, second, third] = streams;
    unsigned.add(other!, '192.0.2.1');
    for (const stream of [first!, second!, third!]) unsigned.add(stream, '192.0.2.2');
    expect(streams.map((stream) => stream.destroyed)).toEqual([false, true, false, false]);
    expect(dropped).toEqual(['too_many_silent']);
    unsigned.destroyAll();
  });

  it('are limited in number, those that sent something included', () => {
    const { unsigned, dropped } = unsignedOf(100);
    const streams = Array.from({ length: 11 }, () => new PassThrough());
    for (const stream of streams) {
      unsigned.add(stream);
      unsigned.spoke(stream);
    }
    expect(unsigned.size).toBe(10);
    expect(dropped).toEqual(['too_many_unsigned']);
    unsigned.destroyAll();
  });

  it('keep their deadline when their handshake ends and another stream replaces them', () => {
    vi.useFakeTimers();
    try {
      const { unsigned } = unsignedOf(10);
      const [raw, secured] = [new PassThrough(), new PassThrough()];
      unsigned.add(raw);
      vi.advanceTimersByTime(600);
      expect(unsigned.secured(raw, secured)).toBe(true);
      raw.destroy();
      vi.advanceTimersByTime(399);
      expect(secured.destroyed).toBe(false);
      vi.advanceTimersByTime(1);
      expect(secured.destroyed).toBe(true);
      expect(unsigned.secured(raw, secured)).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are all closed when sign-ins are no longer accepted', () => {
    const { unsigned } = unsignedOf(10);
    const streams = Array.from({ length: 3 }, () => new PassThrough());
    for (const stream of streams) unsigned.add(stream);
    unsigned.destroyAll();
    expect(streams.every((stream) => stream.destroyed)).toBe(true);
  });
});
