'use client';

import {
  Button,
  Group,
  Stack,
  Table,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { ChartNoAxesColumn, Download, ImageDown, Table2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useRef, useState } from 'react';
import { grouped } from '../text/figure-text.ts';
import { type ChartTable, type CsvWords, tableCsv } from './chart-table.ts';
import classes from './charts.module.css';
import { saveCsv, savePicture } from './save-picture.ts';

interface ChartFrameProps {
  title: string;
  /** One sentence that describes the picture, for screen readers. */
  summary: string;
  table: ChartTable;
  /** Name of the downloads without extension; undefined offers none. */
  fileName?: string | undefined;
  onSelect?: ((key: string) => void) | undefined;
  children: ReactNode;
}

/** A chart with its title, its values as a table, and its downloads. */
export function ChartFrame({
  title,
  summary,
  table,
  fileName,
  onSelect,
  children,
}: ChartFrameProps) {
  const t = useTranslations('charts');
  const [asTable, setAsTable] = useState(false);
  const drawing = useRef<HTMLDivElement>(null);
  return (
    <Stack component="section" gap="xs" aria-label={title}>
      <Group justify="space-between" align="center" gap="xs">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Group gap={4}>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={asTable ? <ChartNoAxesColumn size={16} /> : <Table2 size={16} />}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? t('showChart') : t('showTable')}
          </Button>
          {fileName === undefined ? null : (
            <Downloads
              table={table}
              fileName={fileName}
              hasPicture={!asTable}
              onPicture={() => {
                if (drawing.current) void savePicture(drawing.current, title, `${fileName}.png`);
              }}
            />
          )}
        </Group>
      </Group>
      {asTable ? (
        <TableBehind table={table} caption={summary} onSelect={onSelect} />
      ) : (
        <figure ref={drawing} style={{ margin: 0 }} aria-label={summary}>
          {children}
        </figure>
      )}
    </Stack>
  );
}

interface DownloadsProps {
  table: ChartTable;
  fileName: string;
  hasPicture: boolean;
  onPicture: () => void;
}

function Downloads({ table, fileName, hasPicture, onPicture }: DownloadsProps) {
  const t = useTranslations('charts');
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<Download size={16} />}
        onClick={() => saveCsv(tableCsv(table, csvWords(t)), `${fileName}.csv`)}
      >
        {t('saveCsv')}
      </Button>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<ImageDown size={16} />}
        disabled={!hasPicture}
        onClick={onPicture}
      >
        {t('savePicture')}
      </Button>
    </>
  );
}

interface TableBehindProps {
  table: ChartTable;
  caption: string;
  onSelect: ((key: string) => void) | undefined;
}

function TableBehind({ table, caption, onSelect }: TableBehindProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={classes.table} aria-label={caption} tabIndex={0}>
      <Table stickyHeader striped verticalSpacing={4}>
        <TableThead>
          <TableTr>
            {table.header.map((name, at) => (
              <TableTh key={name} ta={isFigure(at, table) ? 'right' : 'left'}>
                {name}
              </TableTh>
            ))}
          </TableTr>
        </TableThead>
        <TableTbody>
          {table.rows.map((row) => (
            <TableTr key={row.key}>
              {row.cells.map((cell, at) => (
                <TableTd
                  key={table.header[at]}
                  ta={isFigure(at, table) ? 'right' : 'left'}
                  style={{ whiteSpace: 'nowrap' }}
                >
                  {at === 0 && onSelect ? (
                    <UnstyledButton onClick={() => onSelect(row.key)}>
                      <Text td="underline" size="sm">
                        {cell}
                      </Text>
                    </UnstyledButton>
                  ) : (
                    shown(cell, isFigure(at, table))
                  )}
                </TableTd>
              ))}
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </section>
  );
}

function csvWords(t: ReturnType<typeof useTranslations<'charts'>>): CsvWords {
  return { date: t('date'), hour: t('hour'), instant: t('instant') };
}

function shown(cell: string, figure: boolean): string {
  return figure ? grouped(cell) : cell;
}

/** True for columns between the first (time) and the last (remark). */
function isFigure(column: number, table: ChartTable): boolean {
  return column > 0 && column < table.header.length - 1;
}
