import pLimit from 'p-limit';

/** Runs tasks side by side, at most `count` at once; the results stand in the order of the tasks. */
export async function sideBySide<Task, Result>(
  tasks: readonly Task[],
  count: number,
  run: (task: Task) => Promise<Result>,
): Promise<Result[]> {
  const limit = pLimit(Math.max(1, count));
  return await Promise.all(tasks.map((task) => limit(() => run(task))));
}
