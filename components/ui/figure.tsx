import { Text } from '@mantine/core';

export interface FigureProps {
  /** The number as it is to be read; a missing one is a dash. */
  value: string | null;
  /** ㎥, kPa, %, 件; smaller than the number. */
  unit: string;
  /** Font size of the number; in running text and tables that of the text around it. */
  size?: string;
}

/** A number with its unit: figures of one width, the unit smaller and never alone on the next line. */
export function Figure({ value, unit, size }: FigureProps) {
  return (
    <Text span inherit fz={size} style={{ whiteSpace: 'nowrap' }}>
      {value ?? '—'}
      {value !== null && (
        <Text span inherit fz="0.75em" ml="0.15em">
          {unit}
        </Text>
      )}
    </Text>
  );
}
