/**
 * PostgreSQL's functions that only compute, and words of the language that stand before a parenthesis. What is not
 * among them may be anybody's own and may do anything: commit elsewhere, send, write to other tables.
 * https://www.postgresql.org/docs/current/functions.html
 */
const harmless: ReadonlySet<string> = new Set(
  `abs age all and any array array_agg array_length array_to_json as ascii avg between bigint by case cast ceil
  ceiling char char_length chr clock_timestamp coalesce concat concat_ws conflict count cross current_date
  current_schema current_setting current_timestamp currval date date_part date_trunc decimal decode distinct do
  else encode exists exp extract false filter first_value floor format from gen_random_uuid generate_series
  greatest group having in initcap int integer interval join json_agg json_build_object json_object jsonb_agg
  jsonb_build_array jsonb_build_object jsonb_object_agg jsonb_set lag last_value lastval lateral lead least
  left length like limit ln lower lpad ltrim make_date make_interval max md5 min mod nextval not now ntile null
  nullif numeric offset on or order over partition pg_backend_pid pg_typeof plainto_tsquery pow power random
  rank regexp_replace repeat replace returning reverse right round row row_number row_to_json rows rpad rtrim
  select set set_config sign split_part sqrt statement_timestamp string_agg strpos substr substring sum then
  time timestamp to_char to_date to_json to_jsonb to_timestamp to_tsquery to_tsvector transaction_timestamp
  trim true trunc truncate txid_current union unnest upper using uuid values varchar version
  websearch_to_tsquery when where window with within`.split(/\s+/),
);

/** Whether every function that the text calls is known to do nothing but compute. */
export function callsOnlyHarmless(text: string): boolean {
  const bare = text
    .replace(/'(?:[^']|'')*'/g, "''")
    // The columns of what is inserted are no call.
    .replace(/\binto\s+(?:[\w$"]+\.)?[\w$"]+\s*\(/gi, "into values (");
  // A name in quotes or of a schema is not one of these.
  if (/["`\].]\s*\(/.test(bare) || /[.]\s*["`]?[\w$]+["`]?\s*\(/.test(bare)) return false;
  return [...bare.matchAll(/([\p{L}_][\p{L}\p{N}_$]*)\s*\(/gu)].every(([, name = ""]) =>
    harmless.has(name.toLowerCase()),
  );
}
