/** https://dev.mysql.com/doc/refman/8.4/en/integer-types.html */
const bits: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
};

/**
 * The last value that an INSERT can be given in a column of this type, such as "int(11) unsigned"; null for a type that
 * does not run out. Of BIGINT UNSIGNED the very last one is never given (error 1467).
 */
export function autoIncrementMaximum(columnType: string): bigint | null {
  const [name = ""] = /^\w+/.exec(columnType) ?? [];
  const size = bits[name];
  if (size === undefined) return null;
  if (!/\bunsigned\b/.test(columnType)) return 2n ** (size - 1n) - 1n;
  return 2n ** size - (size === 64n ? 2n : 1n);
}
