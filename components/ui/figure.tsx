import { Text } from '@mantine/core';

export interface FigureProps {
  /** The formatted number; null is shown as a dash. */
  value: string | null;
  /** Unit, such as ㎥, kPa, %, 件; smaller than the number. */
  unit: string;
  /** Font size of the number; by default that of the surrounding text. */
  size?: string;
}

/** A number with its unit: digits of equal width, the unit smaller and never alone on the next line. */
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
