import { z } from 'zod';
import { IDENTIFIER_STYLES } from '../office-file/csv-field.ts';
import { IdParam } from '../query-params.ts';
import { FILE_FORMATS } from './file-choice.ts';

/** Parameters that choose the kind of a closing file. */
export const fileChoice = {
  format: z.enum(FILE_FORMATS).meta({
    description: 'A built-in layout, or `layout` for one of the utility, which `layout` names',
  }),
  identifiers: z.enum(IDENTIFIER_STYLES).optional().meta({
    description: 'Office formats: numbers as text formulas for Excel (the default) or plain',
  }),
  layout: IdParam.optional().meta({ description: 'Id of a layout of the utility' }),
  layoutVersion: IdParam.optional().meta({
    description: 'A former version of it, with which a file was written; the latest when left out',
  }),
};
