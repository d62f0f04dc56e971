import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { visible } from '../../model/visible.ts';

/**
 * A piece of the page as HTML. Escaped by the library; what is invisible goes through `visible()` here, and nowhere
 * else.
 */
export const render = (piece: VNode): string => visible(renderToString(piece));
