import { printing } from '../command.ts';
import type { Usage } from '../usage.ts';

const usage: Usage = {
  words: '',
  about: "Prints the JSON Schema of a monitor's file, for editors.",
  options: {},
  examples: [['> monitor.schema.json', 'for editors: # yaml-language-server: $schema=monitor.schema.json']],
};

/** `mxprobe monitor schema`. */
export const command = printing(usage, async (_, io) => {
  const { probes } = await io.scanner();
  const { monitorJsonSchema } = await import('../../monitor/config/form.ts');
  return `${JSON.stringify(monitorJsonSchema(probes.map(({ id }) => id)), null, 2)}\n`;
});
