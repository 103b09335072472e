/** A word, name, literal or sign of a MySQL statement, as the readers of statements pass it on. */
export interface MysqlToken {
  readonly text: string;
  /** In lower case when it is a bare word, empty otherwise. */
  readonly word: string;
  /** Parentheses around it. */
  readonly depth: number;
  /** Something blank is before it: "count (" is no call of count. */
  readonly spaced: boolean;
}
