/** An id of the specification, as tests and catalogue entries carry it: "P4", "A42", "D8". */
export type SpecId =
  `${"S" | "T" | "M" | "P" | "D" | "A" | "F" | "V" | "C" | "H" | "K" | "L" | "Q"}${number}`;
