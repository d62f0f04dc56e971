import { scanDocument } from '../report/documents.ts';
import { writing } from './command.ts';
import { ownName } from './helo.ts';
import { writePlan } from './plan.ts';
import { openReceivers } from './receivers.ts';
import { scanInto } from './scan-into.ts';
import { readQuestion } from './scan-question.ts';
import { scanUsage } from './scan-usage.ts';
import { readShown } from './shown.ts';

/** `mxprobe scan`. */
export const command = writing(scanUsage, scanDocument, async (given, sinks, io) => {
  const shown = readShown(given);
  const question = await readQuestion(given, 'mxprobe scan example.com, or mxprobe scan --help', io);
  if (given.has('plan')) return writePlan(question, sinks);
  const { scanner, targets, options } = question;
  await using receivers = await openReceivers(given, io, options.tlsCa);
  const { sink, inbox } = receivers;
  const asked = { ...options, sink, inbox, helo: options.helo ?? ownName(io) };
  return await scanInto(sinks, { scanner, shown }, targets, asked, io);
});
