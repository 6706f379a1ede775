import { describe, expect, it } from 'vitest';
import { createSignInQueue, type SignInQueue, type TryOrigin } from './sign-in-queue.ts';

const LIMITS = { atOnce: 2, known: 24, others: 16, perClient: 8 };

/** A queue whose work ends when the test calls tick: one tick is the duration of two tries. */
function createTickingQueue(limits = LIMITS) {
  const queue = createSignInQueue(limits);
  const ends: (() => void)[] = [];
  const begun: string[] = [];
  const enter = (origin: Partial<TryOrigin>, signal?: AbortSignal): Promise<string> => {
    const whole = { isKnown: false, utility: 'demo', client: '192.0.2.1', ...origin };
    const work = (): Promise<void> => {
      begun.push(whole.client);
      return new Promise((resolve) => ends.push(resolve));
    };
    return queue.run(whole, signal, work).then(
      () => 'done',
      (error: { code: string; details: { retryAfterS: number } }) =>
        `${error.code} ${error.details.retryAfterS}`,
    );
  };
  const tick = async (): Promise<void> => {
    for (const end of ends.splice(0)) end();
    await nextTick();
  };
  return { queue, begun, enter, tick };
}

/** Runs all pending callbacks, without time passing. */
const nextTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const BUSY = 'unavailable 3';

/** `count` connections that try again as soon as they are answered, each time with the origin that `origin` returns. */
function flood(
  enter: (origin: Partial<TryOrigin>) => Promise<string>,
  count: number,
  origin: () => Partial<TryOrigin>,
) {
  const state = { isOver: false, tries: 0 };
  const connection = async (): Promise<void> => {
    while (!state.isOver) {
      state.tries += 1;
      const answer = await enter(origin());
      if (answer === BUSY) await nextTick();
    }
  };
  for (let each = 0; each < count; each += 1) void connection();
  return state;
}

/** Number of `tries` valid sign-ins that get their turn during successive ticks. */
async function countServed(
  { enter, tick }: ReturnType<typeof createTickingQueue>,
  tries: number,
  origin: Partial<TryOrigin>,
): Promise<{ served: number; longestTicks: number }> {
  let served = 0;
  let longestTicks = 0;
  for (let each = 0; each < tries; each += 1) {
    let answer: string | undefined;
    void enter(origin).then((given) => {
      answer = given;
    });
    let ticks = 0;
    for (; answer === undefined; ticks += 1) await tick();
    longestTicks = Math.max(longestTicks, ticks);
    if (answer === 'done') served += 1;
  }
  return { served, longestTicks };
}

describe('a flood of sign-ins', () => {
  it('from one address takes no turn from another: 34 of 34 are served within three turns', async () => {
    const ticking = createTickingQueue();
    const attack = flood(ticking.enter, 40, () => ({ client: '198.51.100.1' }));
    const result = await countServed(ticking, 34, { client: '203.0.113.1' });
    attack.isOver = true;
    expect(result).toEqual({ served: 34, longestTicks: expect.any(Number) });
    expect(result.longestTicks).toBeLessThanOrEqual(3);
    expect(attack.tries).toBeGreaterThan(100);
  });

  it('from ever new addresses takes no turn from another utility', async () => {
    const ticking = createTickingQueue();
    let address = 0;
    const attack = flood(ticking.enter, 100, () => {
      address += 1;
      return { client: `198.51.100.${address}` };
    });
    const result = await countServed(ticking, 34, { utility: 'other', client: '203.0.113.1' });
    attack.isOver = true;
    expect(result.served).toBe(34);
    expect(result.longestTicks).toBeLessThanOrEqual(3);
  });

  it('from ever new addresses takes no turn from a browser that has signed in before', async () => {
    const ticking = createTickingQueue();
    let address = 0;
    const attack = flood(ticking.enter, 100, () => {
      address += 1;
      return { client: `198.51.100.${address}` };
    });
    const origin = { isKnown: true, client: 'staff billing' };
    const result = await countServed(ticking, 34, origin);
    attack.isOver = true;
    expect(result.served).toBe(34);
    expect(result.longestTicks).toBeLessThanOrEqual(3);
  });

  it('from one name’s many known browsers takes no turn from another name', async () => {
    const ticking = createTickingQueue();
    const known = (client: string) => ({ isKnown: true, client });
    const attack = flood(ticking.enter, 40, () => known('consumer 000123'));
    const result = await countServed(ticking, 34, known('staff billing'));
    attack.isOver = true;
    expect(result.served).toBe(34);
  });

  it('from known browsers leaves others a third of the turns', async () => {
    const ticking = createTickingQueue();
    let name = 0;
    const attack = flood(ticking.enter, 40, () => {
      name += 1;
      return { isKnown: true, client: `consumer ${name}` };
    });
    const result = await countServed(ticking, 34, { client: '203.0.113.1' });
    attack.isOver = true;
    expect(result.served).toBe(34);
    expect(result.longestTicks).toBeLessThanOrEqual(4);
  });
});

describe('the sign-in queue', () => {
  it('alternates between utilities, and between clients within each', async () => {
    const { begun, enter, tick } = createTickingQueue({ ...LIMITS, atOnce: 1 });
    for (const client of ['first', 'a', 'a', 'a', 'b']) void enter({ client });
    for (const client of ['c', 'c']) void enter({ utility: 'other', client });
    for (let turn = 0; turn < 7; turn += 1) await tick();
    expect(begun).toEqual(['first', 'a', 'c', 'b', 'c', 'a', 'a']);
  });

  it("refuses at once the oldest try beyond a client's maximum", async () => {
    const { queue, enter, tick } = createTickingQueue();
    const answers = Array.from({ length: 13 }, () => enter({}));
    const refused = await Promise.race([answers[2], answers[4], answers[9]]);
    expect(refused).toBe(BUSY);
    expect(queue.waiting()).toBe(LIMITS.perClient);
    for (let turn = 0; turn < 6; turn += 1) await tick();
    const ended = await Promise.all(answers);
    expect(ended.map((answer) => answer === 'done')).toEqual(
      Array.from({ length: 13 }, (_, each) => each < 2 || each >= 5),
    );
  });

  it('refuses when it is full the oldest try of the client with the most, and never one that has signed in before', async () => {
    const { queue, enter } = createTickingQueue();
    const refused: string[] = [];
    const wait = (name: string, origin: Partial<TryOrigin>): void => {
      void enter(origin).then((answer) => answer === BUSY && refused.push(name));
    };
    for (const each of ['running', 'running']) wait(each, { client: each });
    for (let each = 0; each < 3; each += 1) wait(`greedy ${each}`, { client: 'greedy' });
    for (let each = 0; each < 12; each += 1) wait(`modest ${each}`, { client: `modest ${each}` });
    wait('known', { isKnown: true, client: 'staff desk' });
    for (const name of ['late', 'later', 'latest']) wait(name, { client: name });
    await nextTick();
    expect(refused).toEqual(['greedy 0', 'greedy 1']);
    expect(queue.waiting()).toBe(LIMITS.others + 1);
  });

  it('removes a try whose client has disconnected, which makes room', async () => {
    const { queue, begun, enter, tick } = createTickingQueue({ ...LIMITS, atOnce: 1 });
    const gone = new AbortController();
    void enter({ client: 'first' });
    const given = enter({ client: 'gone' }, gone.signal);
    void enter({ client: 'next' });
    gone.abort();
    expect(await given).toBe(BUSY);
    expect(queue.waiting()).toBe(1);
    await tick();
    expect(begun).toEqual(['first', 'next']);
    expect(await enter({ client: 'gone' }, gone.signal)).toBe(BUSY);
  });

  it('continues after work that fails', async () => {
    const queue: SignInQueue = createSignInQueue({ ...LIMITS, atOnce: 1 });
    const origin = { isKnown: false, utility: '', client: '' };
    const fault = new Error('a fault');
    await expect(queue.run(origin, undefined, () => Promise.reject(fault))).rejects.toBe(fault);
    expect(await queue.run(origin, undefined, async () => 'next')).toBe('next');
    expect(queue.waiting()).toBe(0);
  });
});
