import { Fragment } from 'react';
import classes from './consumer.module.css';

/** A figure with its unit, and the parentheses around them. */
const FIGURE = /(（?[\d.,]+(?:㎥| m³)）?)/;

/** A sentence in which no line ends between a figure and its unit. */
export function FiguresKept({ children }: { children: string }) {
  let at = 0;
  return children.split(FIGURE).map((part) => {
    at += part.length;
    return FIGURE.test(part) ? (
      <span key={at} className={classes.kept}>
        {part}
      </span>
    ) : (
      <Fragment key={at}>{part}</Fragment>
    );
  });
}
