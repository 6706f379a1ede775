// A terminal's connection to the broker [TERM-2, TERM-3], subscribed to its own down topic before anything is sent.
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';

const CONNECT_TIMEOUT_MS = 10_000;

export interface LinkOptions {
  /** mqtt://host:port or mqtts://host:port. */
  brokerUrl: string;
  number: string;
  secret: string;
  /** Trusted certificates for mqtts, PEM; default: those of the system. */
  ca?: string | undefined;
}

/** An open connection. When it is lost, every pending promise rejects. */
export interface Link {
  /** Sends one frame; resolves when the broker has acknowledged it. */
  publish(frame: Buffer): Promise<void>;
  /** Sets the receiver of frames from the cloud; earlier ones are passed on at once. */
  listen(onFrame: (frame: Buffer) => void): void;
  /** Closes the connection in order; with `force` at once, whatever is pending. */
  close(force?: boolean): Promise<void>;
}

/** Signs in and subscribes. Rejects when the broker refuses, cannot be reached or does not answer in time. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { number } = options;
  const client = await connectAsync(options.brokerUrl, clientOptions(options), false);
  // A broken connection is an error of the running operation; without this listener it would end the process.
  client.on('error', () => undefined);
  const losses = new Set<(error: Error) => void>();
  client.on('close', () => {
    const error = new Error(`terminal ${number}: the connection was closed`);
    for (const lose of losses) lose(error);
    losses.clear();
  });
  const downlink = bufferedListener(client);
  const link: Link = {
    publish: (frame) =>
      whileOpen(client, losses, (done) => {
        client.publish(`t/${number}/up`, frame, { qos: 1 }, done);
      }),
    listen: downlink,
    close: async (force = false) => {
      // An orderly end waits for acknowledgements, which never arrive over a lost connection.
      await client.endAsync(force || !client.connected);
    },
  };
  try {
    await whileOpen(client, losses, (done) => {
      client.subscribe(`t/${number}/down`, { qos: 1 }, (error, granted) =>
        done(error ?? refusal(number, granted?.[0]?.qos)),
      );
    });
  } catch (error) {
    await client.endAsync(true);
    throw error;
  }
  return link;
}

function clientOptions({ number, secret, ca }: LinkOptions): IClientOptions {
  return {
    clientId: number,
    username: number,
    password: secret,
    protocolVersion: 4,
    clean: true,
    keepalive: 60,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    resubscribe: false,
    ...(ca === undefined ? {} : { ca }),
  };
}

/** [TERM-2.3] Anything but QoS 1 is a refusal of the subscription (128). */
function refusal(number: string, qos: number | undefined): Error | undefined {
  if (qos === 1) return undefined;
  return new Error(`terminal ${number}: the broker refused the subscription`);
}

function bufferedListener(client: MqttClient): (onFrame: (frame: Buffer) => void) => void {
  let early: Buffer[] | undefined = [];
  let handler = (frame: Buffer) => {
    early?.push(frame);
  };
  client.on('message', (_topic, frame) => handler(frame));
  return (onFrame) => {
    const waiting = early ?? [];
    early = undefined;
    handler = onFrame;
    for (const frame of waiting) onFrame(frame);
  };
}

function whileOpen(
  client: MqttClient,
  losses: Set<(error: Error) => void>,
  start: (done: (error?: Error | null) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!client.connected) {
      reject(new Error('the connection was closed'));
      return;
    }
    losses.add(reject);
    start((error) => {
      losses.delete(reject);
      if (error) reject(error);
      else resolve();
    });
  });
}
