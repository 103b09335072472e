/** https://www.postgresql.org/docs/current/explicit-locking.html, table "Conflicting Lock Modes", weakest first. */
const modes = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
] as const;

/** One line for each mode held, one mark for each mode wanted: x excludes. */
const matrix = [
  ".......x",
  "......xx",
  "....xxxx",
  "...xxxxx",
  "..xx.xxx",
  "..xxxxxx",
  ".xxxxxxx",
  "xxxxxxxx",
];

const places = new Map<string, number>(modes.map((mode, place) => [mode, place]));

/** Whether `wanted` must wait for `held`. Modes that block nobody (SIReadLock) never conflict. */
export function postgresModesConflict(held: string, wanted: string): boolean {
  const row = places.get(held);
  const column = places.get(wanted);
  return row !== undefined && column !== undefined && matrix[row]?.[column] === "x";
}
