import { isEndpoint } from '../../model/reported.ts';
import { endpointName } from '../endpoint-name.ts';
import { isUnanswered } from '../endpoint-words.ts';
import { sentence } from '../sentence.ts';
import { countsByWeight } from '../weights.ts';
import { Chip } from './chip.tsx';
import { type Named, nameOf, weighing } from './names.ts';
import { untoldOf } from './untold.ts';

/** Several endpoints and domains at a glance, the worst first, each a link to its part of the page. */
export const EndpointsTable = ({ endpoints }: { readonly endpoints: readonly Named[] }) => (
  <div class="scroll">
    <table class="endpoints">
      <thead>
        <tr>
          {['Endpoint', 'Worst', 'Failures', 'Warnings', 'Notes', 'Not told', 'Passed', 'Seconds'].map((title) => (
            <th scope="col">{title}</th>
          ))}
        </tr>
      </thead>
      <tbody>{endpoints.map(Row)}</tbody>
    </table>
  </div>
);

function Row(at: Named) {
  const { endpoint, name } = at;
  const { findings, cost, mta } = endpoint;
  const { failure, warning, note } = countsByWeight(findings);
  const passed = findings.filter(({ verdict }) => verdict === 'pass').length;
  const figures = [failure, warning, note, untoldOf(endpoint).length, passed];
  return (
    <tr>
      <th scope="row">
        <a href={`#${name}`}>{endpointName(endpoint.id)}</a>{' '}
        <small>{isEndpoint(endpoint) ? (mta.name ?? 'not recognised') : 'domain'}</small>
      </th>
      <td class="says">
        <Worst {...at} />
      </td>
      {figures.map((figure) => (
        <td class="figure">{figure === 0 ? '–' : figure}</td>
      ))}
      <td class="figure">{isEndpoint(endpoint) ? cost.seconds.toFixed(1) : '–'}</td>
    </tr>
  );
}

function Worst(at: Named) {
  const [worst] = weighing(at.endpoint);
  if (worst === undefined) return isUnanswered(at.endpoint) ? 'No answer.' : 'Nothing found.';
  return (
    <>
      <Chip severity={worst.severity} />{' '}
      <a href={`#${nameOf(at, worst)}`}>{sentence(worst.headline ?? worst.because)}</a>
    </>
  );
}
