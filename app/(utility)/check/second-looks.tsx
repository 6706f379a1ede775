'use client';

import { Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ListAnswer } from '../../../components/table/list-answer.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { RefusedDecision } from '../../../components/work-list/refused-decision.tsx';
import { SecondLookCard } from '../../../components/work-list/second-look-card.tsx';
import classes from '../../../components/work-list/work-list.module.css';
import type { ReadingEditWire } from '../../../lib/editing/edit-wire.ts';
import { useListAddress } from '../use-list-address.ts';
import { PAGE_ITEMS } from './check-address.ts';
import { useEditPreview, useProposedEdits, useSecondLook } from './use-second-looks.ts';

/** Edits that wait for a second person. */
export function SecondLooks({ mayEdit }: { mayEdit: boolean }) {
  const t = useTranslations('check.second');
  const address = useListAddress(PAGE_ITEMS);
  const query = useProposedEdits(address.part);
  const [done, setDone] = useState<'agreed' | 'refused' | 'withdrawn'>();
  return (
    <Stack component="section" gap="md" aria-label={t('label')}>
      <Text size="sm" role="status" mih="1.5em">
        {done ? t(done) : null}
      </Text>
      <ListAnswer
        query={query}
        part={address.part}
        onOffset={address.goTo}
        empty={<EmptyState title={t('none')}>{t('noneDetail')}</EmptyState>}
      >
        {(edits) => (
          <Stack component="ul" gap="sm" className={classes.plain}>
            {edits.map((edit) => (
              <SecondLook key={edit.editId} edit={edit} mayEdit={mayEdit} onDone={setDone} />
            ))}
          </Stack>
        )}
      </ListAnswer>
    </Stack>
  );
}

interface SecondLookProps {
  edit: ReadingEditWire;
  mayEdit: boolean;
  onDone: (done: 'agreed' | 'refused' | 'withdrawn') => void;
}

function SecondLook({ edit, mayEdit, onDone }: SecondLookProps) {
  const preview = useEditPreview(edit.editId);
  const second = useSecondLook(edit.editId);
  const issued = preview.data?.issued ?? [];
  return (
    <>
      <SecondLookCard
        {...{ edit, mayEdit, preview: preview.data }}
        isBusy={preview.isPending || second.isPending}
        onLook={() => preview.mutate()}
        onDecide={(agreed) =>
          second.mutate(agreed ? { agreed, issued } : { agreed, issued: [] }, {
            onSuccess: () => onDone(agreed ? 'agreed' : 'refused'),
          })
        }
        onWithdraw={() =>
          second.mutate({ agreed: null, issued: [] }, { onSuccess: () => onDone('withdrawn') })
        }
      />
      <RefusedDecision error={second.error ?? preview.error} />
    </>
  );
}
