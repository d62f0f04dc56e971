/** Pictures take their colours from the page. */
export const styleOfPictures = `
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 1.5rem; margin-top: 1rem; }
.pictures figure { break-inside: avoid; min-width: 0; }
.pictures figcaption { font-size: 0.875rem; }
.pictures figure > svg { display: block; width: 100%; max-width: 30rem; height: auto; margin-top: 0.25rem; }
.pictures .quote { font-size: 0.8rem; }
.legend { font-size: 0.875rem; color: var(--faint); margin-top: 1rem; max-width: 44rem; }
.legend span { white-space: nowrap; }
svg.key { width: 1.6rem; height: 0.8rem; vertical-align: -0.05rem; }
svg path { fill: none; }
svg .wait rect { fill: var(--raised); stroke: var(--rule); stroke-width: 0.5; } svg path.pause { fill: var(--raised); stroke: var(--rule); }
svg .axis { stroke: var(--faint); stroke-width: 1; }
svg .way { stroke: var(--faint); stroke-width: 0.75; }
svg .taken { stroke: var(--ink); stroke-width: 5; stroke-linecap: round; }
svg .refused { stroke: var(--bad); stroke-width: 2; }
svg .limit { stroke: var(--bad); stroke-width: 1.25; stroke-dasharray: 6 4; }
svg .slow { stroke: var(--doubt); stroke-width: 1.25; stroke-dasharray: 2 3; }
svg .tick { font: 11px ui-sans-serif, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif; fill: var(--faint); }
svg .limit-label { fill: var(--bad); font-weight: 700; } svg .slow-label { fill: var(--doubt); }`;
