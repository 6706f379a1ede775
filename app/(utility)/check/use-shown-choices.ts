'use client';

import { useTranslations } from 'next-intl';
import { useClosingTime } from '../../../components/closing/use-closing-time.ts';
import { billedText } from '../../../components/work-list/billed-text.ts';
import { KINDS, type Kind } from '../../../components/work-list/decision.ts';
import type { ShownChoice } from '../../../components/work-list/decision-panel.tsx';
import type { WorkChoicesWire } from '../../../lib/work-list/choice-wire.ts';
import type { WorkItemDetailWire } from '../../../lib/work-list/work-list-wire.ts';
import type { Entry } from './use-entry.ts';

/** The decisions that an item allows, each with what it would bill as far as that is known. */
export function useShownChoices(
  { item }: WorkItemDetailWire,
  choices: WorkChoicesWire | undefined,
  entry: Entry,
): ShownChoice[] {
  const t = useTranslations('check');
  const qualities = useTranslations('common.quality');
  const { day: dayText } = useClosingTime();
  const isVacant = item.customerNumber === null;
  const words = (effect: Effect) =>
    billedText(
      { billed: effect.billed, soFarL: effect.soFarL, isVacant },
      { t, qualities, dayText },
    );
  const notes = ({ furtherClosings, doubted, needsSecond }: Effect) => [
    ...(furtherClosings > 0 ? [t('decide.further', { count: furtherClosings })] : []),
    ...(doubted > 0 ? [t('decide.doubted', { count: doubted })] : []),
    ...(needsSecond ? [t('decide.second')] : []),
  ];
  const shownAs = (kind: Kind, effect: Effect | undefined): ShownChoice => ({
    kind,
    keyName: String(KINDS.indexOf(kind) + 1),
    detail: t(`decide.choiceDetail.${nameOf(kind, item)}`),
    billed: effect && words(effect),
    notes: effect ? notes(effect) : [],
  });
  const offered = choices
    ? choices.choices.map(({ choice, ...effect }) => shownAs(choice, effect))
    : KINDS.filter((kind) => isExpected(kind, item)).map((kind) => shownAs(kind, undefined));
  return [...offered, shownAs('entered', entryEffect(item, choices, entry))];
}

/** Whether a decision on the whole item is to be expected before its effect is known. */
function isExpected(kind: Kind, { registers }: WorkItemDetailWire['item']): boolean {
  return kind === 'confirmed' || (kind === 'struck' && registers > 0);
}

type Effect = Pick<
  WorkChoicesWire['choices'][number],
  'billed' | 'soFarL' | 'furtherClosings' | 'doubted' | 'needsSecond'
>;

function nameOf(kind: Kind, { registers }: WorkItemDetailWire['item']) {
  return kind === 'confirmed' && registers === 0 ? 'confirmedStep' : kind;
}

/** The effect of the entered register on the item's closing, once it was asked for. */
function entryEffect(
  item: WorkItemDetailWire['item'],
  choices: WorkChoicesWire | undefined,
  { previewed }: Entry,
): Effect | undefined {
  if (!previewed || !choices) return undefined;
  const { closings, doubted, needsSecond, period } = previewed;
  const { now } = choices;
  const own = closings.find(
    ({ closesOn, customerNumber }) =>
      closesOn === now?.closesOn && customerNumber === item.customerNumber,
  );
  const isOpen = period.closesOn === item.closing.closesOn;
  return {
    billed: now && (own ? { ...now, ...own.after } : now),
    soFarL: isOpen ? period.after.usageL : null,
    furtherClosings: closings.filter((each) => each !== own).length,
    ...{ doubted: doubted.length, needsSecond },
  };
}
