/** What a command takes: the one description behind parsing, help, completion and the manual page. */
export interface Usage {
  /** As help writes them, such as `<target>...`. */
  readonly words: string;
  /** What the words are, unless they are free text. */
  readonly values?: Values;
  readonly about: string;
  readonly options: Options;
  /** Words behind the name of the command, and what they are for. */
  readonly examples: readonly (readonly [words: string, purpose: string])[];
  readonly epilogue?: string;
}

/** By name, without dashes. */
export type Options = Readonly<Record<string, Option>>;

export interface Option {
  /** How the value is written in help, such as `seconds`; without it the option takes none. */
  readonly value?: string;
  /** Unless it is free text. */
  readonly values?: Values;
  /** May be given several times, with several values. */
  readonly several?: true;
  readonly about: string;
  /** The heading that it stands under. */
  readonly group?: string;
}

/** What a word may be, for completion: one of these, a file, the id of a probe, or a policy (a built-in or a file). */
export type Values = readonly string[] | 'files' | 'probe ids' | 'policies';
