/** What the catalogue knows of one B-tree column. */
export interface BtreeColumn {
  /** Mean stored width of values that are not null, as in pg_stats.avg_width. */
  readonly widthBytes: number;
  readonly nullFraction: number;
  /** Distinct values that are not null; negative: a share of the rows, as in pg_stats.n_distinct. */
  readonly distinct: number;
  /** Where a value may begin: 1, 2, 4 or 8. Values of varying length are stored short, without alignment. */
  readonly alignBytes: number;
}

export interface BtreeIndex {
  readonly tuples: number;
  readonly fillFactor: number;
  /** Equal keys share one tuple: since 13, for indexes that are not unique and types whose equal values look alike. */
  readonly deduplicates: boolean;
  readonly columns: readonly BtreeColumn[];
  readonly blockBytes: number;
}

const align8 = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** https://www.postgresql.org/docs/current/storage-page-layout.html */
const pageHeaderBytes = 24;
const linePointerBytes = 4;
const tupleHeaderBytes = 8;
/** Null bitmap with its padding: MAXALIGN(8 + 4) - 8. */
const nullBitmapBytes = 8;
/** BTPageOpaqueData at the end of each page. */
const specialBytes = 16;
const tidBytes = 6;
/** Pages above the leaves are filled to 70 %, whatever the index says. */
const innerFill = 0.7;

/**
 * Pages that a REINDEX of this B-tree would need: tuples by their width, alignment and nulls, equal keys merged, page
 * header, special space, line pointers, a high key on each page, levels above the leaves, and the metapage.
 * https://www.postgresql.org/docs/current/btree.html#BTREE-IMPLEMENTATION
 */
export function rebuiltPages(index: BtreeIndex): number {
  if (index.tuples <= 0) return 1;
  const key = keyBytes(index.columns);
  const room = index.blockBytes - pageHeaderBytes - specialBytes;
  const kept = (index.blockBytes * (100 - index.fillFactor)) / 100;
  const leaf = leafTuples(index, key);
  // The last tuple of a page moves on to the next and leaves its key behind as the high key: with long posting lists
  // half of one is lost on each page.
  const leafRoom = room - kept - key - linePointerBytes - leaf.bytes / leaf.count / 2;
  let pages = Math.ceil(leaf.bytes / leafRoom);
  let all = pages;
  const perInner = Math.max(2, Math.floor((room * innerFill) / (key + linePointerBytes)));
  while (pages > 1) {
    pages = Math.ceil(pages / perInner);
    all += pages;
  }
  return all + 1;
}

interface Leaf {
  readonly count: number;
  readonly bytes: number;
}

/** Share of the index that a REINDEX would give back, 0 to 100. */
export function bloatPercent(pages: number, rebuilt: number): number {
  return pages <= 0 ? 0 : Math.max(0, Math.round((1 - rebuilt / pages) * 1000) / 10);
}

function keyBytes(columns: readonly BtreeColumn[]): number {
  let bytes = 0;
  let someNull = 0;
  for (const { widthBytes, nullFraction, alignBytes } of columns) {
    const at = Math.ceil(bytes / alignBytes) * alignBytes;
    bytes = at + widthBytes * (1 - nullFraction);
    someNull = 1 - (1 - someNull) * (1 - nullFraction);
  }
  const fixed = columns.every(({ nullFraction }) => nullFraction === 0);
  const padded = fixed ? align8(tupleHeaderBytes + bytes) : tupleHeaderBytes + align8(bytes);
  return padded + someNull * nullBitmapBytes;
}

/** All leaf tuples with their line pointers. */
function leafTuples({ tuples, deduplicates, columns, blockBytes }: BtreeIndex, key: number): Leaf {
  const single = key + linePointerBytes;
  const keys = distinctKeys(columns, tuples);
  const perKey = tuples / keys;
  if (!deduplicates || perKey <= 1) return { count: tuples, bytes: tuples * single };
  // A build makes posting lists of up to a tenth of a page.
  const perList = Math.max(2, Math.floor((blockBytes / 10 - linePointerBytes - key) / tidBytes));
  const postings = (rows: number): Leaf => {
    const count = Math.ceil(rows / perList);
    return { count, bytes: count * single + align8(Math.floor(rows) * tidBytes) };
  };
  if (perKey >= 2) {
    const each = postings(perKey);
    return { count: keys * each.count, bytes: keys * each.bytes };
  }
  // Between one and two rows a key some keys have a tuple of their own.
  const pairs = perKey - 1;
  return { count: keys, bytes: keys * ((1 - pairs) * single + pairs * postings(2).bytes) };
}

/** Columns are taken as independent: too many keys, so too many pages, so rather too little bloat than too much. */
function distinctKeys(columns: readonly BtreeColumn[], tuples: number): number {
  let keys = 1;
  for (const { distinct, nullFraction } of columns) {
    const values = distinct < 0 ? -distinct * tuples : distinct;
    keys = Math.min(tuples, keys * Math.max(1, values + (nullFraction > 0 ? 1 : 0)));
  }
  return Math.max(1, keys);
}
