import { getSupplyPoint } from '../../lib/register/register-queries.ts';
import { moveIn, moveOut } from '../../lib/register/supply-point-commands.ts';
import { dayOf } from '../../lib/time.ts';
import { day, optional, required, text } from './option.ts';
import { type Noun, utilityVerb } from './verb.ts';

const CUSTOMER = required('NUMBER', 'お客様番号: 1 to 32 digits, letters or hyphens', text);

const into = utilityVerb({
  summary: 'a customer number moves in',
  options: {
    customer: CUSTOMER,
    'supply-point': required('NUMBER', 'where', text),
    on: optional('DAY', 'their first day (today)', day),
  },
  examples: ['--utility minato --customer 000001 --supply-point K-001 --on 2026-11-01'],
  next: 'code issue: the registration code with which the household signs in',
  async run({ tx, actor, now }, given) {
    const { customer: customerNumber, 'supply-point': number, on: fromOn = dayOf(now) } = given;
    const { supplyPointId } = await getSupplyPoint(tx, actor, number);
    await moveIn(tx, actor, { supplyPointId, customerNumber, fromOn });
    return {
      said: `customer ${customerNumber} is at supply point ${number} from ${fromOn}`,
      data: { customerNumber, supplyPoint: number, fromOn },
      next: `code issue --customer ${customerNumber} --code-file FILE`,
    };
  },
});

const out = utilityVerb({
  summary: 'a customer number moves out',
  explanation:
    'Their registration code still opens their own time. "code withdraw" ends that as well.',
  options: {
    customer: CUSTOMER,
    on: optional('DAY', 'the first day that is no longer theirs (today)', day),
  },
  examples: ['--utility minato --customer 000001 --on 2026-11-20'],
  async run({ tx, actor, now }, { customer: customerNumber, on: toOn = dayOf(now) }) {
    await moveOut(tx, actor, { customerNumber, toOn });
    return {
      said: `customer ${customerNumber} moved out, ${toOn}`,
      data: { customerNumber, toOn },
    };
  },
});

export const CUSTOMER_NOUN: Noun = {
  name: 'customer',
  summary: 'お客様番号: who lives where, as numbers; no name is kept',
  verbs: { 'move-in': into, 'move-out': out },
};
