/** Thousands of CONNECTs, each over its own socket, for floods for which a client library is too slow. */
import { connect, type Socket } from 'node:net';
import { connectPacket } from './packets.ts';

export interface SignInAttempt {
  port: number;
  terminalNumber: string;
  secret: string;
  /** Source address of the connection; any of 127.0.0.0/8 is this machine. */
  localAddress?: string;
}

/** Sends a CONNECT; resolves with the return code of its CONNACK, or "closed". The socket stays open after code 0. */
export function trySignIn(
  attempt: SignInAttempt,
): Promise<{ code: number | 'closed'; socket: Socket }> {
  const { port, localAddress, terminalNumber, secret } = attempt;
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  socket.once('connect', () => socket.write(connectPacket(terminalNumber, secret)));
  return new Promise((resolve) => {
    socket.once('data', (bytes: Buffer) => {
      const code = bytes[0] === 0x20 ? bytes[3]! : 'closed';
      if (code !== 0) socket.destroy();
      resolve({ code, socket });
    });
    socket.once('close', () => resolve({ code: 'closed', socket }));
  });
}
