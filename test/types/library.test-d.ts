import { expectTypeOf } from 'vitest';
import {
  type BadTarget,
  type DefinedProbe,
  defineProbe,
  defineRule,
  type Judgement,
  judge,
  kit,
  type Policy,
  parseTarget,
  type Report,
  scan,
  type Target,
} from '../../src/index.ts';

/**
 * What the library infers for its users. Nothing here runs: `npm run types` compiles it, and a wrong type is an error.
 */
const entry = {
  id: 'x',
  question: 'X?',
  severity: 'low',
  safety: 'active',
  why: '.',
  judged: '.',
  refs: [],
  fix: {},
  cost: { connections: 1, commands: 1 },
} as const;
const { cost, ...ruleEntry } = entry;
const unsure = kit.inconclusive('ambiguous', 'never run');

const counted = defineProbe({
  ...entry,
  observe: async () => ({ count: 1 }),
  judge(data) {
    expectTypeOf(data).toEqualTypeOf<{ count: number }>();
    return unsure;
  },
});
expectTypeOf(counted).toEqualTypeOf<DefinedProbe<{ count: number }>>();

const named = defineProbe({ ...entry, observe: async () => ({ name: 'x' }), judge: () => unsure });

defineProbe({
  ...entry,
  needs: { counted },
  wants: { named },
  async observe(_, given, lacking) {
    expectTypeOf(given.counted).toEqualTypeOf<{ count: number }>();
    expectTypeOf(given.named).toEqualTypeOf<{ name: string } | undefined>();
    expectTypeOf(lacking).toHaveProperty('named');
    expectTypeOf(lacking).not.toHaveProperty('counted');
    return null;
  },
  judge(data, given, policy) {
    expectTypeOf(data).toEqualTypeOf<null>();
    expectTypeOf(given).not.toHaveProperty('other');
    expectTypeOf(given.counted.count).toEqualTypeOf<number>();
    expectTypeOf(policy).toEqualTypeOf<Policy>();
    return unsure;
  },
});

const rule = defineRule({
  ...ruleEntry,
  needs: { counted },
  wants: { named },
  judge({ counted: { count }, named: maybe }) {
    expectTypeOf(count).toEqualTypeOf<number>();
    expectTypeOf(maybe).toEqualTypeOf<{ name: string } | undefined>();
    return unsure;
  },
});
expectTypeOf(rule).toEqualTypeOf<DefinedProbe<null>>();

expectTypeOf(counted).toExtend<DefinedProbe>();
expectTypeOf(rule).toExtend<DefinedProbe>();

// A pass and a fail want a quote.
type Evidence = Parameters<typeof kit.pass>[1];
expectTypeOf<Parameters<typeof kit.fail>[1]>().toEqualTypeOf<Evidence>();
expectTypeOf<kit.Cite>().toExtend<Evidence>();
expectTypeOf<[kit.Cite, kit.Cite]>().toExtend<Evidence>();
expectTypeOf<readonly []>().not.toExtend<Evidence>();
expectTypeOf<undefined>().not.toExtend<Evidence>();
expectTypeOf(kit.pass).returns.toExtend<Judgement>();

// A scan wants a name to give, and targets that were looked at.
type Options = Parameters<typeof scan>[1];
expectTypeOf<{ helo: string }>().toExtend<Options>();
expectTypeOf<{ ports: number[] }>().not.toExtend<Options>();
expectTypeOf(parseTarget('x')).toEqualTypeOf<Target | BadTarget>();
expectTypeOf<BadTarget>().not.toExtend<Parameters<typeof scan>[0][number]>();
expectTypeOf(scan).returns.resolves.toEqualTypeOf<Report>();
expectTypeOf(judge).returns.toEqualTypeOf<Report>();
