import type { Client } from 'aedes';
import { expect, it } from 'vitest';
import type { OwnedTerminal } from '../../lib/terminals/owner-commands.ts';
import { createLog } from '../log.ts';
import { ConnectedTerminals } from './connected-terminals.ts';
import { TerminalOwners } from './terminal-owners.ts';
import type { Connection } from './terminal-session.ts';

const TERMINAL = { utilityId: 1, terminalId: 7 };

/** Owners whose claim is answered on request, after each terminal has connected elsewhere. */
function ownersThatAreLate() {
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const connected = new ConnectedTerminals();
  const owners = new TerminalOwners({
    claim: async () => {
      await answered;
      return [1];
    },
    hold: async (owned: readonly OwnedTerminal[]) => owned.map(({ terminalId }) => terminalId),
    release: async () => undefined,
    ...{ connected, downlink: { callUp: () => undefined }, log: createLog('silent') },
  });
  return { owners, connected, answer };
}

/** Adds the connection as the sign-in does after the claim; resolves with the reason when it is closed. */
function connectionOf(owners: TerminalOwners, connected: ConnectedTerminals): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = { closed: false } as Client;
    owners.claim(TERMINAL).then((ownerGeneration) => {
      const cut = (reason: string) => resolve(reason);
      // The owners use only these members of a connection.
      connected.add({ ...TERMINAL, client, ownerGeneration, cut } as unknown as Connection);
    }, reject);
  });
}

it.each([
  ['is called', (owners: TerminalOwners) => owners.call(TERMINAL.terminalId)],
  ['is compared with all others', (owners: TerminalOwners) => void owners.holdAll()],
])(
  'a terminal that %s before its claim is answered is looked at once its connection is there',
  async (_, look) => {
    const { owners, connected, answer } = ownersThatAreLate();
    const cut = connectionOf(owners, connected);
    look(owners);
    await new Promise((resolve) => setImmediate(resolve));
    answer();
    expect(await cut).toBe('taken_over');
  },
);

it('a connection whose terminal gave up a later CONNECT before its answer is entered again', async () => {
  const connected = new ConnectedTerminals();
  const held = new Promise<readonly OwnedTerminal[]>((resolve) => {
    const owners = new TerminalOwners({
      claim: async () => [2],
      hold: async (owned: readonly OwnedTerminal[]) => {
        resolve(owned);
        return [];
      },
      release: async () => undefined,
      ...{ connected, downlink: { callUp: () => undefined }, log: createLog('silent') },
    });
    const client = { closed: false } as Client;
    // The owners use only these members of a connection.
    connected.add({ ...TERMINAL, client, ownerGeneration: 1 } as unknown as Connection);
    void owners.release({ ...TERMINAL, generation: 2 });
  });
  expect(await held).toEqual([{ ...TERMINAL, generation: 1 }]);
});
