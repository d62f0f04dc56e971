import { expect, test } from 'vitest';
import { checkStep } from '../../../src/kit/step.ts';
import { exchange } from './replies.ts';

/** A session in step that answers EHLO in so many seconds, one after the other; what was said in it. */
function sessionOf(seconds: readonly number[], first = 0.01) {
  const said: string[] = [];
  const session = {
    helo: 'probe.example.net',
    ehlo: { ...exchange('EHLO probe.example.net', '250-mx.example.test\n250 HELP'), seconds: first },
    helloSeconds: 0,
    async say(command: string) {
      const took = seconds[said.length] ?? 0;
      said.push(command);
      return { ...exchange(command, '250-mx.example.test\n250 HELP'), seconds: took };
    },
    async leave() {
      said.push('QUIT');
      return null;
    },
  };
  return { session: session, said };
}

test('EHLO tells the step, as long as it is answered quickly', async () => {
  const { session, said } = sessionOf([0.01, 0.02, 0.01]);
  for (let check = 0; check < 3; check++) expect(await checkStep(session)).toBeNull();
  expect(said).toEqual(Array(3).fill('EHLO probe.example.net'));
});

test('QUIT does where a server takes longer from one EHLO to the next', async () => {
  const { session, said } = sessionOf([0.01, 1.0, 2.0, 4.0]);
  for (let check = 0; check < 3; check++) expect(await checkStep(session)).toBeNull();
  expect(said).toEqual(['EHLO probe.example.net', 'EHLO probe.example.net', 'QUIT']);
});

test('EHLO does where a server, or the way there, is slow from the first on', async () => {
  const { session, said } = sessionOf([1.2, 1.3, 1.2], 1.2);
  for (let check = 0; check < 3; check++) expect(await checkStep(session)).toBeNull();
  expect(said).toEqual(Array(3).fill('EHLO probe.example.net'));
});
