/** One column in the order it is stored. Statistics are null when they do not exist or may not be read. */
export interface ColumnWidth {
  /** pg_attribute.attlen: bytes, or negative for a type of varying length. */
  readonly length: number;
  /** pg_attribute.attalign: c 1, s 2, i 4, d 8. */
  readonly align: string;
  readonly nullFraction: number | null;
  /** pg_stats.avg_width: what values that are not null take on the page, header included. */
  readonly averageWidth: number | null;
}

export interface TableSize {
  readonly pages: number;
  /** Live rows when `pages` was counted; negative when the table was never vacuumed or analyzed. */
  readonly rows: number;
  readonly fillfactor: number;
  readonly blockSize: number;
  readonly columns: readonly ColumnWidth[];
}

export type BloatEstimate =
  | {
      readonly kind: "estimated";
      readonly bytes: number;
      /** Of the table's main fork. */
      readonly percent: number;
      /** `types`: widths from the column types alone, with no column null; the truth is then at least as much. */
      readonly basis: "statistics" | "types";
    }
  | { readonly kind: "unavailable"; readonly because: "never-analyzed" | "no-column-statistics" };

const pageHeader = 24;
const rowPointer = 4;
const rowHeader = 23;
const aligned = (bytes: number, to = 8): number => Math.ceil(bytes / to) * to;

/**
 * The pages that these rows would take if they were written anew, against those that the table has. Layout:
 * https://www.postgresql.org/docs/current/storage-page-layout.html. As of the last vacuum or analyze, TOAST not
 * counted; within 10 percentage points of pgstattuple's dead and free space (test/engines/postgres).
 */
export function estimateBloat(table: TableSize): BloatEstimate {
  const { pages, rows, fillfactor, blockSize, columns } = table;
  if (rows < 0 || pages <= 0) return { kind: "unavailable", because: "never-analyzed" };
  if (columns.some(({ length, averageWidth }) => length <= 0 && averageWidth === null)) {
    return { kind: "unavailable", because: "no-column-statistics" };
  }
  const usable = blockSize - pageHeader - Math.floor((blockSize * (100 - fillfactor)) / 100);
  const rowsPerPage = Math.max(1, Math.floor(usable / (rowWidth(columns) + rowPointer)));
  const extra = Math.max(0, pages - Math.ceil(rows / rowsPerPage));
  const basis = columns.every(({ averageWidth }) => averageWidth !== null) ? "statistics" : "types";
  return { kind: "estimated", bytes: extra * blockSize, percent: (100 * extra) / pages, basis };
}

const alignments: Readonly<Record<string, number>> = { c: 1, s: 2, i: 4, d: 8 };

/** Short values of varying length have a header of one byte and are not aligned. */
const longestShortValue = 127;

/**
 * Average bytes of a row with its header. As long as every column so far has one width, offsets are exact; after
 * that only the average padding in front of an aligned column can be known.
 */
function rowWidth(columns: readonly ColumnWidth[]): number {
  const nullable = columns.some(({ nullFraction }) => (nullFraction ?? 0) > 0);
  const header = aligned(rowHeader + (nullable ? Math.ceil(columns.length / 8) : 0));
  let data = 0;
  let exact = true;
  for (const column of columns) {
    const filled = 1 - (column.nullFraction ?? 0);
    const width = column.length > 0 ? column.length : (column.averageWidth ?? 0);
    const align = column.length > 0 || width > longestShortValue ? (alignments[column.align] ?? 1) : 1;
    const padding = exact ? aligned(data, align) - data : (align - 1) / 2;
    data += filled * (padding + width);
    exact &&= column.length > 0 && filled === 1;
  }
  return header + (exact ? aligned(data) : data + 3.5);
}
