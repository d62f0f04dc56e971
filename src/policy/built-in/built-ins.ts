/** The policies that need no file: YAML with the reason of each rule, to be read, and to begin one's own with. */
export const builtIns: Readonly<Record<string, string>> = {};
