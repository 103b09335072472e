/** A table expression with one column n, the numbers 1 to 100 000 at most, that MySQL and MariaDB both understand. */
export function numbersTo(count: number): string {
  const digits =
    "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
  const places = [1, 10, 100, 1000, 10_000];
  const sum = places.map((place) => `t${place}.d * ${place}`).join(" + ");
  const from = places.map((place) => `${digits} t${place}`).join(", ");
  return `(SELECT 1 + ${sum} AS n FROM ${from} HAVING n <= ${count}) AS numbers`;
}
