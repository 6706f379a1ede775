import { unlockSignIn } from '../../lib/accounts/account-commands.ts';
import {
  issueRegistrationCode,
  withdrawRegistrationCode,
} from '../../lib/accounts/credential-commands.ts';
import { optional, path, required, text } from './option.ts';
import { counted } from './outcome-text.ts';
import { type Noun, utilityVerb } from './verb.ts';

const CUSTOMER = required('NUMBER', 'お客様番号', text);

const issue = utilityVerb({
  summary: 'a registration code for the customer number that lives somewhere now',
  explanation:
    'An earlier code of theirs stops working, and their sessions end. The code is kept as a hash: it can be shown once.',
  options: {
    customer: CUSTOMER,
    'code-file': optional(
      'FILE',
      'the new file for the code, mode 0600; without it the screen shows it once',
      path,
    ),
  },
  examples: ['--utility minato --customer 000001 --code-file ~/minato/code.txt'],
  next: 'the household signs in at /my with utility code, customer number and code',
  async run({ tx, actor, utilityCode, now }, { customer: customerNumber, 'code-file': file }) {
    const code = await issueRegistrationCode(tx, actor, { customerNumber, now });
    return {
      said: `registration code for customer ${customerNumber} issued`,
      data: { customerNumber },
      secret: {
        label: `registration code of customer ${customerNumber}`,
        value: file === undefined ? code : `${code}\n`,
        file,
        fileOption: '--code-file',
      },
      next: `hand the code over; sign in at /my with ${utilityCode}, ${customerNumber} and the code`,
    };
  },
});

const withdraw = utilityVerb({
  summary: 'takes the codes of a customer number back, also of a household that moved out',
  explanation: 'Their sessions end. Nobody signs in with the number until another code is issued.',
  options: { customer: CUSTOMER },
  examples: ['--utility minato --customer 000001'],
  async run({ tx, actor, now }, { customer: customerNumber }) {
    const codes = await withdrawRegistrationCode(tx, actor, { customerNumber, now });
    return {
      said: `${counted(codes, 'registration code')} of customer ${customerNumber} withdrawn`,
      data: { customerNumber, codes },
    };
  },
});

const unlock = utilityVerb({
  summary: 'forgets the wrong tries of a customer number, so that it may be tried again at once',
  options: { customer: CUSTOMER },
  examples: ['--utility minato --customer 000001'],
  async run({ tx, actor }, { customer: customerNumber }) {
    await unlockSignIn(tx, actor, { kind: 'consumer', name: customerNumber });
    return { said: `customer ${customerNumber} may be tried again`, data: { customerNumber } };
  },
});

export const CODE: Noun = {
  name: 'code',
  summary: '登録コード: lets a household see its own usage',
  verbs: { issue, withdraw, unlock },
};
