/** Something in a statement's words that makes it dear whatever indexes there are, and what does the same for less. */
export interface CostlyShape {
  readonly what: string;
  readonly instead: string;
}
