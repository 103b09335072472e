/** What people answer who are asked; left out, whoever starts it has agreed already. */
export interface Approver {
  readonly answers: "granted" | "declined" | "never";
  readonly afterMs: number;
}
