/**
 * Functions that only compute, and words of the language that stand before a parenthesis, of all engines. What is not
 * among them may be anybody's own and may do anything: commit elsewhere, send, write to other tables.
 * https://www.postgresql.org/docs/current/functions.html
 * https://dev.mysql.com/doc/refman/8.4/en/functions.html
 */
const harmless: ReadonlySet<string> = new Set(
  `abs all and any array array_agg array_length as avg between bigint by case cast ceil ceiling char char_length coalesce
  concat concat_ws convert count cross current_date current_timestamp date date_add date_format date_part date_sub
  date_trunc datediff day decimal distinct else exists extract false filter first_value floor from from_unixtime
  generate_series greatest group group_concat having hour if ifnull in int integer interval isnull join json_agg
  json_array json_build_object json_extract json_object json_unquote jsonb_agg jsonb_build_object lag last_value lateral
  lead least left length like limit lower ltrim max md5 min minute mod month not now ntile null nullif numeric offset on
  or order over partition power rank regexp_replace replace returning right round row row_number rows rtrim second select
  set sign split_part sqrt string_agg strpos substr substring sum then time timestamp to_char to_date to_timestamp trim
  true trunc truncate union unix_timestamp
  age array_to_json ascii chr clock_timestamp connection_id current_schema current_setting currval database decode encode
  exp format found_rows gen_random_uuid initcap jsonb_agg jsonb_build_array jsonb_object_agg jsonb_set last_insert_id
  lastval ln log lpad make_date make_interval nextval pg_backend_pid pg_typeof plainto_tsquery pow random repeat reverse
  row_count row_to_json rpad schema set_config statement_timestamp to_json to_jsonb to_tsquery to_tsvector
  transaction_timestamp txid_current user uuid version websearch_to_tsquery unnest upper using values varchar when where window with within year`.split(
    /\s+/,
  ),
);

/** Whether every function that the text calls is known to do nothing but compute. */
export function callsOnlyHarmless(text: string): boolean {
  const bare = text.replace(/'(?:[^']|'')*'/g, "''");
  // A name in quotes or of a schema is not one of these.
  if (/["`\].]\s*\(/.test(bare) || /[.]\s*["`]?[\w$]+["`]?\s*\(/.test(bare)) return false;
  return [...bare.matchAll(/([\p{L}_][\p{L}\p{N}_$]*)\s*\(/gu)].every(([, name = ""]) =>
    harmless.has(name.toLowerCase()),
  );
}
