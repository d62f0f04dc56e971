import type { Problem } from '../../../src/model/verification.ts';
import { readPostfix } from '../../../src/postfix/configuration.ts';

/** What every configuration here has, unless it says otherwise: with it Postfix starts and takes mail. */
const base = `compatibility_level = 3.6
myhostname = mx.example.test
mydestination = example.test
`;

const stock = 'smtp inet n - n - - smtpd\nqmgr unix n - n 300 1 qmgr\nsmtp unix - - n - - smtp\n';

/** The problems of main.cf with these lines, and of master.cf where that is more than the stock. */
export function problemsOf(
  main: string,
  {
    master = stock,
    version = '3.7',
    mechanisms,
  }: { master?: string; version?: string | null; mechanisms?: string } = {},
): readonly Problem[] {
  return readPostfix(
    {
      name: 'main.cf',
      text: `${base}${main}
`,
    },
    {
      master: { name: 'master.cf', text: master },
      version,
      mechanisms: mechanisms?.split(' ') ?? null,
    },
  ).problems;
}

/** The weights alone. */
export const weightsOf = (...given: Parameters<typeof problemsOf>): string[] =>
  problemsOf(...given).map(({ weight }) => weight);
