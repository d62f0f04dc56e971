import { dirname, relative } from 'node:path';
import type { Reporter } from 'vitest/node';

type Kind = 'lines' | 'branches' | 'functions';
type Counted = Readonly<Record<Kind, { readonly total: number; readonly covered: number }>>;

/** What istanbul hands over, as far as it is read here. */
interface CoverageMap {
  files(): string[];
  fileCoverageFor(file: string): { toSummary(): { readonly data: Counted } };
}

const kinds: readonly Kind[] = ['lines', 'branches', 'functions'];

/** `npm run coverage`: a line a folder, the least covered first. File by file it is in `coverage/index.html`. */
export default class CoverageByFolder implements Reporter {
  onCoverage(coverage: unknown): void {
    const map = coverage as CoverageMap;
    const folders = new Map<string, Counted[]>();
    for (const file of map.files()) {
      const folder = relative('.', dirname(file));
      folders.set(folder, [...(folders.get(folder) ?? []), map.fileCoverageFor(file).toSummary().data]);
    }
    const rows = [...folders].map(([folder, files]) => ({ folder, shares: kinds.map((kind) => shareOf(files, kind)) }));
    const all = kinds.map((kind) => shareOf([...folders.values()].flat(), kind));
    console.log(line('folder', kinds));
    for (const { folder, shares } of rows.sort((a, b) => (a.shares[0] ?? 0) - (b.shares[0] ?? 0)))
      console.log(line(folder, shares.map(percent)));
    console.log(line('all', all.map(percent)));
  }
}

function shareOf(files: readonly Counted[], kind: Kind): number {
  const sum = (part: 'total' | 'covered') => files.reduce((total, file) => total + file[kind][part], 0);
  return sum('total') === 0 ? 1 : sum('covered') / sum('total');
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const line = (folder: string, cells: readonly string[]): string =>
  folder.padEnd(26) + cells.map((cell) => cell.padStart(11)).join('');
