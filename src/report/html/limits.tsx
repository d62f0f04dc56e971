import type { Finding } from '../../model/report.ts';
import type { Reported } from '../../model/reported.ts';
import { isNotPermitted } from '../../model/summary.ts';
import { sentence } from '../sentence.ts';
import { Chip } from './chip.tsx';
import { LimitPicture } from './limit-picture.tsx';
import { seriesOf } from './limit-series.ts';
import { countedBy } from './limit-words.ts';
import { numberOf, textOf } from './reading.ts';

/** What was measured of limits: a table, and a picture of each measurement whose events are there. */
export function MeasuredLimits({ endpoint, name }: { readonly endpoint: Reported; readonly name: string }) {
  const measured = endpoint.findings.filter((finding) => !isNotPermitted(finding) && isLimit(finding));
  if (measured.length === 0) return null;
  const pictures = measured.flatMap((finding) => {
    const series = seriesOf(finding, endpoint);
    return series === null ? [] : [{ finding, series }];
  });
  return (
    <section class="limits">
      <h3>Measured limits</h3>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Question</th>
              <th scope="col">Limit</th>
              <th scope="col">Window</th>
              <th scope="col">Tried</th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {measured.map((finding) => (
              <Row finding={finding} />
            ))}
          </tbody>
        </table>
      </div>
      {pictures.length > 0 && (
        <>
          <p class="legend">
            Events over time, as they stand in the dialogues: <Key kind="taken" d="M16 8h0" /> taken,{' '}
            <Key kind="refused" d="M12 4l8 8m0-8l-8 8" /> refused, <Key kind="limit" d="M0 8h32" /> the limit,{' '}
            <Key kind="slow" d="M0 8h32" /> where answers begin to slow down, <Key kind="pause" d="M2 0h28v16h-28z" />{' '}
            waits, in which nothing was asked that could count. After a refusal the count begins anew with the next that
            is taken.
          </p>
          <div class="pictures">
            {pictures.map(({ finding, series }, index) => (
              <figure>
                <figcaption>
                  <b>{finding.probe}</b>: {countedBy(finding.probe)}
                </figcaption>
                <LimitPicture probe={finding.probe} series={series} name={`${name}-l${index + 1}`} />
                <p class="faint">{sentence(finding.because)}</p>
                {series.refusal !== null && (
                  <p class="quote">
                    <Key kind="refused" d="M12 4l8 8m0-8l-8 8" /> <samp>{series.refusal}</samp>
                  </p>
                )}
              </figure>
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function isLimit({ measured = {} }: Finding): boolean {
  return 'limit' in measured || 'slowedAfter' in measured;
}

function Row({ finding }: { readonly finding: Finding }) {
  const { measured = {} } = finding;
  const seconds = numberOf(measured.seconds);
  const tried = numberOf(measured.tried);
  return (
    <tr>
      <th scope="row">{finding.probe}</th>
      <td>{limitWords(finding)}</td>
      <td>{windowWords(finding)}</td>
      <td>
        {tried ?? '–'}
        {seconds !== null && ` in ${Number(seconds.toPrecision(3))} s`}
      </td>
      <td>{finding.verdict === 'fail' ? <Chip severity={finding.severity} /> : verdictWords[finding.verdict]}</td>
    </tr>
  );
}

const Key = ({ kind, d }: { readonly kind: string; readonly d: string }) => (
  <svg class="key" viewBox="0 0 32 16" aria-hidden="true">
    <path class={kind} d={d} />
  </svg>
);

const verdictWords: Readonly<Record<Exclude<Finding['verdict'], 'fail'>, string>> = {
  pass: 'pass',
  inconclusive: 'unknown',
  'not-applicable': 'not applicable',
  error: 'error',
};

function limitWords(finding: Finding): string {
  const { measured = {} } = finding;
  const limit = numberOf(measured.limit);
  const slowedAfter = numberOf(measured.slowedAfter) ?? numberOf(measured.soft);
  const slow = slowedAfter === null ? '' : `slows down after ${slowedAfter}`;
  const ends = limit ?? numberOf(measured.closedAfter) ?? numberOf(measured.stoppedAfter);
  if (ends !== null) return `${ends} ${countedBy(finding.probe)}${slow === '' ? '' : `; ${slow}`}`;
  if (slow !== '') return slow;
  return finding.verdict === 'fail' ? 'none found' : 'not known';
}

function windowWords(finding: Finding): string {
  const { windowSeconds, windowAtLeast, windowAtMost, kind } = finding.measured ?? {};
  const exact = numberOf(windowSeconds);
  if (exact !== null) return `${exact} s`;
  const [least, most] = [numberOf(windowAtLeast), numberOf(windowAtMost)];
  if (least !== null && most !== null) return `${least} to ${most} s`;
  const shown = textOf(kind);
  return shown === 'session' || shown === 'message' ? `one ${shown}` : '–';
}
