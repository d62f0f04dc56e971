/** A file, and how the user wrote its name, for messages. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}
