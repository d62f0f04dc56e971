/**
 * What Postfix takes where nothing is set, in its own notation; null where that depends on the host or on how Postfix
 * was built.
 */
export type Default = string | null;

/**
 * Defaults by parameter: one for all versions, or a list by the version since which it holds, oldest first (`['3.1',
 * '0']`; several versions with a blank between, where it was carried back to older series). What is not in the list's
 * first version did not exist before.
 */
export type DefaultTable = Readonly<Record<string, Default | readonly (readonly [since: string, value: Default])[]>>;
