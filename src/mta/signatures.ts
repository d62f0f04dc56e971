import type { ServerTitle } from '../model/mtas.ts';
import { classic } from './signatures/classic.ts';
import { gateways } from './signatures/gateways.ts';
import { others } from './signatures/others.ts';
import type { Portrait } from './signatures/portrait.ts';
import { programs } from './signatures/programs.ts';

/**
 * Sources: the reference texts and sources of each MTA; where an admin can change the words, the weight is lower. In a
 * greeting the name stands after the host's own, or a host called `postfix.example.com` would be one.
 */
export const portraits: Readonly<Record<ServerTitle, Portrait>> = { ...classic, ...others, ...programs, ...gateways };
