/** What a metric shows out of its way. */
export const deviations = [
  "cpu",
  "reads",
  "writes",
  "memory",
  "connections",
  "space",
  /** Clients stay away. */
  "away",
  "lag",
  /** Sessions at a time, whatever they wait for. */
  "load",
] as const;
export type Deviation = (typeof deviations)[number];
