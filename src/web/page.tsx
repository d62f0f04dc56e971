import type { Context } from 'hono';
import type { ComponentChildren, VNode } from 'preact';
import { visible } from '../model/visible.ts';
import { render } from '../report/html/render.ts';
import { style } from './style.ts';

interface Shown {
  readonly title: string;
  /** Which of the pages it is, or belongs to. */
  readonly here?: 'monitors' | 'incidents';
  /** Whether it leads anywhere: not where anybody may see it. */
  readonly isOpen?: boolean;
  readonly children: ComponentChildren;
}

const places = [
  ['monitors', '/', 'Monitors'],
  ['incidents', '/i', 'Incidents'],
] as const;

/** What every page has: a way past the links, the links, and one main part. */
export const Page = ({ title, here, isOpen = false, children }: Shown) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>{`${title} – mxprobe`}</title>
      <link rel="icon" type="image/svg+xml" href="/icon.svg" />
      {!isOpen && <link rel="alternate" type="application/atom+xml" title="Incidents" href="/feed.atom" />}
      <style>{style}</style>
    </head>
    <body>
      <a class="skip" href="#main">
        Skip to content
      </a>
      {!isOpen && (
        <nav class="bar" aria-label="Pages">
          <ul>
            {places.map(([name, href, text]) => (
              <li>
                <a href={href} {...(name === here ? { 'aria-current': 'page' as const } : {})}>
                  {text}
                </a>
              </li>
            ))}
          </ul>
          <span class="tool">mxprobe monitor</span>
        </nav>
      )}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </body>
  </html>
);

/** Answers with a page. */
export const htmlOf = (c: Context, page: VNode, status: 200 | 400 | 403 | 404 | 500 | 503 = 200) =>
  c.html(`<!doctype html>\n${render(page)}\n`, status);

/** A page that says one thing. */
export const Note = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <Page title={title}>
    <h1>{title}</h1>
    <p class="gist">{visible(text)}</p>
    <p class="more">
      <a href="/">All monitors</a>
    </p>
  </Page>
);
