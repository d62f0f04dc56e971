import type { Finding } from '../../model/report.ts';
import type { Reported } from '../../model/reported.ts';
import { weights } from '../weights.ts';
import { textsOf } from './reading.ts';

/** AUTH mechanisms before and inside TLS, side by side: what EHLO lists, and what the command itself was answered. */
export function AuthLists({ endpoint }: { readonly endpoint: Reported }) {
  const sides = authSides(endpoint);
  if (sides === null) return null;
  const mechanisms = [...new Set(sides.flatMap(({ listed, works, refused }) => [...listed, ...works, ...refused]))];
  return (
    <section class="auth">
      <h3>AUTH before and inside TLS</h3>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Mechanism</th>
              {sides.map(({ title }) => (
                <th scope="col">{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {mechanisms.map((mechanism) => (
              <tr>
                <th scope="row">{mechanism}</th>
                {sides.map((side) => (
                  <Cell side={side} mechanism={mechanism} />
                ))}
              </tr>
            ))}
            {mechanisms.length === 0 && (
              <tr>
                <th scope="row">none</th>
                {sides.map(() => (
                  <td>not listed</td>
                ))}
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {sides.map(({ title, because }) => because !== null && <p class="faint">{`${title}: ${because}`}</p>)}
    </section>
  );
}

/** One half of the table. */
export interface AuthSide {
  readonly title: string;
  readonly listed: readonly string[];
  readonly works: readonly string[];
  readonly refused: readonly string[];
  /** Where nothing was measured: why. */
  readonly because: string | null;
  /** Whether that a mechanism works here is what a failure says. */
  readonly isFault: boolean;
}

/** What is known of both sides; null where it is nothing. */
export function authSides({ findings }: Pick<Reported, 'findings'>): readonly [AuthSide, AuthSide] | null {
  const before = findings.find(({ probe }) => probe === 'auth-before-tls');
  const after = findings.find(({ probe }) => probe === 'auth-after-tls');
  const inClear = sideOf('In clear', before, 'before');
  const insideTls = sideOf('Inside TLS', after, 'after');
  const isKnown = [before, after].some((finding) => finding?.measured !== undefined && 'before' in finding.measured);
  return isKnown ? [inClear, insideTls] : null;
}

function sideOf(title: string, finding: Finding | undefined, list: 'before' | 'after'): AuthSide {
  const measured = finding?.measured ?? {};
  const isMeasured = list in measured;
  return {
    title,
    listed: textsOf(measured[list]),
    works: isMeasured ? textsOf(measured.works) : [],
    refused: isMeasured ? textsOf(measured.refused) : [],
    because: isMeasured ? null : (finding?.because ?? 'not asked'),
    isFault: list === 'before' && finding !== undefined && isFailure(finding),
  };
}

const isFailure = ({ verdict, severity, waived }: Finding): boolean =>
  verdict === 'fail' && waived === undefined && weights[severity].weight === 'failure';

function Cell({ side, mechanism }: { readonly side: AuthSide; readonly mechanism: string }) {
  if (side.because !== null) return <td class="unknown">–</td>;
  const isListed = side.listed.includes(mechanism);
  const works = side.works.includes(mechanism);
  const answer = works ? ', works' : side.refused.includes(mechanism) ? ', refused' : '';
  return (
    <td class={works ? (side.isFault ? 'works fault' : 'works') : isListed ? 'listed' : 'unlisted'}>
      <span aria-hidden="true">{works ? '● ' : isListed ? '◐ ' : '○ '}</span>
      {isListed ? 'listed' : 'not listed'}
      {answer}
    </td>
  );
}
