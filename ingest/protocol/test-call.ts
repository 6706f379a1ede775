import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Decoded } from './decode-result.ts';

/** A terminal's test call [TERM-7.3]: sent after fitting, or as the answer to a test. */
export type TestCall = {
  readonly type: 'test_call';
  /** Terminal time [TERM-6.1]. */
  readonly terminalTimeS: number;
  /** Number of the test that it answers; 0 for an unrequested call. */
  readonly nonce: number;
};

/** Decodes the payload of a test call [TERM-7.3]. */
export function decodeTestCall(payload: Uint8Array): Decoded<TestCall> {
  const reader = new ByteReader(payload);
  const terminalTimeS = reader.u32();
  const nonce = reader.u32();
  return reader.refusal() ?? { ok: true, message: { type: 'test_call', terminalTimeS, nonce } };
}

/** Encodes the payload of a test call [TERM-7.3]; a RangeError on a value that does not fit. */
export function encodeTestCall(message: TestCall): Buffer {
  const writer = new ByteWriter();
  writer.u32('terminalTimeS', message.terminalTimeS);
  writer.u32('nonce', message.nonce);
  return writer.bytes();
}
