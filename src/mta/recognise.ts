import { type ServerTitle, serverTitles } from '../model/mtas.ts';
import type { Reply } from '../model/reply.ts';
import type { MtaGuess } from '../model/report.ts';
import type { SessionTranscript } from '../model/transcript.ts';
import { type Answer, answersOf } from './answers.ts';
import { portraits } from './signatures.ts';

/**
 * What a server is, by how it behaves: a banner is a claim, and its version counts only where the behaviour agrees.
 * Pure.
 */
export function recognise(sessions: readonly SessionTranscript[]): MtaGuess {
  const answers = sessions.flatMap(answersOf).slice(0, mostAnswers);
  const scores = scoresOf(answers);
  const claim = claimOf(answers);
  const shape = scores.find(([mta, score]) => isOuter(mta) && score >= enough)?.[0] ?? decided(scores);
  if (claim !== null && shape === claim.mta)
    return { name: shape, version: claim.version, by: 'reply shapes and banner' };
  if (claim !== null && isOuter(claim.mta)) return { name: claim.mta, version: claim.version, by: 'banner' };
  if (shape !== null) return { name: shape, version: null, by: 'reply shapes' };
  if (claim === null || scores.some(([mta, score]) => (mta === claim.mta ? score < 0 : score >= contradicts)))
    return nothing;
  return { name: claim.mta, version: claim.version, by: 'banner' };
}

const isOuter = (mta: ServerTitle): boolean => portraits[mta].outer === true;

/**
 * Whether these are the words of a server that stands in front of another (nginx): what the other would say to this
 * verb is not known yet.
 */
export function isSaidInFront(verb: 'MAIL', reply: Reply): boolean {
  const line = reply.lines[0].text;
  return serverTitles.filter(isOuter).some((mta) => {
    const { replies = [] } = portraits[mta] ?? {};
    return replies.some(({ to, says }) => to === verb && says.test(line));
  });
}

const nothing: MtaGuess = { name: null, version: null, by: null };

/** A load probe leaves thousands of answers, and the last ones tell nothing that the first did not. */
const mostAnswers = 2000;
/** A score below this is chance: one common word, or a list of keywords that others have too. */
const enough = 4;
/** How far the best must be ahead of the next, where a proxy or a milter mixes the words of two. */
const ahead = 2;
/** A score of this size for another MTA makes a banner no longer believable. */
const contradicts = 3;

type Score = readonly [mta: ServerTitle, score: number];

/**
 * Each signature counts once, however often it is seen: a long scan is no better evidence than a short one. Best first.
 */
function scoresOf(answers: readonly Answer[]): readonly Score[] {
  const scoreOf = (mta: ServerTitle) =>
    portraits[mta].replies
      .filter(({ to, says }) =>
        answers.some(
          (answer) => (to === 'any' ? answer.to !== 'greeting' : to === answer.to) && says.test(answer.text),
        ),
      )
      .reduce((sum, { weight }) => sum + weight, 0);
  return serverTitles.map((mta): Score => [mta, scoreOf(mta)]).sort((a, b) => b[1] - a[1]);
}

function decided([best, second]: readonly Score[]): ServerTitle | null {
  if (best === undefined || best[1] < enough) return null;
  return second !== undefined && best[1] - second[1] < ahead ? null : best[0];
}

/** What the banners say, where they agree. A HELP text may add the version. */
function claimOf(answers: readonly Answer[]): { mta: ServerTitle; version: string | null } | null {
  const claims = answers.flatMap(({ to, text }) => {
    const banner = (mta: ServerTitle) =>
      to === 'greeting' ? portraits[mta].greeting : to === 'HELP' ? portraits[mta].help : undefined;
    const mta = serverTitles.find((title) => banner(title)?.test(text));
    return mta === undefined ? [] : [{ mta, version: banner(mta)?.exec(text)?.[1] ?? null }];
  });
  const [first] = claims;
  if (first === undefined || claims.some(({ mta }) => mta !== first.mta)) return null;
  const versions = new Set(claims.flatMap(({ version }) => version ?? []));
  return { mta: first.mta, version: versions.size === 1 ? ([...versions][0] ?? null) : null };
}
