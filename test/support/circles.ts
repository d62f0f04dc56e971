/** Groups of files each of which imports, by way of others, itself (Tarjan's strongly connected components). */
export function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const order = new Map<string, number>();
  const open: string[] = [];

  /** The first of the open files that `file` leads back to. */
  function visit(file: string): number {
    const number = order.size;
    order.set(file, number);
    open.push(file);
    let first = number;
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) first = Math.min(first, visit(next));
      else if (open.includes(next)) first = Math.min(first, order.get(next) ?? number);
    }
    if (first === number) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1 || imports.get(file)?.includes(file)) circles.push(group.sort());
    }
    return first;
  }

  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles;
}
