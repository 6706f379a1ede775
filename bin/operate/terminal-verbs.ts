import { z } from 'zod';
import {
  LATEST_REPORT_MINUTE,
  LONGEST_REPORT_WINDOW_MINUTES,
  USUAL_REPORT_WINDOW,
} from '../../lib/readings/report-window.ts';
import { getSupplyPoint } from '../../lib/register/register-queries.ts';
import {
  moveTerminal,
  removeTerminal,
  retireTerminal,
} from '../../lib/terminals/removal-commands.ts';
import {
  fitTerminal,
  registerTerminal,
  reissueTerminal,
  type TerminalCredentials,
} from '../../lib/terminals/terminal-commands.ts';
import { TERMINAL_MODELS } from '../../lib/terminals/terminal-model.ts';
import { newTerminalNumber } from '../../lib/terminals/terminal-number.ts';
import {
  getTerminal,
  listTerminals,
  type TerminalRow,
} from '../../lib/terminals/terminal-queries.ts';
import { formatJst } from '../../lib/time.ts';
import { CREDENTIALS, credentialsSecret, type IssuedTerminal } from './credentials-file.ts';
import { LIMIT, listed } from './limited-list.ts';
import { INSTANT_HELP, instant, optional, required, text, whole } from './option.ts';
import { minuteOfDay } from './outcome-text.ts';
import { testTerminal } from './terminal-test-verb.ts';
import { type Noun, type Scene, utilityVerb } from './verb.ts';

const NUMBER = required('DIGITS', '無線機ID', text);
const AT = optional('WHEN', `${INSTANT_HELP} (now)`, instant);
const model = z.enum(TERMINAL_MODELS, 'give external, us or jo');

const register = utilityVerb({
  summary: 'a new terminal, and its fitting where a supply point is given',
  explanation: `Secret and key are made once, and only here: they go into the file of --credentials, which "npm run -s simulate" plays and
from which a real terminal is set up. "terminal renew" makes others.`,
  options: {
    number: optional('DIGITS', '無線機ID, 1 to 16 digits; without it one is made', text),
    model: optional('MODEL', 'external, us or jo (external)', model),
    'supply-point': optional('NUMBER', 'where it is fitted', text),
    at: AT,
    'report-minute': optional(
      'MINUTE',
      `minute of the day at which its report window opens (${USUAL_REPORT_WINDOW.reportMinute}: 01:00)`,
      whole(0, LATEST_REPORT_MINUTE),
    ),
    'report-window': optional(
      'MINUTES',
      `length of the window (${USUAL_REPORT_WINDOW.reportWindowMinutes})`,
      whole(1, LONGEST_REPORT_WINDOW_MINUTES),
    ),
    credentials: CREDENTIALS,
  },
  examples: [
    '--utility minato --supply-point K-001 --at 2026-11-01 --credentials ~/minato/terminal.json',
  ],
  next: 'the terminal may connect at once; terminal show tells when it was last heard',
  async run(scene, given) {
    const { tx, actor, now } = scene;
    const { 'supply-point': supplyPoint, at: fromAt = now } = given;
    const number = given.number ?? newTerminalNumber();
    const reportMinute = given['report-minute'] ?? USUAL_REPORT_WINDOW.reportMinute;
    const reportWindowMinutes = given['report-window'] ?? USUAL_REPORT_WINDOW.reportWindowMinutes;
    const credentials = await registerTerminal(tx, actor, {
      ...{ number, model: given.model ?? ('external' as const), reportMinute, reportWindowMinutes },
      kek: await scene.getKek(),
    });
    if (supplyPoint !== undefined) {
      const { supplyPointId } = await getSupplyPoint(tx, actor, supplyPoint);
      await fitTerminal(tx, actor, { number, supplyPointId, fromAt, now });
    }
    const at = supplyPoint === undefined ? '' : `, fitted at ${supplyPoint}, ${formatJst(fromAt)}`;
    return {
      said: `terminal ${number} registered${at}`,
      data: { number, supplyPoint: supplyPoint ?? null, reportMinute, reportWindowMinutes },
      secret: await secretFor(scene, { number, credentials, file: given.credentials }),
      next:
        supplyPoint === undefined
          ? `terminal fit --number ${number} --supply-point …: it may connect now, and reports what it measures once it is fitted`
          : `npm run -s simulate -- --fleet ${given.credentials}   (or set up the real terminal from the file)`,
    };
  },
});

const renew = utilityVerb({
  summary: 'a new secret and a new key; the old ones end at once',
  explanation: `The key is of the next generation. Whatever holds the old secret can no longer sign in; a connection that is open is cut
within three minutes. The counter of the frames goes on: the file says with which number. A simulated terminal is played from
the new file, and taken out of the earlier one.`,
  options: { number: NUMBER, credentials: CREDENTIALS },
  examples: ['--utility minato --number 77000000000001 --credentials ~/minato/terminal.json'],
  next: 'set up the terminal from the file; terminal test proves that it holds the new key',
  async run(scene, { number, credentials: file }) {
    const { tx, actor, now } = scene;
    const kek = await scene.getKek();
    const credentials = await reissueTerminal(tx, actor, { number, kek, now });
    return {
      said: `terminal ${number} has a new secret and a key of generation ${credentials.generation}`,
      data: { number, generation: credentials.generation, firstCounter: credentials.firstCounter },
      secret: await secretFor(scene, { number, credentials, file }),
      next: `set up the terminal from the file. Where it is simulated: end the simulation of its earlier file, whose secret is now
refused, take it out of that file, and npm run -s simulate -- --fleet ${file}`,
    };
  },
});

async function secretFor(
  { tx, actor, now }: Scene,
  { number, credentials, file }: { number: string; credentials: TerminalCredentials; file: string },
) {
  const { reportMinute, reportWindowMinutes, supplyPoint } = await getTerminal(tx, actor, number);
  const known = supplyPoint === null ? undefined : await getSupplyPoint(tx, actor, supplyPoint);
  const issued: IssuedTerminal = {
    ...{ number, credentials, reportMinute, reportWindowMinutes, supplyPoint },
    gasKind: known?.gasKind ?? 'city',
    areaCode: known?.areaCode ?? '',
    meter: known?.meter,
  };
  return credentialsSecret([issued], { file, now });
}

const fit = utilityVerb({
  summary: 'a registered terminal comes to a supply point',
  options: { number: NUMBER, 'supply-point': required('NUMBER', 'where', text), at: AT },
  examples: ['--utility minato --number 77000000000001 --supply-point K-001'],
  async run({ tx, actor, now }, { number, 'supply-point': supplyPoint, at: fromAt = now }) {
    const { supplyPointId } = await getSupplyPoint(tx, actor, supplyPoint);
    await fitTerminal(tx, actor, { number, supplyPointId, fromAt, now });
    return {
      said: `terminal ${number} fitted at ${supplyPoint}, ${formatJst(fromAt)}`,
      data: { number, supplyPoint, fromAt },
    };
  },
});

const remove = utilityVerb({
  summary: 'ends its fitting; it stays registered and may be fitted elsewhere',
  options: { number: NUMBER, at: AT },
  examples: ['--utility minato --number 77000000000001 --at 2026-11-20T10:30'],
  next: 'terminal fit elsewhere, or terminal retire',
  async run({ tx, actor, now }, { number, at: removedAt = now }) {
    const { supplyPoint } = await getTerminal(tx, actor, number);
    await removeTerminal(tx, actor, { number, removedAt, now });
    return {
      said: `terminal ${number} removed from ${supplyPoint}, ${formatJst(removedAt)}`,
      data: { number, supplyPoint, removedAt },
    };
  },
});

const move = utilityVerb({
  summary: 'from its supply point to another at one moment',
  options: { number: NUMBER, to: required('NUMBER', 'the other supply point', text), at: AT },
  examples: ['--utility minato --number 77000000000001 --to K-002'],
  async run({ tx, actor, now }, { number, to, at: movedAt = now }) {
    const { supplyPointId } = await getSupplyPoint(tx, actor, to);
    const { supplyPoint } = await getTerminal(tx, actor, number);
    await moveTerminal(tx, actor, { number, supplyPointId, movedAt, now });
    return {
      said: `terminal ${number} moved from ${supplyPoint} to ${to}, ${formatJst(movedAt)}`,
      data: { number, from: supplyPoint, to, movedAt },
    };
  },
});

const retire = utilityVerb({
  summary: 'takes a terminal out of service for good; its readings stay',
  options: { number: NUMBER, at: AT },
  examples: ['--utility minato --number 77000000000001'],
  next: 'terminal register --supply-point …: another in its place',
  async run({ tx, actor, now }, { number, at: retiredAt = now }) {
    await retireTerminal(tx, actor, { number, retiredAt, now });
    return {
      said: `terminal ${number} retired, ${formatJst(retiredAt)}: it can no longer sign in`,
      data: { number, retiredAt },
    };
  },
});

const list = utilityVerb({
  summary: 'terminals, where they are and when they were last heard',
  options: { limit: LIMIT },
  examples: ['--utility minato'],
  isReading: true,
  run: ({ tx, actor }, { limit }) =>
    listed({
      of: 'terminal',
      limit,
      headings: ['number', 'model', 'supplyPoint', 'generation', 'lastSeenAt', 'retiredAt'],
      read: (most) => listTerminals(tx, actor, { limit: most }),
    }),
});

const show = utilityVerb({
  summary: 'one terminal',
  options: { number: NUMBER },
  examples: ['--utility minato --number 77000000000001'],
  isReading: true,
  async run({ tx, actor }, { number }) {
    const terminal = await getTerminal(tx, actor, number);
    return { said: descriptionOf(terminal), data: { terminal } };
  },
});

function descriptionOf(terminal: TerminalRow): string {
  const lines = [
    `terminal ${terminal.number} (${terminal.model})`,
    `  at supply point: ${terminal.supplyPoint ?? '–'}${terminal.fittedAt ? ` since ${formatJst(terminal.fittedAt)}` : ''}`,
    `  reports from ${minuteOfDay(terminal.reportMinute)} within ${terminal.reportWindowMinutes} minutes`,
    `  key generation: ${terminal.generation ?? '–'}`,
    `  last heard: ${terminal.lastSeenAt ? formatJst(terminal.lastSeenAt) : 'never'}`,
  ];
  if (terminal.retiredAt) lines.push(`  retired: ${formatJst(terminal.retiredAt)}`);
  return lines.join('\n');
}

export const TERMINAL: Noun = {
  name: 'terminal',
  summary: '検針端末: registered, fitted, tested, moved, retired; secrets and keys',
  verbs: { register, fit, test: testTerminal, remove, move, renew, retire, list, show },
};
