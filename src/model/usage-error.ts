/** Asked for what cannot be done. The message is one printable sentence: what is wrong and the way out. Exit code 3. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
