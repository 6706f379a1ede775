'use client';

import {
  Button,
  CloseButton,
  Modal,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
  VisuallyHidden,
} from '@mantine/core';
import { Search } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { SearchHitWire } from '../../lib/search/search-wire.ts';
import classes from './search-dialog.module.css';

export interface SearchDialogProps {
  isOpen: boolean;
  query: string;
  /** Undefined until the first answer. */
  hits: readonly SearchHitWire[] | undefined;
  /** Error text, shown instead of hits. */
  fault: string | undefined;
  onQuery: (query: string) => void;
  onClose: () => void;
  /** Called on Enter: opens the first hit. */
  onSubmit: () => void;
}

export function SearchButton({ onOpen }: { onOpen: () => void }) {
  const t = useTranslations('common.search');
  return (
    <Button
      variant="default"
      aria-label={t('open')}
      aria-keyshortcuts="/"
      leftSection={<Search size={16} aria-hidden />}
      onClick={onOpen}
      className={classes.button}
    >
      <Text span size="sm" c="dimmed" visibleFrom="md">
        {t('placeholder')}
      </Text>
      <kbd className={classes.key} aria-hidden>
        /
      </kbd>
    </Button>
  );
}

/** The page of a hit: of a supply point that was found by its number, of the meter otherwise. */
export function pageOfHit({ match, meterId, supplyPointId }: SearchHitWire): string {
  return match === 'supplyPointNumber' ? `/supply-points/${supplyPointId}` : `/meters/${meterId}`;
}

/** Search for a meter or supply point by any of its numbers; each hit links to its page. */
export function SearchDialog(props: SearchDialogProps) {
  const t = useTranslations('common.search');
  const { isOpen, query, onQuery, onClose, onSubmit } = props;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': t('label') } }}
      yOffset="10vh"
      size="lg"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <TextInput
          data-autofocus
          aria-label={t('label')}
          placeholder={t('placeholder')}
          value={query}
          maxLength={32}
          autoComplete="off"
          spellCheck={false}
          leftSection={<Search size={16} aria-hidden />}
          rightSection={<CloseButton aria-label={t('close')} onClick={onClose} size="sm" />}
          onChange={(event) => onQuery(event.currentTarget.value)}
        />
      </form>
      <Stack gap={0} mt="sm" mih={120} aria-live="polite">
        <SearchAnswer {...props} />
      </Stack>
    </Modal>
  );
}

function SearchAnswer({ query, hits, fault, onClose }: SearchDialogProps) {
  const t = useTranslations('common.search');
  const said = fault ?? saidInsteadOfHits(query, hits, t);
  if (said || !hits) {
    return (
      <Text size="sm" c="dimmed" py="sm">
        {said}
      </Text>
    );
  }
  return hits.map((hit) => (
    <UnstyledButton
      key={`${hit.match} ${hit.matched} ${hit.meterId}`}
      component={Link}
      href={pageOfHit(hit)}
      onClick={onClose}
      className={classes.hit}
    >
      <Named name={t('customerNumber')} number={hit.customerNumber} />
      <Named name={t('terminalNumber')} number={hit.terminalNumber} />
      <LastNumber hit={hit} />
    </UnstyledButton>
  ));
}

function LastNumber({ hit }: { hit: SearchHitWire }) {
  const t = useTranslations('common.search');
  switch (hit.match) {
    case 'unregisteredMeter':
      return <Named name={t('unregisteredMeter')} number={hit.matched} />;
    case 'supplyPointNumber':
      return <Named name={t('supplyPointNumber')} number={hit.matched} />;
    default:
      return <Named name={t('meterSerial')} number={hit.meterSerial} />;
  }
}

function saidInsteadOfHits(
  query: string,
  hits: readonly SearchHitWire[] | undefined,
  t: ReturnType<typeof useTranslations<'common.search'>>,
): string | undefined {
  if (!query.trim()) return t('hint');
  if (!hits) return t('searching');
  return hits.length ? undefined : t('none', { query });
}

function Named({ name, number }: { name: string; number: string | null }) {
  return (
    <span className={classes.named}>
      <Text span size="xs" c="dimmed">
        {name}
        <VisuallyHidden>: </VisuallyHidden>
      </Text>
      <Text span size="sm">
        {number ?? '—'}
      </Text>
    </span>
  );
}
