'use client';

import { useHotkeys } from '@mantine/hooks';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { pageOfHit, SearchButton, SearchDialog } from '../../components/shell/search-dialog.tsx';
import { useSearch } from './use-search.ts';

/** Search of every staff page, opened by a button in the header or the key `/`. */
export function GlobalSearch() {
  const t = useTranslations('common.problem');
  const [isOpen, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const { data, isError } = useSearch(query);
  const router = useRouter();
  useHotkeys([['/', () => setOpen(true)]]);
  const close = () => {
    setOpen(false);
    setQuery('');
  };
  const openFirst = () => {
    const first = data?.hits[0];
    if (!first) return;
    close();
    router.push(pageOfHit(first));
  };
  return (
    <>
      <SearchButton onOpen={() => setOpen(true)} />
      <SearchDialog
        isOpen={isOpen}
        query={query}
        hits={data?.hits}
        fault={isError ? t('unavailable.title') : undefined}
        onQuery={setQuery}
        onClose={close}
        onSubmit={openFirst}
      />
    </>
  );
}
