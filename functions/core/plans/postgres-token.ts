export interface PostgresToken {
  readonly text: string;
  /** In lower case when it is a bare word, empty otherwise. */
  readonly word: string;
  /** Parentheses around it, within the part that is looked at; those of a group count as outside it. */
  readonly depth: number;
}
